/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses from text. */
#include "common/ip.h"

#include <arpa/inet.h>
#include <string.h>

bool ip_parse(struct ip *out, const char *text)
{
	*out = (struct ip){.family = strchr(text, ':') ? AF_INET6 : AF_INET};
	if (inet_pton(out->family, text, out->bytes) == 1)
		return true;
	*out = (struct ip){0};
	return false;
}

size_t ip_size(unsigned char family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}
