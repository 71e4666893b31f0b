# SPDX-License-Identifier: MIT
#
# From raw.txt to results.csv: medians and quartiles, as they are and as
# ratios to raw epoll in the same round; and the lowest decile, which other
# work on the machine has touched least, as a ratio to raw epoll's.

function note(figure, value) {
	key = benchmark "," n "," k "," library "," figure
	if (!(key in count))
		keys[++nkeys] = key
	count[key]++
	values[key, count[key]] = value
	rounds[key, count[key]] = round
	if (library == "raw") {
		sum[benchmark, n, k, figure, round] += value
		parts[benchmark, n, k, figure, round]++
	}
}

# The named values of the rest of the line.
function note_all(from,    i, ops) {
	for (i = from; i < NF; i += 2)
		if ($i == "ops")
			ops = $(i + 1)
	for (i = from; i < NF; i += 2) {
		if ($i == "cpu" || $i == "wall")
			note($i "_ns", $(i + 1) / ops)
		else if ($i == "allocs" || $i ~ /^p[0-9]/ || $i == "sleeps" ||
		    $i == "loop" || $i == "waker" || $i == "each" ||
		    $i == "callers" || $i == "turns")
			note($i, $(i + 1))
	}
}

{ library = $2; benchmark = $3; n = $4; k = $5 }
$1 == "exact" { round = "exact"; note($6, $7) }
$1 == "once" { round = "once"; note_all(6) }
$1 == "time" { round = $6; note_all(7) }

function sort(a, n,    i, j, t) {
	for (i = 2; i <= n; i++) {
		t = a[i]
		for (j = i - 1; j > 0 && a[j] > t; j--)
			a[j + 1] = a[j]
		a[j + 1] = t
	}
}

# The quantile p of n sorted values, between two of them where it falls so.
function quantile(a, n, p,    at, i) {
	at = 1 + (n - 1) * p
	i = int(at)
	return i == n ? a[n] : a[i] + (at - i) * (a[i + 1] - a[i])
}

function three(a, n) {
	sort(a, n)
	return sprintf("%.5g,%.5g,%.5g", quantile(a, n, 0.5),
	    quantile(a, n, 0.25), quantile(a, n, 0.75))
}

# That of the key's sorted values.  raw comes before the others.
function decile(part, n,    value, group) {
	group = part[1] SUBSEP part[2] SUBSEP part[3] SUBSEP part[5]
	value = quantile(all, n, 0.1)
	if (part[4] == "raw")
		lowest[group] = value
	return lowest[group] > 0 ? sprintf("%.3f", value / lowest[group]) : ""
}

END {
	print "benchmark,n,k,library,figure,median,q1,q3,ratio,ratio_q1,ratio_q3,runs,ratio_lowest"
	for (i = 1; i <= nkeys; i++) {
		key = keys[i]
		split(key, part, ",")
		m = 0
		for (j = 1; j <= count[key]; j++) {
			all[j] = values[key, j]
			at = part[1] SUBSEP part[2] SUBSEP part[3] SUBSEP \
			    part[5] SUBSEP rounds[key, j]
			if (part[4] != "raw" && at in sum && sum[at] > 0)
				ratio[++m] = all[j] / (sum[at] / parts[at])
		}
		line = key "," three(all, count[key])
		if (part[4] == "raw")
			line = line ",1,1,1"
		else if (m > 0)
			line = line "," three(ratio, m)
		else
			line = line ",,,"
		print line "," count[key] "," decile(part, count[key])
	}
}
