# SPDX-License-Identifier: MIT

# CMIO_CHECK_UDP
# --------------
# How datagrams go in batches here: cmio_datagrams, one of mmsg, msg and
# windows, and the conditionals DATAGRAMS_MMSG and UDP_PKTINFO; constants of
# config.h, -1 for an option that this system has not.
AC_DEFUN([CMIO_CHECK_UDP], [
  # Apple's headers hide the options of RFC 3542 without it.
  AC_CHECK_DECL([__APPLE__], [AC_DEFINE([__APPLE_USE_RFC_3542], [1],
    [Apple's headers have the options of RFC 3542.])], [], [ ])
  CMIO_CHECK_FUNC([recvmmsg], [sys/socket.h])
  CMIO_CHECK_FUNC([sendmmsg], [sys/socket.h])
  cmio_datagrams=msg
  AS_IF([test "x$cmio_have_recvmmsg$cmio_have_sendmmsg" = xyesyes],
    [cmio_datagrams=mmsg])
  AS_IF([test "x$cmio_windows" = xyes], [cmio_datagrams=windows])
  AM_CONDITIONAL([DATAGRAMS_MMSG], [test "x$cmio_datagrams" = xmmsg])

  # The kernel's numbers, for headers that are older than the kernel.
  cmio_segment="(-1)" cmio_gro="(-1)"
  cmio_join=1
  AC_CHECK_DECL([__linux__], [cmio_segment=103 cmio_gro=104], [], [ ])
  AS_IF([test "x$cmio_windows" = xyes],
    [cmio_segment=2 cmio_gro=3 cmio_join=65535])
  AC_DEFINE_UNQUOTED([CMIO_UDP_JOIN_VALUE], [$cmio_join],
    [The value of the option that joins datagrams.])
  CMIO_DEFINE_CONSTANT([UDP_CUT], [UDP_SEGMENT UDP_SEND_MSG_SIZE],
    [$cmio_segment], [netinet/in.h netinet/udp.h],
    [What has the kernel cut a train into datagrams, or -1.])
  CMIO_DEFINE_CONSTANT([UDP_JOIN], [UDP_GRO UDP_RECV_MAX_COALESCED_SIZE],
    [$cmio_gro], [netinet/in.h netinet/udp.h],
    [The option that joins datagrams, or -1.])
  # Windows has messages for the two bits of congestion notification alone.
  m4_foreach([cmio_option], [
    [[IP_RECVPKTINFO], [IP_RECVPKTINFO IP_PKTINFO]],
    [[IP_RECVDSTADDR], [IP_RECVDSTADDR]],
    [[IP_RECVIF], [IP_RECVIF]],
    [[IP_RECVTOS], [IP_RECVECN IP_ECN IP_RECVTOS]],
    [[IP_TOS], [IP_ECN IP_TOS]],
    [[IP_DONTFRAG], [IP_DONTFRAGMENT IP_DONTFRAG]],
    [[IP_MTU_DISCOVER], [IP_MTU_DISCOVER]],
    [[IP_PROBE], [IP_PMTUDISC_PROBE]],
    [[IPV6_RECVPKTINFO], [IPV6_RECVPKTINFO IPV6_PKTINFO]],
    [[IPV6_RECVTCLASS], [IPV6_RECVECN IPV6_ECN IPV6_RECVTCLASS]],
    [[IPV6_TCLASS], [IPV6_ECN IPV6_TCLASS]],
    [[IPV6_DONTFRAG], [IPV6_DONTFRAG]],
    [[IPV6_MTU_DISCOVER], [IPV6_MTU_DISCOVER]],
    [[IPV6_PROBE], [IPV6_PMTUDISC_PROBE]]],
    [CMIO_UDP_OPTION(cmio_option)])
  CMIO_DEFINE_CONSTANT([MSG_WAITFORONE], [MSG_WAITFORONE], [0], [sys/socket.h],
    [What has recvmmsg() block for the first datagram at most, or 0.])
  AC_CHECK_MEMBER([struct in_pktinfo.ipi_addr], [cmio_pktinfo=yes],
    [cmio_pktinfo=no],
    [CMIO_INCLUDES([winsock2.h ws2tcpip.h sys/socket.h netinet/in.h])])
  AS_IF([test "x$cmio_pktinfo" = xyes], [cmio_source=1], [cmio_source=0])
  AC_DEFINE_UNQUOTED([CMIO_UDP_PKTINFO], [$cmio_source],
    [Whether IPv4 has struct in_pktinfo, which takes any local address.])
  AM_CONDITIONAL([UDP_PKTINFO], [test "x$cmio_pktinfo" = xyes])
  cmio_source=ipi_addr
  AC_CHECK_MEMBER([struct in_pktinfo.ipi_spec_dst],
    [cmio_source=ipi_spec_dst], [],
    [CMIO_INCLUDES([winsock2.h ws2tcpip.h sys/socket.h netinet/in.h])])
  AC_DEFINE_UNQUOTED([CMIO_PKTINFO_SOURCE], [$cmio_source],
    [The member of struct in_pktinfo that sends from an address.])
  cmio_control=control_posix.h
  AS_IF([test "x$cmio_windows" = xyes], [cmio_control=control_windows.h])
  AC_DEFINE_UNQUOTED([CMIO_CONTROL_H], ["port/$cmio_control"],
    [The header that has control messages.])
])

# CMIO_UDP_OPTION(NAME, CONSTANTS)
# --------------------------------
AC_DEFUN([CMIO_UDP_OPTION],
  [CMIO_DEFINE_CONSTANT([$1], [$2], [(-1)], [sys/socket.h netinet/in.h],
    [An option of UDP sockets or its value, or -1.])])
