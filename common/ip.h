/* SPDX-License-Identifier: Apache-2.0 */
/* An IP address of either version, in the bytes that netlink and the socket calls take. */
#ifndef NB_IP_H
#define NB_IP_H

#include <stdbool.h>
#include <stddef.h>

struct ip {
	unsigned char family;	 /* AF_INET or AF_INET6; 0: none */
	unsigned char bytes[16]; /* in network order; of IPv4 the first four */
};

/* From text; false, and `out` is none, where it is no address. */
bool ip_parse(struct ip *out, const char *text);

/* How many bytes an address of the family has. */
size_t ip_size(unsigned char family);

#endif
