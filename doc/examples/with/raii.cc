/* SPDX-License-Identifier: MIT */
/*
 * raii: cmio in C++11 or later.  Poll and Source are what a program copies: an
 * error is a std::system_error, and what goes out of scope is closed.
 *
 * A source may be moved while it is registered, as long as one of the copies
 * is used: so a Source may be in a std::vector.
 */
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <cmio/net.h>

namespace cmio {

inline int
check(int result, const char *what)
{
	if (result == -1)
		throw std::system_error(errno, std::generic_category(), what);
	return result;
}

/* Move-only, closed at the end. */
class Source {
public:
	Source() noexcept : source_(CMIO_SOURCE(CMIO_FD_NONE)) {}
	Source(Source &&other) noexcept : Source() { swap(other); }
	Source &operator=(Source &&other) noexcept
	{
		Source(std::move(other)).swap(*this);
		return *this;
	}
	~Source()
	{
		if (source_.fd != CMIO_FD_NONE)
			cmio_close(&source_);
	}
	void swap(Source &other) noexcept { std::swap(source_, other.source_); }

	/* For the functions of cmio that fill in a source, or take one. */
	struct cmio_source *get() noexcept { return &source_; }

	void write(const std::string &text)
	{
		ssize_t n = cmio_write(&source_, text.data(), text.size());

		if (n != static_cast<ssize_t>(text.size()))
			throw std::system_error(n == -1 ? errno : EAGAIN,
			    std::generic_category(), "cmio_write");
	}

	/*
	 * Appends what there is; false at the end of the stream.  A read that
	 * fills the buffer may have left something; last says that no event
	 * follows this one, so that the end has to be read too.
	 */
	bool read_into(std::string &text, bool last)
	{
		char buf[256];
		ssize_t n;

		do {
			n = cmio_read(&source_, buf, sizeof(buf));
			if (n > 0)
				text.append(buf, static_cast<size_t>(n));
		} while (n == static_cast<ssize_t>(sizeof(buf)) ||
		    (n > 0 && last) || (n == -1 && errno == EINTR));
		if (n == -1 && errno != EAGAIN)
			check(-1, "cmio_read");
		return n != 0;
	}

private:
	struct cmio_source source_;
};

class Poll {
public:
	explicit Poll(const char *selector = nullptr) :
	    poll_(cmio_poll_new(selector), cmio_poll_unref)
	{
		check(poll_ ? 0 : -1, "cmio_poll_new");
	}
	void add(Source &source, uintptr_t token, unsigned int interest)
	{
		check(cmio_register(poll_.get(), source.get(), token,
		    interest), "cmio_register");
	}
	void remove(Source &source)
	{
		check(cmio_deregister(poll_.get(), source.get()),
		    "cmio_deregister");
	}
	/* How many of the events are filled in; 0 also after a signal. */
	int wait(std::vector<struct cmio_event> &events, int64_t timeout = -1)
	{
		int n = cmio_poll_wait(poll_.get(), events.data(),
		    static_cast<int>(events.size()), timeout);

		return n == -1 && errno == EINTR ? 0 : check(n, "cmio_poll_wait");
	}

private:
	std::unique_ptr<struct cmio_poll, void (*)(struct cmio_poll *)> poll_;
};

} /* namespace cmio */

/* Three pipes: what goes into each comes out, and then its end. */
static void
run()
{
	std::vector<cmio::Source> readers, writers;
	std::vector<std::string> texts(3);
	std::vector<struct cmio_event> events(16);
	cmio::Poll poll;
	size_t open = 3;

	for (uintptr_t i = 0; i < 3; i++) {
		readers.emplace_back();		/* moves those before */
		writers.emplace_back();
		cmio::check(cmio_pipe(readers[i].get(), writers[i].get()),
		    "cmio_pipe");
		poll.add(readers[i], i, CMIO_READABLE);
		writers[i].write("text " + std::to_string(i));
	}
	writers.clear();			/* closes them */
	while (open > 0) {
		int n = poll.wait(events);

		for (int i = 0; i < n; i++) {
			const struct cmio_event &event =
			    events[static_cast<size_t>(i)];
			cmio::Source &reader = readers[event.token];

			if (reader.get()->fd != CMIO_FD_NONE &&
			    !reader.read_into(texts[event.token],
			    (event.ready & CMIO_READ_CLOSED) != 0)) {
				reader = cmio::Source();	/* closes it */
				open--;
			}
		}
	}
	for (const std::string &text : texts)
		std::printf("%s\n", text.c_str());
}

int
main()
{
	try {
		run();
		return EXIT_SUCCESS;
	} catch (const std::exception &error) {
		std::fprintf(stderr, "raii: %s\n", error.what());
		return EXIT_FAILURE;
	}
}
