#!/bin/sh
# SPDX-License-Identifier: MIT
# tls_echo_server.c, asked by "openssl s_client", and by Python's clients.
# CMIO_CLIENTS is how many of these there are.
name=tls_echo_server
. "${srcdir:-.}/test/with/with.inc"
need_library openssl
need openssl
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
    -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$scratch/key.pem" -out "$scratch/cert.pem" 2>/dev/null ||
    skip "openssl cannot make a certificate"
mkfifo "$scratch/typed"

# s_client VERSION LINE ANSWER: to the client a line with K alone says that both
# sides take new keys, and Q that it is the end.
s_client() {
	rm -f "$scratch/client.log"
	openssl s_client "$1" -brief -CAfile "$scratch/cert.pem" \
	    -verify_return_error -connect "$address" <"$scratch/typed" \
	    >"$scratch/client.log" 2>&1 &
	client=$! background="$background $!"
	exec 3>"$scratch/typed"
	echo "first line" >&3
	until_line "$scratch/client.log" '^first line' || return
	echo "$2" >&3
	until_line "$scratch/client.log" "$3" || return
	echo "second line" >&3
	until_line "$scratch/client.log" '^second line' || return
	echo Q >&3
	exec 3>&-
	wait "$client"
}

python_clients() {
	"${PYTHON3:-python3}" -c 'import asyncio, ssl' 2>/dev/null || {
		echo "skipped: no Python with ssl"
		return 0
	}
	"${PYTHON3:-python3}" "$srcdir/test/with/tls_clients.py" \
	    "$scratch/cert.pem" "$address" "${CMIO_CLIENTS:-10}"
}

asked_by_clients() {
	in_background "$scratch/server.log" "$program" "$scratch/cert.pem" \
	    "$scratch/key.pem" 127.0.0.1:0
	server=$last
	until_line "$scratch/server.log" '^listening' || return
	address=$(sed -n 's/^listening on //p' "$scratch/server.log")
	s_client -tls1_3 K KEYUPDATE || { cat "$scratch/client.log"; return 1; }
	s_client -tls1_2 another another ||
	    { cat "$scratch/client.log"; return 1; }
	python_clients || return
	# It is still there.
	kill "$server"
}

on_each_selector asked_by_clients
