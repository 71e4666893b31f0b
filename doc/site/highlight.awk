# SPDX-License-Identifier: MIT
#
# Marks comments, strings, words of C and names with a page, in HTML whose text
# is escaped already: in each <pre> that has C in it.  NAMES is a file of lines
# "NAME PAGE"; LANGUAGE py is for Python.
BEGIN {
	while ((getline line <names) > 0) {
		split(line, pair, " ")
		page[pair[1]] = pair[2]
	}
	n = split("auto break case char const continue default do double " \
	    "else enum extern float for goto if inline int long return " \
	    "short signed sizeof static struct switch typedef union " \
	    "unsigned void volatile while bool class namespace private " \
	    "public explicit noexcept try catch throw template using " \
	    "auto new delete this nullptr", list, " ")
	if (language == "py")
		n = split("and as assert break class continue def del elif " \
		    "else except finally for from global if import in is " \
		    "lambda not or pass raise return try while with yield " \
		    "None True False", list, " ")
	for (i = 1; i <= n; i++)
		keyword[list[i]] = 1
}

function mark(class, text) {
	return "<span class=\"" class "\">" text "</span>"
}

# The length of the string that begins S, with its quotes.
function string_length(s, quote,   at, i) {
	at = length(quote) + 1
	while ((i = index(substr(s, at), quote)) > 0) {
		at += i - 1 + length(quote)
		if (substr(s, at - length(quote) - 1, 1) != "\\" ||
		    substr(s, at - length(quote) - 2, 2) == "\\\\")
			return at - 1
	}
	return length(s)
}

function word(text) {
	if (text in keyword)
		return mark("k", text)
	if (text in page)
		return "<a href=\"" page[text] "\">" text "</a>"
	return text
}

function colour(s,   out, n, close_at) {
	out = ""
	if (language != "py" && match(s, /^[ \t]*#[a-z]+/)) {
		out = mark("p", substr(s, 1, RLENGTH))
		s = substr(s, RLENGTH + 1)
	}
	while (s != "") {
		n = 1
		if (comment) {
			n = index(s, comment)
			if (n) {
				n += length(comment) - 1
				comment = ""
			} else
				n = length(s)
			out = out mark("c", substr(s, 1, n))
		} else if (language != "py" && s ~ /^\/\*/) {
			close_at = index(substr(s, 3), "*/")
			n = close_at ? close_at + 3 : length(s)
			if (!close_at)
				comment = "*/"
			out = out mark("c", substr(s, 1, n))
		} else if (language == "py" && s ~ /^#/) {
			n = length(s)
			out = out mark("c", s)
		} else if (language == "py" && s ~ /^&quot;&quot;&quot;/) {
			close_at = index(substr(s, 19), "&quot;&quot;&quot;")
			n = close_at ? close_at + 35 : length(s)
			if (!close_at)
				comment = "&quot;&quot;&quot;"
			out = out mark("c", substr(s, 1, n))
		} else if (s ~ /^&quot;/) {
			n = string_length(s, "&quot;")
			out = out mark("s", substr(s, 1, n))
		} else if (s ~ /^'/) {
			n = string_length(s, "'")
			out = out mark("s", substr(s, 1, n))
		} else if (match(s, /^[A-Za-z_][A-Za-z0-9_]*/)) {
			n = RLENGTH
			out = out word(substr(s, 1, n))
		} else if (match(s, /^&[a-z#0-9]+;/) || match(s, /^<[^>]*>/) ||
		    match(s, /^[^A-Za-z_&<\/'#]+/)) {
			n = RLENGTH
			out = out substr(s, 1, n)
		} else
			out = out substr(s, 1, 1)
		s = substr(s, n + 1)
	}
	return out
}

function flush_block(   i) {
	for (i = 1; i <= lines; i++)
		print is_c ? colour(block[i]) : block[i]
	lines = 0
}

/<pre>/ { inside = 1; is_c = language == "py"; comment = "" }
!inside { print; next }
{
	block[++lines] = $0
	if ($0 ~ /#include|;$|\/\* /)
		is_c = 1
}
/<\/pre>/ { inside = 0; flush_block() }
