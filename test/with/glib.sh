#!/bin/sh
# SPDX-License-Identifier: MIT
# glib_nested.c, on each selector whose poll has a descriptor.
name=glib_nested
. "${srcdir:-.}/test/with/with.inc"
need_library glib-2.0

ticks_and_wake() {
	rc=0
	"$program" >"$scratch/said" 2>&1 || rc=$?
	if [ $rc -eq 2 ] && [ "$selector" != epoll ] &&
	    grep -q '^glib_nested: cmio_poll_fd: ' \
	    "$scratch/said"; then
		echo "the selector $selector has no descriptor"
		return 0
	fi
	[ $rc -eq 0 ] && grep -qx '20 bytes, 1 wake' "$scratch/said" && return
	cat "$scratch/said"
	return 1
}

on_each_selector ticks_and_wake
