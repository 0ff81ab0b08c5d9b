/* SPDX-License-Identifier: Apache-2.0 */
/* Facts from files and foreign text; nothing is put that is not known. */
#include "collector/counters/facts_put.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "common/utf8.h"

bool facts_read_start(char *buf, size_t cap, int root_fd, const char *path)
{
	int fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	ssize_t n;
	do
		n = read(fd, buf, cap - 1);
	while (n < 0 && errno == EINTR);
	close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n > 0;
}

void facts_put_text(json_t *o, const char *key, const char *s, size_t len)
{
	static const char blanks[] = " \t\r\n";
	struct nb_text raw = {0}, clean = {0};
	text_add_n(&raw, s, len);
	const char *at = raw.s + strspn(raw.s, blanks);
	while (*at) {
		size_t n = utf8_length(at);
		text_add_n(&clean, n ? at : "\xef\xbf\xbd", n ? n : 3);
		at += n ? n : 1;
	}
	while (clean.len && strchr(blanks, clean.s[clean.len - 1]))
		text_cut(&clean, clean.len - 1);
	if (clean.len)
		json_object_set_new(o, key, json_stringn(clean.s, clean.len));
	text_free(&raw);
	text_free(&clean);
}

void facts_put_line(json_t *o, const char *key, int root_fd, const char *path)
{
	char line[4096];
	if (facts_read_start(line, sizeof(line), root_fd, path))
		facts_put_text(o, key, line, strcspn(line, "\n"));
}

void facts_put_number(json_t *o, const char *key, int root_fd, const char *path)
{
	char line[64], *end;
	if (!facts_read_start(line, sizeof(line), root_fd, path))
		return;
	line[strcspn(line, "\n")] = '\0';
	errno = 0;
	long long v = strtoll(line, &end, 10);
	if (end != line && !*end && !errno && v >= 0)
		json_object_set_new(o, key, json_integer(v));
}

void facts_put_part(json_t *o, const char *key, json_t *part)
{
	if (json_object_size(part))
		json_object_set_new(o, key, part);
	else
		json_decref(part);
}
