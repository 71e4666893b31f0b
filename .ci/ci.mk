# SPDX-License-Identifier: MIT
#
# The ways to build and test cmio, a target for each.  With GNU make, as root
# on a Debian machine that has the packages of .ci/packages:
#
#     make -f .ci/ci.mk -j4 ci-gcc ci-musl
#
# The last line is the sum of the tests.  .ci/run installs the packages and
# makes all of the targets, "make -f .ci/ci.mk list" lists them.  The work is
# done in the folder $CI_WORK, which is kept; a second run goes on from there.

SHELL = /bin/bash
ci := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
export CI_WORK ?= $(CURDIR)/ci-work
export CI_SOURCE := $(CI_WORK)/source
step = $(ci)/step
inner = CI_INNER=yes $(MAKE) --no-print-directory -f $(ci)/ci.mk
# The files that git knows, as they are.
checkout = (cd $(ci)/.. && git -c safe.directory='*' ls-files -z | \
    tar --null -T - --ignore-failed-read -cf -) | tar -xf -

# Configured and built as below, and tested.
plain = asan clang no-net pipe tsan
# The same for another machine or C library, with a Check built for it.
cross = i686 musl s390x
# The tests of one build in different surroundings.
copies = gcc no-ipv6 offline valgrind
# Scripts in this folder, and what has a rule of its own.
scripts = cross-bsd hygiene packaging reliability wine
others = bootstrap cross-bsd-aarch64 distcheck distcheck-bmake
# What takes long, and is made only when it is asked for.
extra = wine-trixie
# The longest first.
ways = wine packaging valgrind s390x reliability distcheck \
    $(filter-out wine packaging valgrind s390x reliability distcheck, \
    $(scripts) $(plain) $(cross) $(others) $(copies))

ifndef CI_INNER
# ---- Make first everything that was asked for, then the sum.

all $(ways:%=ci-%) $(extra:%=ci-%): sum; @:
goals = $(or $(filter ci-%,$(MAKECMDGOALS)),$(ways:%=ci-%))
# What several of them need.
first = $(if $(filter wine% $(cross),$(goals:ci-%=%)),check-source) \
    $(if $(filter $(copies),$(goals:ci-%=%)),build-base)
