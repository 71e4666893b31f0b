#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs the benchmarks: see doc/PERFORMANCE.
#
# usage: bench.sh [rust] [exact] [times] [report]
#
# Runs in the build directory.  The measurements are appended to
# $BENCH_DIR/raw.txt.  The report is made from that: results.csv, table.txt
# and the plots.  BENCH_ROUNDS is how often each timed benchmark runs (9);
# BENCH_ONLY and BENCH_LIBRARIES are patterns that select what is run.
set -u

here=$(dirname "$0")
programs=${BENCH_PROGRAMS:-test/bench}
dir=${BENCH_DIR:-bench-results}
rounds=${BENCH_ROUNDS:-9}
only=${BENCH_ONLY:-*}
which=${BENCH_LIBRARIES:-*}
BENCH_LOAD=$PWD/$programs/load
export BENCH_LOAD
mkdir -p "$dir"
raw=$dir/raw.txt

# The libraries: name, program, variant, and the set that it is in.
libraries() {
	while read -r name program variant set; do
		case $name in $which) ;; *) continue ;; esac
		[ -x "$programs/$program" ] &&
		    echo "$name $program $variant $set"
	done <<-end
		raw		bench_raw	-	epoll
		cmio		bench_cmio	epoll	epoll
		cmio-kqueue	bench_cmio	kqueue	epoll
		libev		bench_libev	epoll	epoll
		libuv		bench_libuv	-	epoll
		libevent	bench_libevent	epoll	epoll
		mio		bench_mio	-	epoll
		polling		bench_polling	-	epoll
		cmio-poll	bench_cmio	poll	poll
		libev-poll	bench_libev	poll	poll
		libevent-poll	bench_libevent	poll	poll
		raw		bench_udp	raw	udp
		cmio		bench_udp	cmio	udp
		plain		bench_udp	plain	udp
		quinn		bench_quinn	-	udp
	end
}

# What is timed: benchmark, n, k, count, and the sets.
timed() {
	cat <<-end
		dispatch	1	1	50000	epoll,poll
		dispatch	4	4	30000	epoll,poll
		dispatch	16	16	15000	epoll,poll
		dispatch	64	64	5000	epoll,poll
		dispatch	256	256	1500	epoll,poll
		dispatch_waker	1	1	50000	epoll
		dispatch_waker	16	16	15000	epoll
		dispatch	1024	1024	400	epoll,poll
		chain	100	10	40000	epoll,poll
		chain	300	10	40000	epoll,poll
		chain	1000	10	40000	epoll,poll
		chain	10000	10	40000	epoll
		chain	100000	10	40000	epoll
		pingpong	2	64	5000	epoll,poll
		echo	1	64	4000	epoll
		echo	100	64	10000	epoll
		echo	1000	64	10000	epoll
		echo	1	4096	4000	epoll
		echo	100	4096	10000	epoll
		echo	1000	4096	10000	epoll
		udp	128	64	150	epoll
		connections	64	0	20	epoll
		connections	64	1	20	epoll
		add	100	0	200	epoll
		add	1000	0	20	epoll
		add	10000	0	2	epoll
		change	100	0	200	epoll
		change	1000	0	20	epoll
		change	10000	0	2	epoll
		remove	100	0	200	epoll
		remove	1000	0	20	epoll
		remove	10000	0	2	epoll
		wake_busy	1000	0	200	epoll,poll
		wake_trip	1	0	2000	epoll
		create	0	0	3000	epoll
		create	0	1	2000	epoll
		sleep	0	50000	100	epoll
		sleep	0	250000	50	epoll
	end
	datagrams | while read -r benchmark n k; do
		echo "$benchmark $n $k $((20480 / k)) udp"
	done
}

# Sent and received, to or from so many peers, in batches of so many.
datagrams() {
	for benchmark in udp_send4 udp_recv4 udp_send6 udp_recv6; do
		for n in 1 16; do
			for k in 1 8 32 64; do
				echo "$benchmark $n $k"
			done
		done
	done
}

# What is counted: benchmark, n, k, two counts, and what to count: system
# calls, instructions, or a result that the program prints (once).
counted() {
	cat <<-end
	dispatch	1	1	500	1500	calls,instructions
		dispatch	2	2	500	1500	instructions
		dispatch	4	4	500	1500	instructions
		dispatch	16	16	500	1500	instructions
		dispatch	64	64	200	600	instructions
		dispatch	256	256	100	300	instructions
		dispatch	1024	1024	50	150	instructions
	dispatch_waker	1	1	500	1500	calls,instructions
		dispatch_waker	16	16	500	1500	instructions
		chain	100	10	2000	6000	instructions
		chain	1000	10	2000	6000	instructions
		chain	10000	10	2000	6000	instructions
		chain	100000	10	2000	6000	instructions
	pingpong	2	64	200	600	calls,instructions
		echo	1	64	200	600	calls
	udp	128	64	10	30	calls,instructions
		connections	64	0	4	12	calls
		connections	64	1	4	12	calls
	change	1000	0	2	6	calls,instructions
	addremove	1000	0	2	6	calls,instructions
	wake_busy	1000	0	10	30	calls,instructions
		wake_trip	1	0	200	600	calls
		create	0	0	100	300	calls
		create	0	1	100	300	calls
		sleep	0	50000	20	60	calls
		memory	10000	0	0	0	says
		herd	4	0	0	100	says
		herd	4	1	0	100	says
		dispatch	16	16	0	62500	says
	end
	datagrams | while read -r benchmark n k; do
		case $benchmark in *6) continue ;; esac
		echo "$benchmark $n $k $((1024 / k)) $((3072 / k))" \
		    "calls,instructions"
	done
}

