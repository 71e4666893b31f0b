# SPDX-License-Identifier: MIT
#
# The RPM packages: built from the release, without a complaint of rpmlint.
# The tests are not run once more.
set -e
for tool in rpmbuild rpmlint; do
	command -v $tool >/dev/null 2>&1 || exit 77
done
# A package has the permissions of these, which may be anything in a release.
mkdir -p top/SOURCES top/SPECS
spec=top/SPECS/cmio.spec
cp "$SOURCE/test/packaging/rpm/cmio.spec" $spec
cp "$TARBALL" top/SOURCES
chmod 644 $spec top/SOURCES/*
unset CC CFLAGS CPPFLAGS LDFLAGS MAKE top_srcdir top_builddir
rpmbuild --define "_topdir $WORK/top" --nodeps --nocheck -ba $spec
find top -name '*.rpm' >packages
[ "$(wc -l <packages)" -ge 3 ]

# What a distribution's own machines add, and what its own rpmlint does not ask.
cat >filters.toml <<'TOML'
Filters = [
    # Added or done by the build service: signing, stripping, compressing.
    "no-signature", "no-packager-tag", "unstripped-binary-or-object",
    "manpage-not-compressed",
    # Of other times, or of other distributions' rules.
    "no-group-tag", "no-buildroot-tag", "no-major-in-name",
    "requires-on-release", "missing-hash-section",
    "non-versioned-file-in-library-package .*/.build-id",
    # Debian's rpmlint has no list of licences.
    "invalid-license MIT",
    # The address is one for examples.
    "invalid-url", "no-documentation",
    # Pages of one line, which lead to the same page.
    "files-duplicate .*/man3/",
]
TOML
xargs rpmlint --config filters.toml $spec <packages >rpmlint.log 2>&1 || {
	cat rpmlint.log
	exit 1
}
cat rpmlint.log
if grep -E ': [EW]: ' rpmlint.log; then
	exit 1
fi
