# SPDX-License-Identifier: MIT

# CMIO_CHECK_NET
# --------------
# The constants of the socket headers, for config.h, and the conditional
# HAVE_SA_LEN.
AC_DEFUN([CMIO_CHECK_NET], [
  AC_CHECK_HEADERS([limits.h sys/socket.h netinet/in.h winsock2.h ws2tcpip.h])
  AC_CHECK_HEADERS([netinet/tcp.h], [], [],
    [CMIO_INCLUDES([sys/socket.h netinet/in.h])])
  # Apple's headers have the flag, but do not say which releases support it:
  # there only the option is used.
  cmio_send_flags=0
  AC_CHECK_DECL([MSG_NOSIGNAL], [cmio_send_flags=MSG_NOSIGNAL], [],
    [CMIO_INCLUDES([sys/socket.h])])
  AC_CHECK_DECL([__APPLE__], [cmio_send_flags=0], [], [ ])
  AC_DEFINE_UNQUOTED([CMIO_SEND_FLAGS], [$cmio_send_flags],
    [What every send() is given: against SIGPIPE, or 0.])
  CMIO_DEFINE_CONSTANT([SO_REUSEPORT], [SO_REUSEPORT], [(-1)], [sys/socket.h],
    [The option that shares a port, or -1.])
  CMIO_DEFINE_CONSTANT([SO_LINGER], [SO_LINGER_SEC SO_LINGER], [(-1)],
    [sys/socket.h],
    [The name of SO_LINGER whose unit is the second.])
  # Windows 10 has these; older headers lack the names.
  AS_IF([test "x$cmio_windows" = xyes],
    [cmio_idle=3 cmio_interval=17 cmio_count=16],
    [cmio_idle="(-1)" cmio_interval="(-1)" cmio_count="(-1)"])
  CMIO_DEFINE_CONSTANT([TCP_KEEPIDLE],
    [TCP_KEEPIDLE TCP_KEEPALIVE], [$cmio_idle],
    [netinet/in.h netinet/tcp.h], [Seconds before the first probe, or -1.])
  CMIO_DEFINE_CONSTANT([TCP_KEEPINTVL], [TCP_KEEPINTVL], [$cmio_interval],
    [netinet/in.h netinet/tcp.h], [Seconds between probes, or -1.])
  CMIO_DEFINE_CONSTANT([TCP_KEEPCNT], [TCP_KEEPCNT], [$cmio_count],
    [netinet/in.h netinet/tcp.h], [How many probes, or -1.])
  CMIO_DEFINE_CONSTANT([IPV6_JOIN_GROUP],
    [IPV6_JOIN_GROUP IPV6_ADD_MEMBERSHIP], [(-1)],
    [netinet/in.h], [The option that joins an IPv6 group.])
  CMIO_DEFINE_CONSTANT([IPV6_LEAVE_GROUP],
    [IPV6_LEAVE_GROUP IPV6_DROP_MEMBERSHIP], [(-1)],
    [netinet/in.h], [The option that leaves an IPv6 group.])
  CMIO_DEFINE_CONSTANT([IOV_MAX], [IOV_MAX], [16], [limits.h],
    [How many buffers readv() takes; 16 is the least that POSIX allows.])

  # Only Linux has them, with every C library.
  AC_CHECK_DECL([__linux__], [cmio_abstract_names=1],
    [cmio_abstract_names=0], [ ])
  AC_DEFINE_UNQUOTED([CMIO_ABSTRACT_NAMES], [$cmio_abstract_names],
    [Whether a name of AF_UNIX that begins with a zero is abstract.])

  AC_CHECK_MEMBER([struct sockaddr.sa_len], [cmio_sa_len=yes],
    [cmio_sa_len=no], [CMIO_INCLUDES([sys/socket.h])])
  AM_CONDITIONAL([HAVE_SA_LEN], [test "x$cmio_sa_len" = xyes])

  cmio_vsock=no
  AC_CHECK_HEADERS([linux/vm_sockets.h sys/vsock.h],
    [cmio_vsock=${cmio_vsock#no}; cmio_vsock=${cmio_vsock:-$ac_header}], [],
    [CMIO_INCLUDES([sys/socket.h])])
  AS_IF([test "x$cmio_vsock" != xno],
    [AC_DEFINE_UNQUOTED([CMIO_VSOCK_H], ["$cmio_vsock"],
      [The header of AF_VSOCK's addresses.])])
  AM_CONDITIONAL([HAVE_VSOCK], [test "x$cmio_vsock" != xno])
  AC_CHECK_DECL([TCP_FASTOPEN_CONNECT], [cmio_fastopen=yes],
    [cmio_fastopen=no], [[#include <netinet/in.h>
#include <netinet/tcp.h>]])
  AM_CONDITIONAL([HAVE_FASTOPEN_CONNECT], [test "x$cmio_fastopen" = xyes])
])

# CMIO_CHECK_PEER_CRED
# --------------------
# Check how the system says who is at the other end of a Unix socket:
# cmio_peer_cred and the conditionals PEER_CRED_<WAY>.
AC_DEFUN([CMIO_CHECK_PEER_CRED], [
  CMIO_DEFINE_CONSTANT([CMSG_CLOEXEC], [MSG_CMSG_CLOEXEC], [0],
    [sys/socket.h], [The flag that makes descriptors close-on-exec on arrival.])
  cmio_peer_cred=none
  CMIO_CHECK_FUNC([getpeereid], [unistd.h sys/socket.h])
  AS_IF([test "x$cmio_have_getpeereid" = xyes], [cmio_peer_cred=eid])
  CMIO_CHECK_FUNC([getpeerucred], [ucred.h])
  AS_IF([test "x$cmio_have_getpeerucred" = xyes], [cmio_peer_cred=ucred])
  AC_CHECK_MEMBER([struct xucred.cr_pid], [cmio_peer_cred=xucred], [],
    [CMIO_INCLUDES([sys/param.h sys/ucred.h])])
  AC_CHECK_MEMBER([struct unpcbid.unp_pid], [cmio_peer_cred=unpcbid], [],
    [CMIO_INCLUDES([sys/socket.h sys/un.h])])
  AC_CHECK_DECL([LOCAL_PEERPID], [cmio_peer_cred=peerpid], [],
    [CMIO_INCLUDES([sys/socket.h sys/un.h])])
  m4_foreach_w([cmio_type], [ucred sockpeercred],
    [AC_CHECK_MEMBER([struct ]cmio_type[.pid], [
      cmio_peer_cred=option
      AC_DEFINE([CMIO_PEERCRED], cmio_type, [The structure of SO_PEERCRED.])
    ], [], [CMIO_INCLUDES([sys/socket.h])])
  ])
  m4_foreach_w([cmio_way], [option peerpid unpcbid xucred ucred eid none],
    [AM_CONDITIONAL([PEER_CRED_]m4_toupper(cmio_way),
      [test "x$cmio_peer_cred" = x[]cmio_way])
  ])
])
