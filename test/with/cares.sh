#!/bin/sh
# SPDX-License-Identifier: MIT
# cares_lookup.c with a DNS server on loopback.
name=cares_lookup
. "${srcdir:-.}/test/with/with.inc"
need_library libcares
python=${PYTHON3:-python3}
export RES_OPTIONS="retrans:200 timeout:1"
need "$python"

# A server of its own each time: it keeps count of the slow name.
names_are_found() {
	in_background "$scratch/server.log" "$python" \
	    "$srcdir/test/with/dns_server.py"
	until_line "$scratch/server.log" '^port' || return
	port=$(sed -n 's/^port //p' "$scratch/server.log")
	if "$program" "127.0.0.1:$port" one.test slow.test none.test \
	    large.test >"$scratch/said"; then
		return 1
	fi
	kill "$last"
	grep -qx 'one.test 192.0.2.1:80' "$scratch/said" &&
	    grep -qx 'slow.test 192.0.2.1:80' "$scratch/said" &&
	    grep -q '^none.test: ' "$scratch/said" &&
	    [ "$(grep -c '^large.test 192.0.2' "$scratch/said")" = 100 ] &&
	    [ "$(wc -l <"$scratch/said")" = 103 ] && return
	cat "$scratch/said"
	return 1
}

on_each_selector names_are_found
