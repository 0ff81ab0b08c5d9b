// SPDX-License-Identifier: Apache-2.0
/* Tables with a line a CPU, UDP sockets, and the pieces of a dump of qdiscs. */
#include <linux/netlink.h>
#include <string.h>

#include "collector/counters/parse.h"
#include "common/metric.h"
#include "common/netlink.h"
#include "fuzz.h"

static int take_qdisc(void *payload, const struct nlmsghdr *message)
{
	struct qdisc_row row;
	const unsigned char *end = payload;
	MUST((const unsigned char *)message + message->nlmsg_len <= end);
	int ret = qdisc_parse(&row, message, 0);
	MUST(ret <= 1);
	MUST(ret != 1 || memchr(row.kind, '\0', sizeof(row.kind)));
	return ret < 0 ? ret : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"in_no_route", "in_martian_dst", "in_martian_src"};
	uint64_t values[3];
	struct udp_sockets sockets;
	int n = cpu_columns_parse(values, names, 3, (const char *)data, size);
	MUST(n == -1 || (n > 0 && n <= 3));
	for (size_t k = 0; k < 3; k++)
		MUST(values[k] <= UINT32_MAX || values[k] == METRIC_MISSING);
	MUST(udp_sockets_parse(&sockets, (const char *)data, size) >= -1);

	unsigned char *piece = malloc(size + !size); /* aligned, and of just this length */
	bool done = false;
	memcpy(piece, data, size);
	MUST(nl_each(piece, size, 0, &done, take_qdisc, piece + size) <= 0 || done);
	free(piece);
	return 0;
}
