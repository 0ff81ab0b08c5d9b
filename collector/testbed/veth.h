/* SPDX-License-Identifier: Apache-2.0 */
/* Making the way between two network namespaces, by netlink: no `ip` binary, no names left. */
#ifndef NB_VETH_H
#define NB_VETH_H

#include <stdbool.h>

#include "common/error.h"

struct veth_end {
	int netns_fd;
	char ifname[16];
	unsigned char mac[6];
	char ip[46]; /* IPv4, /30, or IPv6, /64 */
};

/* Creates the pair in its two namespaces, with the addresses of the ends and no other, both ends
 * up, each other's neighbour entries permanent: nothing but test packets flows. */
int veth_create(const struct veth_end *a, const struct veth_end *b, struct nb_err *err);

/* Prepares lo of one namespace for packets to its own address, that of `end`. */
int loopback_create(int netns_fd, const struct veth_end *end, struct nb_err *err);

/* GRO on at the receiver (veth then receives by NAPI), TSO off at its peer. */
int veth_napi(const struct veth_end *sender, const struct veth_end *receiver, struct nb_err *err);

/* Runs fn(arg, err) in a thread that has entered the network namespace; returns its result. */
int in_netns(int netns_fd, int (*fn)(void *arg, struct nb_err *err), void *arg, struct nb_err *err);

#endif
