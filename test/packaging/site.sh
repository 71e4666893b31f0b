# SPDX-License-Identifier: MIT
#
# The web site of "make html": every link and picture leads somewhere, also
# within a page, every page can be searched for, and every task has a page.
srcdir=$SOURCE
. "$SOURCE/test/rules.sh"
: "${MANDOC:=mandoc}"
need "$MANDOC"
site=$WORK/site
MANDOC=$MANDOC sh "$srcdir/doc/pages_html" "$srcdir/doc" "$site" >/dev/null ||
    complain "pages_html has failed"

# A record is a tag.  To the identifiers of a page belong those of its
# headings.  Addresses with a colon are not of this site.
(cd "$site" && awk -v RS='<' '
function attribute(name,   text) {
	if (!match($0, "[ \n]" name "=\"[^\"]*\""))
		return ""
	text = substr($0, RSTART + length(name) + 3)
	return substr(text, 1, index(text, "\"") - 1)
}
FNR == 1 { there[FILENAME] = 1 }
FILENAME !~ /html$/ { next }
{
	sub(/>.*/, "")
	if ((id = attribute("id")) != "")
		there[FILENAME "#" id] = 1
	target = attribute("href")
	if (target == "")
		target = attribute("src")
	if (/http-equiv="refresh"/ && match($0, /url=[^"]*/))
		target = substr($0, RSTART + 4, RLENGTH - 4)
	if (target == "" || target ~ /:/)
		next
	if (target ~ /^#/)
		target = FILENAME target
	from[target] = FILENAME
}
END {
	for (target in from)
		if (!(target in there))
			print from[target] ": " target " is not there"
}' *.html pages.css search.js index.js *.svg) \
    >"$scratch/broken"
[ ! -s "$scratch/broken" ] || complain "$(cat "$scratch/broken")"

if grep -l "$(printf '[\001-\010\016-\037]')" "$site"/*.html; then
	complain "these have control characters"
fi

# What the index and the search know.
for page in "$site"/*.html; do
	page=${page##*/}
	grep -q 'http-equiv="refresh"' "$site/$page" ||
	    [ "$page" = index.html ] ||
	    grep -q "^\[\"$page\"," "$site/index.js" ||
	    complain "$page cannot be searched for"
done
for page in "$srcdir"/doc/*.[37]; do
	grep -q "href=\"${page##*/}.html" "$site/index.html" ||
	    complain "${page##*/} is not in the index"
done
for heading in 'Start here' 'The set' Sockets Addresses Options Wake-ups \
    Windows; do
	grep -q "<h2>$heading" "$site/index.html" ||
	    complain "the index has no heading $heading"
done
# Highlighted, and no tag where text is wanted.
grep -q '<span class="k">' "$site/examples-quick_start.c.html" ||
    complain "quick_start.c is not highlighted"
for file in "$srcdir"/doc/examples/*.c "$srcdir"/doc/recipes/*.c; do
	name=${file%/*} name=${name##*/}-${file##*/}
	sed -n '/^<pre>/,/<\/pre>$/p' "$site/$name.html" |
	    sed -e 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g' |
	    sed -e 's/&quot;/"/g; s/&amp;/\&/g' |
	    sed -e '${/^$/d;}' | cmp -s - "$file" ||
	    complain "$name.html is not the text of $file"
done
finish
