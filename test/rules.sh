# SPDX-License-Identifier: MIT
# Shared by the tests of rules, which run in the build's top directory.

srcdir=${srcdir:-.}
NM=${NM:-nm}
CC=${CC:-cc}
failed=0
scratch=$(mktemp -d "${TMPDIR:-/tmp}/cmio-rule.XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
LC_ALL=C
export LC_ALL

skip() {
	echo "skipped: $*"
	exit 77
}

complain() {
	printf '%s\n' "$@"
	failed=1
}

finish() {
	exit $failed
}

# need TOOL: skips the test if the tool is not installed.
need() {
	case $1 in
	nm) tool=$NM ;;
	*) tool=$1 ;;
	esac
	command -v "${tool%% *}" >/dev/null 2>&1 || skip "no $1"
}

# shared_library NAME: prints its path, or fails.
shared_library() {
	for suffix in so dylib; do
		if [ -f ".libs/$1.$suffix" ]; then
			echo ".libs/$1.$suffix"
			return 0
		fi
	done
	return 1
}

# Names as in the source: without versions and Mach-O's underscore.
plain_names() {
	sed -e 's/@.*//' -e 's/^_\(cmio_\)/\1/' | sort -u
}

# exported LIBRARY: what it exports, without the names of the linker and of
# versions.
exported() {
	case $1 in
	*.dylib) $NM -gU "$1" ;;
	*) $NM -D "$1" ;;
	esac | awk 'NF > 1 && $(NF - 1) ~ /^[BCDRSTVWi]$/ { print $NF }' |
	    plain_names |
	    sed -e '/^_init$/d' -e '/^_fini$/d' -e '/^__bss_start$/d' \
		-e '/^_edata$/d' -e '/^_end$/d' -e '/^__end$/d' \
		-e '/^__gnu_/d' -e '/^__gcov/d' -e '/^__llvm/d' \
		-e '/^mangle_path$/d'
}
