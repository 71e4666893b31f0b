# SPDX-License-Identifier: MIT
#
# From results.csv to a table that people read: a row for each figure, a
# column for each library; where there is a ratio to raw epoll, that, with
# half of its interquartile range.  Below it the same for the lowest deciles.
BEGIN { FS = "," }
NR == 1 { next }
function put(row, text) {
	if (!(row in seen)) { seen[row] = 1; rows[++nrows] = row }
	cell[row, $4] = text
}
{
	row = $1 " " $2 " " $3 " " $5
	if (!($4 in known)) { known[$4] = 1; libraries[++nlibraries] = $4 }
	if ($4 == "raw" || $9 == "" || $5 == "calls" ||
	    $5 == "instructions" || $5 == "allocs" || $5 == "sleeps")
		put(row, sprintf("%.5g", $6))
	else
		put(row, sprintf("%.3f +-%.3f", $9, ($11 - $10) / 2))
	if ($5 == "cpu_ns" && $12 > 1)
		low[row, $4] = $13
}
function table(title, what,    i, j, any, line, at, text) {
	printf "%-36s", title
	for (j = 1; j <= nlibraries; j++)
		printf "%15s", libraries[j]
	print ""
	for (i = 1; i <= nrows; i++) {
		any = 0
		line = sprintf("%-36s", rows[i])
		for (j = 1; j <= nlibraries; j++) {
			at = rows[i] SUBSEP libraries[j]
			text = what == "low" ? low[at] : cell[at]
			if (text != "")
				any = 1
			line = line sprintf("%15s", text)
		}
		if (any)
			print line
	}
}
END {
	table("benchmark n k figure", "all")
	print ""
	table("lowest deciles, ratios", "low")
}
