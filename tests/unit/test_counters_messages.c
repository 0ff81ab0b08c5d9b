// SPDX-License-Identifier: Apache-2.0
/*
 * What kernels have answered, saved as bytes (tests/fixtures/netlink/, hexadecimal), through the
 * parsers of the readers; the rows are in tests/golden/counters/netlink.txt (UPDATE=1 writes them
 * anew). Then the same bytes shorter and longer than this program knows them, cut off anywhere, and
 * with any byte of theirs turned: nothing beyond their end may be read.
 */
#include "unit.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/counters/parse.h"
#include "collector/counters/queue.h"
#include "common/metric.h"
#include "common/netlink.h"
#include "common/text.h"

enum { SEQ = 7, QUEUE_NAMES_MAX = 64 }; /* SEQ: of the requests when the bytes were saved */

struct bytes {
	unsigned char *at;
	size_t len;
};

static struct bytes load(const char *name)
{
	char path[512], line[256];
	struct bytes b = {nb_alloc(4096, 1), 0};
	snprintf(path, sizeof(path), "%s/netlink/%s.hex", NB_FIXTURES, name);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *at = line, *end;
		for (; *at && *at != '#' && *at != '\n' && b.len < 4096; at = end) {
			b.at[b.len++] = (unsigned char)strtoul(at, &end, 16);
			end += strspn(end, " ");
		}
	}
	fclose(f);
	return b;
}

/* In memory that ends where they end: a sanitizer sees what reads beyond. */
static struct bytes part_of(const struct bytes *b, size_t len)
{
	struct bytes part = {malloc(len ? len : 1), len};
	assert_non_null(part.at);
	memcpy(part.at, b->at, len);
	return part;
}

static void put_value(struct nb_text *out, const char *name, uint64_t v)
{
	if (v == METRIC_MISSING)
		text_addf(out, " %s=-", name);
	else
		text_addf(out, " %s=%llu", name, (unsigned long long)v);
}

static int take_link(void *payload, const struct nlmsghdr *message)
{
	uint64_t values[LINK_METRICS];
	const struct nlattr *a = nl_find(message, sizeof(struct if_stats_msg), IFLA_STATS_LINK_64);
	if (!a || link_parse(values, nl_data(a), nl_size(a)) < 0)
		return -EBADMSG;
	for (size_t k = 0; k < LINK_METRICS; k++)
		put_value(payload, link_metrics[k], values[k]);
	text_add(payload, "\n");
	return 0;
}

static int take_qdisc(void *payload, const struct nlmsghdr *message)
{
	static const char *const names[QDISC_FIELDS] = {"packets",	"bytes",
							"drops",	"overlimits",
							"requeues",	"backlog_packets",
							"backlog_bytes"};
	struct qdisc_row row;
	int ret = 0;
	for (int ifindex = 0; ifindex < 16; ifindex++) {
		ret = qdisc_parse(&row, message, ifindex);
		if (ret < 0)
			return ret;
		if (!ret)
			continue;
		text_addf(payload, " interface %d parent %x %.16s:", ifindex, row.parent, row.kind);
		for (size_t k = 0; k < QDISC_FIELDS; k++)
			put_value(payload, names[k], row.field[k]);
		text_add(payload, "\n");
	}
	return 0;
}

static const char *const queue_names[QUEUE_FIELDS] = {"packets", "bytes", "drops", "ring_full"};

static int take_queue(void *payload, const struct nlmsghdr *message)
{
	struct queue_stats q;
	if (queue_stats_parse(&q, message) != 1)
		return 0;
	text_addf(payload, " %s:%u", q.direction == QUEUE_RX ? "rx" : "tx", q.queue);
	for (size_t k = 0; k < QUEUE_FIELDS; k++)
		put_value(payload, queue_names[k], q.field[k]);
	text_add(payload, "\n");
	return 0;
}

static const struct {
	const char *name;
	nl_take *take;
	bool dump;
} replies[] = {
	{"getstats", take_link,	false},
	{"getqdisc", take_qdisc, true },
	{"qstats",   take_queue, true },
};
enum { N_REPLIES = sizeof(replies) / sizeof(*replies) };

static int take_all(struct nb_text *out, size_t k, const struct bytes *b)
{
	bool done = false;
	text_addf(out, "%s:\n", replies[k].name);
	int ret = nl_each(b->at, b->len, SEQ, &done, replies[k].take, out);
	return ret ? ret : done == replies[k].dump ? 0 : -ENODATA;
}

