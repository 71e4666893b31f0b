#!/bin/sh
# SPDX-License-Identifier: MIT
# cmio_cffi.py, with the shared library of this build.
. "${srcdir:-.}/test/with/with.inc"
python=${PYTHON3:-python3}
need "$python"
"$python" -c 'import cffi' 2>/dev/null || skip "no Python with cffi"
library=$(shared_library libcmio) || skip "no shared library in this build"
"$python" -c 'import cffi, sys; cffi.FFI().dlopen(sys.argv[1])' \
    "$PWD/$library" 2>/dev/null ||
    skip "the library is not one that this Python loads"
"$python" "$examples/cmio_cffi.py" "$PWD/$library" >"$scratch/said" &&
    [ "$(tr '\n' ' ' <"$scratch/said")" = "one two three " ] ||
    complain "cmio_cffi.py:" "$(cat "$scratch/said")"
finish
