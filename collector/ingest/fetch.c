/* SPDX-License-Identifier: Apache-2.0 */
/* Reading files, and URLs with libcurl. Whatever is at the other end may be anything: of endless
 * length, slow, or a device. */
#include "collector/ingest/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

bool fetch_is_url(const char *name)
{
	return !strncasecmp(name, "http://", 7) || !strncasecmp(name, "https://", 8);
}

static const char *named(const char *variable)
{
	const char *value = getenv(variable);
	return value && *value ? value : NULL;
}

void fetch_trust(CURL *curl)
{
	const char *bundle = named("CURL_CA_BUNDLE"), *folder = NULL;
	if (!bundle) {
		bundle = named("SSL_CERT_FILE");
		folder = named("SSL_CERT_DIR");
	}
	if (bundle)
		curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
	if (folder)
		curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static int too_long(struct nb_err *err)
{
	return nb_error(err, "more than %d MiB: no sampler writes that much; split the file",
			FETCH_BYTES_MAX >> 20);
}

static int read_file(struct nb_text *out, const char *path, struct nb_err *err)
{
	static char buf[65536];
	struct stat st;
	ssize_t n;
	/* a pipe without a writer must not block the opening */
	int ret = -1, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st)) {
		nb_error(err, "%s", strerror(errno));
		goto cleanup;
	}
	if (!S_ISREG(st.st_mode)) {
		nb_error(err, "no regular file");
		goto cleanup;
	}
	if (st.st_size > FETCH_BYTES_MAX) {
		too_long(err);
		goto cleanup;
	}
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		text_add_n(out, buf, (size_t)n);
		if (out->len > FETCH_BYTES_MAX) {
			too_long(err);
			goto cleanup;
		}
	}
	ret = n < 0 ? nb_error(err, "%s", strerror(errno)) : 0;
cleanup:
	if (fd >= 0)
		close(fd);
	return ret;
}

struct body {
	struct nb_text *text;
	bool over;
};

static size_t take_body(char *data, size_t size, size_t n, void *payload)
{
	struct body *b = payload;
	if (b->text->len + size * n > FETCH_BYTES_MAX) {
		b->over = true;
		return 0; /* ends the transfer */
	}
	text_add_n(b->text, data, size * n);
	return size * n;
}

static int read_url(struct nb_text *out, const char *url, struct nb_err *err)
{
	static CURL *curl; /* kept: the next file comes over the same connection */
	struct body body = {out, false};
	char why[CURL_ERROR_SIZE] = "";
	if (!curl && !(curl = curl_easy_init()))
		return nb_error(err, "libcurl cannot start");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)FETCH_REDIRECTS_MAX);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)FETCH_SECONDS_MAX);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 15L);
	curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, (long)FETCH_BYTES_MAX);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	fetch_trust(curl);
	CURLcode rc = curl_easy_perform(curl);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (body.over || rc == CURLE_FILESIZE_EXCEEDED)
		return too_long(err);
	if (rc != CURLE_OK)
		return nb_error(err, "%s", *why ? why : curl_easy_strerror(rc));
	return 0;
}

int fetch(struct nb_text *out, const char *name, struct nb_err *err)
{
	text_cut(out, 0);
	return fetch_is_url(name) ? read_url(out, name, err) : read_file(out, name, err);
}
