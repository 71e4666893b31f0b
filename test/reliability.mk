# SPDX-License-Identifier: MIT

# doc/TESTING describes these: short runs are tests, long ones are by hand.
reliability_libs = libcmio-net.la libcmio.la $(THREAD_LIBS)
EXTRA_PROGRAMS =

if NET
if WAY_SIGACTION
reliability_tests = \
	%D%/fuzz/fuzz_model
endif
endif
if CHECK
check_PROGRAMS += $(reliability_tests)
TESTS += $(reliability_tests)
endif

# Programs of operations against a model of the contract.
fuzz_common = \
	%D%/fuzz/model.c \
	%D%/fuzz/model.h \
	%D%/fuzz/program.c \
	%D%/fuzz/program.h \
	%D%/fuzz/world.c \
	%D%/fuzz/world.h
test_fuzz_fuzz_model_SOURCES = %D%/fuzz/fuzz_model.c $(fuzz_common)
test_fuzz_fuzz_model_LDADD = $(reliability_libs)

# The same programs from libFuzzer: with clang, and
# -fsanitize=fuzzer-no-link in CFLAGS.
EXTRA_PROGRAMS += %D%/fuzz/fuzz_target
test_fuzz_fuzz_target_SOURCES = %D%/fuzz/fuzz_target.c $(fuzz_common)
test_fuzz_fuzz_target_LDADD = $(reliability_libs)
test_fuzz_fuzz_target_LDFLAGS = -fsanitize=fuzzer