# Prints a value from a program's output, or nothing.
said() {	# name
	awk -v name="$1" '{ for (i = 1; i < NF; i += 2)
	    if ($i == name) print $(i + 1) }' "$dir/out"
}

# Runs a program under a counter; prints the count, the operations, others.
count_calls() {
	timeout 120 "$programs/calls" "$@" >"$dir/out" 2>"$dir/err" || return
	awk '$1 == "calls" { print $2 }' "$dir/err"
}

count_instructions() {
	timeout 120 valgrind --tool=cachegrind --cache-sim=no \
	    --cachegrind-out-file=/dev/null "$@" \
	    >"$dir/out" 2>"$dir/err" || return
	awk '/I *refs:/ { gsub(",", ""); print $NF }' "$dir/err"
}

# The difference between a longer and a shorter run, per operation.
difference() {	# what benchmark n k count1 count2 name program variant
	command=$programs/$8
	a=$(count_"$1" "$command" "$9" "$2" "$3" "$4" "$5") || return
	a_ops=$(said ops)
	b=$(count_"$1" "$command" "$9" "$2" "$3" "$4" "$6") || return
	[ -n "$a" ] && [ -n "$b" ] || return
	others=0
	[ "$1" = calls ] && others=$(said others)
	awk -v a="$a" -v b="$b" -v m="$a_ops" -v n="$(said ops)" \
	    -v others="$others" \
	    'BEGIN { printf "%.4f\n", (b - a) / (n - m) - others }'
}

run_exact() {
	counted | while read -r benchmark n k one two what; do
		case $benchmark in $only) ;; *) continue ;; esac
		echo "$benchmark $n $k: $what" >&2
		libraries | while read -r name program variant set; do
			exact_one </dev/null
		done
	done
}

exact_one() {
	case $benchmark,$set in
	udp_*,udp) ;;
	udp_* | *,udp) return ;;
	esac
	if [ "$what" = says ]; then
		timeout 120 "$programs/$program" "$variant" "$benchmark" \
		    "$n" "$k" "$two" >"$dir/out" 2>/dev/null &&
		    echo "once $name $benchmark $n $k $(cat "$dir/out")" \
			>>"$raw"
		return
	fi
	for w in $(echo "$what" | tr , ' '); do
		[ "$w" = instructions ] && ! command -v valgrind >/dev/null &&
		    continue
		value=$(difference "$w" "$benchmark" "$n" "$k" "$one" "$two" \
		    "$name" "$program" "$variant")
		[ -n "$value" ] &&
		    echo "exact $name $benchmark $n $k $w $value" >>"$raw"
	done
}

run_times() {
	round=1
	while [ "$round" -le "$rounds" ]; do
		echo "round $round of $rounds" >&2
		timed | while read -r benchmark n k count sets; do
			case $benchmark in $only) ;; *) continue ;; esac
			time_all </dev/null
		done
		time_start
		round=$((round + 1))
	done
}

# Raw runs first and last, so that a drift affects both.
time_all() {
	libraries >"$dir/libraries"
	libraries | grep '^raw ' >>"$dir/libraries"
	while read -r name program variant set; do
		case ,$sets, in *,$set,*) ;; *) continue ;; esac
		timeout 60 "$programs/$program" "$variant" "$benchmark" "$n" \
		    "$k" "$count" >"$dir/out" 2>/dev/null &&
		    echo "time $name $benchmark $n $k $round" \
			"$(cat "$dir/out")" \
		    >>"$raw"
	done <"$dir/libraries"
}

# How long a program takes that opens a loop and ends.
time_start() {
	case start in $only) ;; *) return ;; esac
	for name in raw cmio libev libuv libevent raw; do
		[ -x "$programs/start_$name" ] || continue
		"$programs/spawn" 100 "$programs/start_$name" >"$dir/out" &&
		    echo "time $name start 0 0 $round $(cat "$dir/out")" \
			>>"$raw"
	done
}

# mio and polling, if cargo can build them, in a separate directory.
run_rust() {
	command -v cargo >/dev/null || return 0
	mkdir -p "$programs/rust"
	cp -R "$here/rust/Cargo.toml" "$here/rust/src" "$programs/rust"
	(cd "$programs/rust" && cargo build --release >build.log 2>&1) || {
		echo "mio and polling cannot be built:" \
		    "see $programs/rust/build.log" >&2
		return 0
	}
	cp "$programs/rust/target/release/bench_mio" \
	    "$programs/rust/target/release/bench_polling" \
	    "$programs/rust/target/release/bench_quinn" "$programs"
}

run_report() {
	awk -f "$here/report.awk" "$raw" >"$dir/results.csv"
	awk -f "$here/table.awk" "$dir/results.csv" >"$dir/table.txt"
	if command -v gnuplot >/dev/null; then
		gnuplot -e "results='$dir/results.csv'; dir='$dir'" \
		    "$here/plots.gp"
	fi
	cat "$dir/table.txt"
	echo "$dir has results.csv, table.txt and the plots" >&2
}

for step in ${*:-rust exact times report}; do
	case $step in
	rust | exact | times | report) run_$step ;;
	*) echo "usage: bench.sh [rust] [exact] [times] [report]" >&2; exit 2 ;;
	esac
done
