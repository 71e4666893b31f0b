# SPDX-License-Identifier: MIT
#
# 500 clients at a time of the example under OpenSSL.
cd "$BUILD" || exit 1
srcdir=$SOURCE CMIO_CLIENTS=500 "${SHELL:-/bin/sh}" "$SOURCE/test/with/tls.sh"
