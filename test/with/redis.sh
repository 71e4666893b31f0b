#!/bin/sh
# SPDX-License-Identifier: MIT
# redis_async.c with a real redis-server, and with none.
name=redis_async
. "${srcdir:-.}/test/with/with.inc"
need_library hiredis
need redis-server

# The first free port from one that depends on the process.
start_server() {
	port=$((20000 + $$ % 20000))
	for port in $port $((port + 1)) $((port + 2)); do
		in_background "$scratch/redis.log" redis-server \
		    --port "$port" --bind 127.0.0.1 --save "" \
		    --appendonly no --dir "$scratch"
		until_line "$scratch/redis.log" \
		    '[Rr]eady to accept connections\|[Aa]ddress already in use'
		if kill -0 "$last" 2>/dev/null &&
		    grep -q '[Rr]eady to accept' "$scratch/redis.log"; then
			return 0
		fi
	done
	cat "$scratch/redis.log"
	return 1
}

commands_are_answered() {
	"$program" 127.0.0.1 "$port" 5000 >"$scratch/said" &&
	    [ "$(tr '\n' ' ' <"$scratch/said")" = "done 5000 answers " ] || {
		cat "$scratch/said"
		return 1
	}
	# Nobody listens there.
	if "$program" 127.0.0.1 1 1 >"$scratch/said" 2>&1; then
		return 1
	fi
}

start_server || { complain "redis-server does not start"; finish; }
on_each_selector commands_are_answered
