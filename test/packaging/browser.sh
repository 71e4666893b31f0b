# SPDX-License-Identifier: MIT
#
# The web site in a browser: every page opens with its search field, and the
# search finds.
command -v chromium >/dev/null 2>&1 || exit 77
command -v "${MANDOC:=mandoc}" >/dev/null 2>&1 || exit 77
MANDOC=$MANDOC "${SHELL:-/bin/sh}" "$SOURCE/doc/pages_html" "$SOURCE/doc" \
    "$WORK/site" || exit

# dom ADDRESS: the page as it is when its scripts have run
dom() {
	timeout 60 chromium --headless --no-sandbox --disable-gpu --dump-dom \
	    --user-data-dir="$WORK/profile" "file://$WORK/site/$1" \
	    2>chromium.log
}

opened=0
for page in site/*.html; do
	grep -q 'http-equiv="refresh"' "$page" && continue
	dom "${page##*/}" | grep -q '<input type="search"' || {
		echo "$page has no search field"
		exit 1
	}
	opened=$((opened + 1))
done
echo "$opened pages were opened"
[ $opened -gt 50 ] || exit 1

dom 'index.html?q=linger' | tr '\n' ' ' |
    grep -q '"results"><li><a href="cmio_set_nodelay.3.html#cmio_set_l' || {
	echo "the search does not find linger"
	exit 1
}
dom 'index.html?q=no+such+wording' | grep -q 'Nothing has all of these' || {
	echo "the search finds what is not there"
	exit 1
}
