#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The test programs that are not built on Windows, one line each with the
# reason, so that they are counted as skipped.
cat <<'END'
skipped: test_bad_input_unix: none of its functions is there
skipped: test_child: <cmio/process.h> is not there
skipped: test_child_status: <cmio/process.h> is not there
skipped: test_examples: the servers end by a signal's handler
skipped: test_exec: there are no exec(2) and no descriptors to inherit
skipped: test_fallback: accept4(2), pipe2(2) and their like are not there
skipped: test_fds: there is no SCM_RIGHTS
skipped: test_fork: there is no fork(2)
skipped: test_passing: there is no SCM_RIGHTS
skipped: test_peer_cred: none of its functions is there
skipped: test_pipe: of fork(2) and pipe(2); test_named_pipe has cmio_pipe(3)
skipped: test_pipe_writer: there is no pipe(2)
skipped: test_port: no descriptor wakes a poll there, and none needs a stamp
skipped: test_signals: <cmio/process.h> is not there
skipped: test_signals_shared: <cmio/process.h> is not there
skipped: test_sigpipe: there is no SIGPIPE
skipped: test_unix_datagram: AF_UNIX has no datagrams there
skipped: test_unix_listener: of modes and names; test_unix_path has the rest
skipped: test_unix_stream: of pairs; test_unix_path has the rest
END
exit 77
