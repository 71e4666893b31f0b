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

# Median against column x of one benchmark, for one library.
pick(b, f, l, kk) = sprintf("< awk -F, '$1 == \"%s\" && $5 == \"%s\" && $4 == \"%s\" && (\"%s\" == \"\" || $3 == \"%s\") { print $2 \",\" $6 \",\" $7 \",\" $8 }' %s | sort -t, -n", b, f, l, kk, kk, results)
epoll = "raw cmio mio polling libev libuv libevent"
all = epoll." cmio-poll libev-poll libevent-poll"

set xlabel "descriptors ready at each wait (K)"
set ylabel "ns of CPU an event"
set output dir."/dispatch.svg"
plot for [l in all] pick("dispatch", "cpu_ns", l, "") using 1:($2/$1):($3/$1):($4/$1) title l with yerrorlines

set ylabel "instructions an event above raw epoll's loop"
set ylabel "user instructions an event"
set output dir."/dispatch-instructions.svg"
plot for [l in epoll] pick("dispatch", "instructions", l, "") using 1:($2/$1) title l

set xlabel "descriptors registered (N), 10 of them active"
set ylabel "ns of CPU an event"
set output dir."/chain.svg"
plot for [l in epoll] pick("chain", "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines

set output dir."/chain-poll.svg"
set logscale y
plot for [l in "raw cmio cmio-poll libev-poll libevent-poll"] pick("chain", "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines
unset logscale y

set ylabel "user instructions an event"
set output dir."/chain-instructions.svg"
plot for [l in epoll] pick("chain", "instructions", l, "") using 1:2 title l

set xlabel "connections (N)"
set ylabel "messages a CPU second of the server"
do for [size in "64 4096"] {
	set output dir."/echo-".size.".svg"
	plot for [l in epoll] pick("echo", "cpu_ns", l, size) using 1:(1e9/$2):(1e9/$4):(1e9/$3) title l with yerrorlines
	set ylabel "p99 of the answers, microseconds"
	set output dir."/echo-".size."-p99.svg"
	plot for [l in epoll] pick("echo", "p99", l, size) using 1:($2/1000):($3/1000):($4/1000) title l with yerrorlines
	set ylabel "messages a CPU second of the server"
}

set xlabel "descriptors (N)"
set ylabel "ns of CPU a descriptor"
do for [b in "add change remove"] {
	set output dir."/".b.".svg"
	plot for [l in epoll] pick(b, "cpu_ns", l, "") using 1:2:3:4 title l with yerrorlines
}
