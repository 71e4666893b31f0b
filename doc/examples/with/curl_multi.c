/* SPDX-License-Identifier: MIT */
/*
 * curl_multi SECONDS URL...: transfers all at once, by libcurl's multi_socket
 * interface, none for longer than SECONDS, and prints how each has ended.
 *
 * libcurl opens the sockets, says for which events it wants to be called, and
 * when it wants to be called if there are none: one time for all transfers.
 * It does not read until EAGAIN, so the sockets are level-triggered.
 */
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <curl/curl.h>

#include <cmio.h>

enum { MAX_EVENTS = 64 };
#define NO_TIME	INT64_MAX

static struct cmio_poll *sources;
static CURLM *multi;
static int64_t deadline = NO_TIME;	/* when libcurl wants to be called */

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* libcurl calls this; it must not be called from here, not even for 0 ms. */
static int
on_timer(CURLM *from, long milliseconds, void *data)
{
	(void)from, (void)data;
	deadline = milliseconds == -1 ? NO_TIME :
	    now() + (int64_t)milliseconds * 1000000;
	return 0;
}

static void
forget(struct cmio_source *source)
{
	if (source != NULL)
		cmio_release(source);	/* the descriptor is libcurl's */
	free(source);
}

static int
watch(curl_socket_t fd, struct cmio_source *source, unsigned int interest)
{
	if (source != NULL)
		return cmio_reregister(sources, source, (uintptr_t)fd,
		    interest);
	source = malloc(sizeof(*source));
	if (source == NULL)
		return -1;
	cmio_source_init(source, fd);
	if (cmio_register(sources, source, (uintptr_t)fd, interest) == -1) {
		free(source);
		return -1;
	}
	curl_multi_assign(multi, fd, source);
	return 0;
}

/*
 * A token is the descriptor's number and not an address: the source may be
 * gone before its event in the same batch is looked at, and libcurl knows
 * what to make of a socket that it has closed.
 */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *assigned)
{
	unsigned int interest = CMIO_LEVEL;

	(void)easy, (void)data;
	if (what == CURL_POLL_REMOVE) {
		forget(assigned);
		return 0;
	}
	if (what & CURL_POLL_IN)
		interest |= CMIO_READABLE;
	if (what & CURL_POLL_OUT)
		interest |= CMIO_WRITABLE;
	return watch(fd, assigned, interest);
}

static void
tell_curl(const struct cmio_event *event)
{
	int bits = 0, running;

	if (event->ready & (CMIO_READABLE | CMIO_READ_CLOSED))
		bits |= CURL_CSELECT_IN;
	if (event->ready & CMIO_WRITABLE)
		bits |= CURL_CSELECT_OUT;
	if (event->ready & CMIO_ERROR)
		bits |= CURL_CSELECT_ERR;
	curl_multi_socket_action(multi, (curl_socket_t)event->token, bits,
	    &running);
}

/* How long the wait may last; with its time over, libcurl is called. */
static int64_t
timeout(void)
{
	int64_t left = deadline - now();
	int running;

	if (deadline == NO_TIME)
		return -1;
	if (left > 0)
		return left;
	deadline = NO_TIME;	/* libcurl sets the next */
	curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
	return 0;
}

static size_t
discard(char *data, size_t size, size_t n, void *user)
{
	(void)data, (void)user;
	return size * n;
}

static void
add(const char *url, long seconds)
{
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		errx(1, "curl_easy_init");
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
	if (curl_multi_add_handle(multi, easy) != CURLM_OK)
		errx(1, "curl_multi_add_handle");
}

/* How many transfers have ended; counts those that have failed. */
static int
take_ended(int *failures)
{
	CURLMsg *message;
	CURL *easy;
	curl_off_t bytes;
	char *url;
	int left, n;

	for (n = 0; (message = curl_multi_info_read(multi, &left)) != NULL;
	    n++) {
		easy = message->easy_handle;
		*failures += message->data.result != CURLE_OK;
		curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
		curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
		printf("%s: %s, %lld bytes\n", url,
		    curl_easy_strerror(message->data.result),
		    (long long)bytes);
		curl_multi_remove_handle(multi, easy);
		curl_easy_cleanup(easy);
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct cmio_event events[MAX_EVENTS];
	int i, n, failures = 0, running = argc - 2;

	sources = cmio_poll_new(NULL);
	if (sources == NULL)
		err(1, "cmio_poll_new");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	multi = curl_multi_init();
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
	for (i = 2; i < argc; i++)
		add(argv[i], strtol(argv[1], NULL, 10));
	while (running > 0) {
		n = cmio_poll_wait(sources, events, MAX_EVENTS, timeout());
		if (n == -1 && errno != EINTR)
			err(1, "cmio_poll_wait");
		for (i = 0; i < n; i++)
			tell_curl(&events[i]);
		running -= take_ended(&failures);
	}
	curl_multi_cleanup(multi);
	curl_global_cleanup();
	cmio_poll_unref(sources);
	return failures > 0;
}
