// SPDX-License-Identifier: Apache-2.0
/* An answer of netlink: attributes, attributes in them, and the counters of an interface. */
#include <linux/if_link.h>
#include <string.h>

#include "collector/counters/parse.h"
#include "common/netlink.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t values[LINK_METRICS];
	size_t len = sizeof(struct nlmsghdr) + size;
	struct nlmsghdr *answer = malloc(len);
	answer->nlmsg_len = (uint32_t)len;
	memcpy(answer + 1, data, size);
	for (uint16_t type = 0; type < 64; type++) {
		const struct nlattr *a = nl_find(answer, sizeof(struct if_stats_msg), type);
		const unsigned char *start = (const void *)answer;
		if (!a)
			continue;
		const unsigned char *payload = nl_data(a);
		MUST(payload >= start && payload + nl_size(a) <= start + len);
		link_parse(values, payload, nl_size(a));
		const struct nlattr *inner = nl_find_in(a, IFLA_INFO_KIND);
		if (inner)
			MUST((const unsigned char *)nl_data(inner) + nl_size(inner) <=
			     payload + nl_size(a));
	}
	free(answer);
	return 0;
}
