#!/bin/sh
# SPDX-License-Identifier: MIT
# curl_multi.c with a server of Python's, one that never answers, and none.
name=curl_multi
. "${srcdir:-.}/test/with/with.inc"
need_library libcurl
python=${PYTHON3:-python3}
need "$python"
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
mkdir "$scratch/served"
head -c 3000000 /dev/zero >"$scratch/served/large"
echo small >"$scratch/served/small"

# Its queue is five connections long by itself: then the kernel drops some.
in_background "$scratch/server.log" "$python" -u -c '
import http.server, os, sys
os.chdir(sys.argv[1])
server = http.server.ThreadingHTTPServer
server.request_queue_size = 100
server = server(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
print("port", server.server_port)
server.serve_forever()' "$scratch/served"
in_background "$scratch/silent.log" "$python" -u -c '
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1])
time.sleep(600)'
until_line "$scratch/server.log" 'port [0-9]' || skip "no server of Python's"
until_line "$scratch/silent.log" 'port [0-9]' || skip "no socket of Python's"
port_of() { sed -n 's/.*port \([0-9]*\).*/\1/p' "$1" | head -n 1; }
base=http://127.0.0.1:$(port_of "$scratch/server.log")
silent=http://127.0.0.1:$(port_of "$scratch/silent.log")/

many_at_once() {
	set --
	while [ $# -lt 40 ]; do
		set -- "$@" "$base/large" "$base/small"
	done
	"$program" 60 "$@" >"$scratch/said" ||
	    { cat "$scratch/said"; return 1; }
	[ "$(grep -c 'large: No error, 3000000 bytes' \
	    "$scratch/said")" = 20 ] &&
	    [ "$(grep -c 'small: No error, 6 bytes' "$scratch/said")" = 20 ]
}

# libcurl's own timer ends the one, and the kernel refuses the other.
fails_in_time() {
	if "$program" 1 "$silent" http://127.0.0.1:1/ "$base/small" \
	    >"$scratch/said"; then
		return 1
	fi
	grep -q "^$silent: Timeout was reached" "$scratch/said" &&
	    grep -q ":1/: Couldn't connect" "$scratch/said" &&
	    grep -q 'small: No error' "$scratch/said"
}

transfers() {
	many_at_once && fails_in_time
}

on_each_selector transfers
