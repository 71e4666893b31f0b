# SPDX-License-Identifier: MIT
#
# From results.csv to a table that people read: a row for each figure, a
# column for each library; where there is a ratio to raw epoll, that, with
# half of its interquartile range.
BEGIN { FS = "," }
NR == 1 { next }
{
	row = $1 " " $2 " " $3 " " $5
	if (!(row in seen)) { seen[row] = 1; rows[++nrows] = row }
	if (!($4 in known)) { known[$4] = 1; libraries[++nlibraries] = $4 }
	if ($4 == "raw" || $9 == "" || $5 == "calls" ||
	    $5 == "instructions" || $5 == "allocs" || $5 == "sleeps")
		cell[row, $4] = sprintf("%.5g", $6)
	else
		cell[row, $4] = sprintf("%.3f +-%.3f", $9, ($11 - $10) / 2)
}
END {
	printf "%-36s", "benchmark n k figure"
	for (j = 1; j <= nlibraries; j++)
		printf "%15s", libraries[j]
	print ""
	for (i = 1; i <= nrows; i++) {
		printf "%-36s", rows[i]
		for (j = 1; j <= nlibraries; j++)
			printf "%15s", cell[rows[i], libraries[j]]
		print ""
	}
}
