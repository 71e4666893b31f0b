# SPDX-License-Identifier: MIT
class Cmio < Formula
  desc "Non-blocking I/O and readiness for C"
  homepage "https://example.org/cmio"
  url "https://example.org/cmio/cmio-0.2.0.tar.gz"
  # "brew fetch" says what the release has.
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "pkgconf" => :test

  def install
    system "./configure", *std_configure_args, "--disable-silent-rules"
    system "make", "install"
  end

  test do
    cp doc/"examples/quick_start.c", testpath
    flags = shell_output("pkgconf --cflags --libs cmio-net").chomp.split
    system ENV.cc, "quick_start.c", "-o", "quick_start", *flags
    assert_predicate testpath/"quick_start", :executable?
  end
end
