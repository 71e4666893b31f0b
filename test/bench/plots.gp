# SPDX-License-Identifier: MIT
#
# The plots, of results.csv.  Called with results and dir set.
set terminal svg size 720,420 font "sans,12" background "white"
set datafile separator comma
set key outside right
set logscale x
set grid ytics
set style data linespoints
set pointsize 0.6

# x is N; then median and quartiles of a figure of a benchmark for a library
# (and for one K, where that is given).
rows(b, f, l, k) = sprintf("< awk -F, '$1 == \"%s\" && $5 == \"%s\" && $4 == \"%s\" && (\"%s\" == \"\" || $3 == \"%s\") { print $2 \",\" $6 \",\" $7 \",\" $8 }' %s | sort -t, -n", b, f, l, k, k, results)
have(b, f) = int(system(sprintf("grep -c '^%s,.*,%s,' %s || true", b, f, results)))
epoll = "raw cmio mio polling libev libuv libevent"
all = epoll." cmio-poll libev-poll libevent-poll"

set xlabel "descriptors ready at each wait (K)"
set ylabel "ns of CPU an event"
set output dir."/dispatch.svg"
if (have("dispatch", "cpu_ns")) { plot for [l in epoll] rows("dispatch", "cpu_ns", l, "") using 1:($2/$1):($3/$1):($4/$1) title l with yerrorlines }

set ylabel "user instructions an event"
set output dir."/dispatch-instructions.svg"
if (have("dispatch", "instructions")) { plot for [l in epoll] rows("dispatch", "instructions", l, "") using 1:($2/$1) title l }

set xlabel "descriptors registered (N), 10 of them active"
set ylabel "ns of CPU an event"
set output dir."/chain.svg"
if (have("chain", "cpu_ns")) { plot for [l in epoll] rows("chain", "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines }

set logscale y
set output dir."/chain-poll.svg"
if (have("chain", "cpu_ns")) { plot for [l in "raw cmio cmio-poll libev-poll libevent-poll"] rows("chain", "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines }
unset logscale y

set ylabel "user instructions an event"
set output dir."/chain-instructions.svg"
if (have("chain", "instructions")) { plot for [l in epoll] rows("chain", "instructions", l, "") using 1:2 title l }

set xlabel "connections (N)"
do for [size in "64 4096"] {
	set ylabel "messages a CPU second of the server"
	set output dir."/echo-".size.".svg"
	if (have("echo", "cpu_ns")) { plot for [l in epoll] rows("echo", "cpu_ns", l, size) using 1:(1e9/$2):(1e9/$4):(1e9/$3) title l with yerrorlines }
	set ylabel "p99 of the answers, microseconds"
	set output dir."/echo-".size."-p99.svg"
	set logscale y
	if (have("echo", "p99")) { plot for [l in epoll] rows("echo", "p99", l, size) using 1:($2/1000):($3/1000):($4/1000) title l with yerrorlines }
	unset logscale y
}

# x is the batch, for the number of peers.
batches(b, l, n) = sprintf("< awk -F, '$1 == \"%s\" && $5 == \"cpu_ns\" && $4 == \"%s\" && $2 == \"%s\" { print $3 \",\" $6 \",\" $7 \",\" $8 }' %s | sort -t, -n", b, l, n, results)
set xlabel "datagrams in a batch"
set ylabel "ns of CPU a datagram"
set logscale y
do for [v in "4 6"] {
	do for [n in "1 16"] {
		set output dir."/udp".v."-".n.".svg"
		if (have("udp_send".v, "cpu_ns")) { plot for [b in "send recv"] for [l in "raw cmio quinn plain"] batches("udp_".b.v, l, n) using 1:2:3:4 title b." ".l with yerrorlines }
	}
}
unset logscale y

set xlabel "descriptors (N)"
set ylabel "ns of CPU a descriptor"
do for [b in "add change remove"] {
	set output dir."/".b.".svg"
	if (have(b, "cpu_ns")) { plot for [l in epoll] rows(b, "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines }
}