sum: source
	@rm -f $(CI_WORK)/*.figure
	@for goal in $(goals:ci-%=%); do \
	    echo "0 1 0" >$(CI_WORK)/$$goal.figure; done
	+@$(if $(first),$(inner) -k $(first);) $(inner) -k $(goals) || :
	@echo; [ -z "$$CI_BEGAN" ] || \
	    echo "$$(($$(date +%s) - CI_BEGAN)) s in all"; \
	    awk '{ p += $$1; f += $$2; s += $$3 } \
	    END { printf "%d passed, %d failed, %d skipped\n", p, f, s; \
		  exit f > 0 || p == 0 }' $(CI_WORK)/*.figure | \
	    tee $(CI_WORK)/sum; exit $${PIPESTATUS[0]}
source:
	@$(step) -b source bash -ec '$(checkout); \
	    [ -e configure ] || env -u MAKEFLAGS ./bootstrap; \
	    chmod -R go=rX,u=rX .'
list:
	@printf '%s\n' $(ways:%=ci-%)
.PHONY: all $(ways:%=ci-%) $(extra:%=ci-%) sum source list
else

# ---- How each is configured.  libtool compiles everything once, not twice,
# if one kind of library is enough.

debug = --disable-shared CFLAGS="-g -O1 $(1)"
configure-asan = $(call debug,-fno-omit-frame-pointer \
    -fsanitize=address$(comma)undefined -fno-sanitize-recover=all)
configure-base = CC=gcc --enable-maintainer-mode
configure-clang = CC=clang --disable-static --enable-maintainer-mode
configure-no-net = --disable-shared --enable-maintainer-mode --disable-net
configure-pipe = --disable-shared --enable-maintainer-mode --with-waker=pipe
configure-tsan = $(call debug,-fsanitize=thread)
comma = ,
# time_t and off_t have 32 bits unless configure asks for more.
host-i686 = --host=i686-linux-gnu
# Big-endian.  The tests skip what qemu-user cannot do, and say so.
host-s390x = --host=s390x-linux-gnu
host-musl = CC=musl-gcc
$(foreach way,$(cross),$(eval configure-$(way) = --disable-shared \
    $(host-$(way)) PKG_CONFIG_LIBDIR=$(CI_WORK)/check-$(way)/lib/pkgconfig))

# ---- How its tests are run: arguments of "make check".

# What the sources and the examples are tested for differs little from way to
# way, and takes most of the time: most ways leave it out.
libraries = source_tests= example_tests=
$(foreach way,i686 no-net pipe tsan,$(eval check-$(way) = $(libraries)))
check-asan = source_tests=
# The headers are compiled by another compiler, or with another C library.
check-clang = source_tests=test/headers.sh example_tests=
check-musl = source_tests=test/headers.sh example_tests=test/pages.sh
# Under what is slow Check gives each test four times as long.
under = CK_TIMEOUT_MULTIPLIER=4 \
    LOG_COMPILER="$(CI_WORK)/$(1)/libtool --mode=execute $(2)"
check-s390x = $(libraries) \
    $(call under,s390x,qemu-s390x-static -L /usr/s390x-linux-gnu)
# bootstrap runs the others on what is the same build.
check-gcc = $(libraries)
# valgrind 3.19 has no epoll_pwait2, so the library falls back.  Children that
# a test forks just exit: leaks are the address sanitizer's to find.  Left out
# are the tests that pass bad pointers, or set limits, on purpose, and one that
# changes stacks, which valgrind takes for one.
check-valgrind = \
    $(call under,valgrind,valgrind -q --leak-check=no --error-exitcode=9) \
    TESTS="$$(find test -maxdepth 1 -name "test_*" -type f -perm /1 \
    ! -name "test_bad_input*" ! -name test_interleavings ! -name test_misuse \
    ! -name "*call*" | tr "\n" " ")"

# ---- The rules.  What is not of this make has its own jobs.

apart = env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL
# configure would look for a shell with more features, which is slower.
configure = CONFIG_SHELL=/bin/sh $(CI_SOURCE)/configure
$(plain:%=build-%) $(cross:%=build-%) build-base: build-%:
	+@$(step) -b $* bash -ec '[ -e config.status ] || \
	    $(configure) $(configure-$*); \
	    $(MAKE); $(MAKE) check TESTS='
# In one rule: make would begin what has other rules before it last.
$(plain:%=ci-%) $(cross:%=ci-%): ci-%:
	+@$(inner) build-$* && $(step) $* $(MAKE) check $(check-$*)

copy = cp -a $(CI_WORK)/base/. .
ci-gcc ci-valgrind: ci-%:
	+@$(step) $* bash -ec '$(copy); $(MAKE) check $(check-$*)'
# No network, and few descriptors.
ci-offline:
	+@$(step) offline unshare -n bash -ec '$(copy); ip link set lo up; \
	    ulimit -n 64; $(MAKE) check $(libraries)'
ci-no-ipv6:
	+@$(step) no-ipv6 unshare -n bash -ec '$(copy); \
	    for link in all default lo; do \
		echo 1 >/proc/sys/net/ipv6/conf/$$link/disable_ipv6; \
	    done; ip link set lo up; $(MAKE) check $(libraries)'

# The library for tests, static, for a machine that Debian has none for.  apt
# fetches the source and checks its signature.
apt = $(CI_WORK)/apt
check-source: $(apt)/done
$(apt)/done:
	@$(step) -b apt bash -ec ' \
	    mkdir -p lists/partial archives/partial none source; \
	    uri=$$(apt-get download --print-uris check); uri=$${uri#?}; \
	    echo "deb-src $${uri%%/pool/*} \
		$$(. /etc/os-release; echo "$$VERSION_CODENAME") main" >list; \
	    get="apt-get -o Dir::Etc::sourcelist=$$PWD/list \
		-o Dir::Etc::sourceparts=$$PWD/none \
		-o Dir::State::lists=$$PWD/lists -o Dir::Cache=$$PWD \
		-o APT::Sandbox::User=root"; \
	    $$get update; $$get source --download-only check; \
	    tar -xf check_*.orig.tar.gz -C source --strip-components=1; \
	    touch done'
$(cross:%=libcheck-%): libcheck-%: check-source
	+@$(step) -b check-$* bash -ec '[ ! -e lib/pkgconfig/check.pc ] || exit 0; \
	    $(apt)/source/configure --prefix=$$PWD --disable-shared \
	    --disable-subunit --disable-timeout-tests --disable-build-docs \
	    $(host-$*); $(MAKE) SUBDIRS="lib src" install'
$(cross:%=build-%): build-%: libcheck-%

# As a user, from a clean checkout: both commands of the README.
ci-bootstrap:
	@$(step) bootstrap $(apart) bash -ec '$(checkout); ./bootstrap check; \
	    ./bootstrap demo'

# Of the tests, those of the folders and files.  bmake runs those of the
# libraries.
ci-distcheck:
	+@$(step) distcheck bash -ec '$(CI_SOURCE)/configure MAKE=make; \
	    $(MAKE) distcheck TESTS="test/test_version test/style.sh \
	    test/layers.sh test/headers.sh test/pages.sh"; \
	    echo "1 passed, 0 failed, 0 skipped"'
# By a user who is not root and cannot write to the source.
ci-distcheck-bmake:
	@chmod -R u+rwX $(CI_WORK)/distcheck-bmake 2>/dev/null || :
	@mkdir -p $(CI_WORK)/distcheck-bmake && \
	    chown -R nobody $(CI_WORK)/distcheck-bmake
	@$(step) distcheck-bmake $(apart) \
	    setpriv --reuid=nobody --regid=nogroup --clear-groups \
	    env HOME=$(CI_WORK)/distcheck-bmake CCACHE_READONLY=1 \
	    CCACHE_TEMPDIR=$(CI_WORK)/distcheck-bmake/ccache bash -ec ' \
	    if touch $(CI_SOURCE)/configure; then exit 1; fi; \
	    $(CI_SOURCE)/configure MAKE=bmake; \
	    bmake -j2 distcheck $(libraries) \
		DISTCHECK_CONFIGURE_FLAGS=MAKE=bmake; \
	    echo "1 passed, 0 failed, 0 skipped"'

$(scripts:%=ci-%): ci-%:
	@$(step) $* $(apart) $(ci)/$*
# What differs is the system, not the machine: one of them.
ci-cross-bsd-aarch64:
	@$(step) cross-bsd-aarch64 $(apart) $(ci)/cross-bsd aarch64 macos
# The Wine of another release of Debian, which runs what is i686 too.
$(extra:%=ci-%): ci-wine-%:
	@$(step) wine-$* $(apart) $(ci)/wine $*
.PHONY: check-source $(ways:%=ci-%) $(extra:%=ci-%) \
    $(foreach way,$(plain) $(cross) base,build-$(way) libcheck-$(way))
endif