static void put_ethtool(struct nb_text *out)
{
	struct bytes names = load("gstrings"), values = load("gstats");
	struct queue_part parts[QUEUE_NAMES_MAX];
	size_t n = values.len / sizeof(uint64_t);
	uint64_t *v = nb_alloc(n, sizeof(*v));
	assert_int_equal(names.len, n * QUEUE_NAME_LEN);
	memcpy(v, values.at, values.len);
	size_t found =
		queue_rules_match(parts, QUEUE_NAMES_MAX, "virtio_net", (char *)names.at, v, n);
	text_addf(out, "ethtool of virtio_net, %zu figures:\n", n);
	for (size_t i = 0; i < found; i++)
		text_addf(out, " %s:%u %s=%llu from %.32s\n",
			  parts[i].cell.direction == QUEUE_RX ? "rx" : "tx", parts[i].cell.queue,
			  queue_names[parts[i].cell.field], (unsigned long long)v[parts[i].stat],
			  (char *)names.at + parts[i].stat * QUEUE_NAME_LEN);
	free(names.at);
	free(values.at);
	free(v);
}

static void saved_replies_give_their_rows(void **state)
{
	(void)state;
	struct nb_text out = {0};
	char path[512], *wanted = nb_alloc(65536, 1);
	for (size_t k = 0; k < N_REPLIES; k++) {
		struct bytes b = load(replies[k].name);
		assert_int_equal(take_all(&out, k, &b), 0);
		free(b.at);
	}
	put_ethtool(&out);
	snprintf(path, sizeof(path), "%s/../golden/counters/netlink.txt", NB_FIXTURES);
	FILE *f = fopen(path, getenv("UPDATE") ? "w+e" : "re");
	assert_non_null(f);
	if (getenv("UPDATE")) {
		fputs(out.s, f);
		rewind(f);
	}
	assert_true(fread(wanted, 1, 65535, f) > 0);
	fclose(f);
	assert_string_equal(out.s, wanted);
	free(wanted);
	text_free(&out);
}

/* The kernel appends to its structures: 23 counters, 24, 25 so far, and those to come. */
static void fewer_and_more_counters_are_taken(void **state)
{
	(void)state;
	struct bytes b = load("getstats");
	const size_t head = NLMSG_HDRLEN + sizeof(struct if_stats_msg);
	for (uint16_t n = 1; n <= 40; n++) {
		struct bytes other = {calloc(head + sizeof(struct nlattr) + n * 8U, 1),
				      head + sizeof(struct nlattr) + n * 8U};
		struct nb_text out = {0};
		memcpy(other.at, b.at, b.len < other.len ? b.len : other.len);
		((struct nlmsghdr *)other.at)->nlmsg_len = (uint32_t)other.len;
		((struct nlattr *)(other.at + head))->nla_len =
			(uint16_t)(sizeof(struct nlattr) + n * 8U);
		assert_int_equal(take_all(&out, 0, &other), 0);
		size_t missing = 0;
		for (const char *at = out.s; (at = strstr(at, "=-")); at++)
			missing++;
		assert_int_equal(missing, n < LINK_METRICS ? LINK_METRICS - n : 0);
		text_free(&out);
		free(other.at);
	}
	free(b.at);
}

static void a_reply_that_is_cut_off_is_no_reply(void **state)
{
	(void)state;
	for (size_t k = 0; k < N_REPLIES; k++) {
		struct bytes b = load(replies[k].name);
		for (size_t len = 0; len < b.len; len++) {
			struct bytes part = part_of(&b, len);
			struct nb_text out = {0};
			/* one message that is not there at all is nobody's mistake */
			assert_true(take_all(&out, k, &part) != 0 || !strstr(out.s, "\n "));
			text_free(&out);
			free(part.at);
		}
		free(b.at);
	}
}

/* Attributes that say that they are longer, shorter or other than they are. */
static void no_byte_makes_a_parser_read_beyond_the_end(void **state)
{
	(void)state;
	static const unsigned char turned[] = {0, 1, 3, 4, 7, 8, 0x10, 0x7f, 0x80, 0xff};
	for (size_t k = 0; k < N_REPLIES; k++) {
		struct bytes b = load(replies[k].name);
		for (size_t i = 0; i < b.len; i++)
			for (size_t t = 0; t < sizeof(turned); t++) {
				struct bytes other = part_of(&b, b.len);
				struct nb_text out = {0};
				other.at[i] = turned[t];
				take_all(&out, k, &other);
				text_free(&out);
				free(other.at);
			}
		free(b.at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(saved_replies_give_their_rows),
		cmocka_unit_test(fewer_and_more_counters_are_taken),
		cmocka_unit_test(a_reply_that_is_cut_off_is_no_reply),
		cmocka_unit_test(no_byte_makes_a_parser_read_beyond_the_end),
	};
	return cmocka_run_group_tests_name("counters: saved replies", tests, NULL, NULL);
}
