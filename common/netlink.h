/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of netlink as netbound needs: build a request, send it, take the answer or the kernel's
 * refusal. No library: the static agent links none, and the messages are few. A socket belongs to
 * the network namespace in which it was opened, wherever its user goes later.
 */
#ifndef NB_NETLINK_H
#define NB_NETLINK_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/error.h"

/* A request under construction. The room is fixed: requests are ours, and one that does not fit
 * aborts, in a release build too. */
struct nl_request {
	_Alignas(struct nlmsghdr) unsigned char buf[2048];
};

/* Opens a socket of `protocol` (NETLINK_ROUTE, NETLINK_GENERIC): the descriptor, or -1. */
int nl_open(int protocol, struct nb_err *err);

/* Starts a request with room for the family's header (zeroed) and returns that header.
 * NLM_F_REQUEST is set here; the sequence number when it is sent, so one may be sent again. */
void *nl_begin(struct nl_request *r, uint16_t type, uint16_t flags, size_t header_size);
void nl_put(struct nl_request *r, uint16_t type, const void *data, size_t len);
void nl_put_u32(struct nl_request *r, uint16_t type, uint32_t value);
void nl_put_text(struct nl_request *r, uint16_t type, const char *s);
/* Nested attributes (NLA_F_NESTED is set here): nl_nest() … nl_nest_end(). `extra` zeroed bytes
 * follow the attribute's header (struct ifinfomsg in VETH_INFO_PEER); *at_extra points to them;
 * both may be 0, NULL. */
struct nlattr *nl_nest(struct nl_request *r, uint16_t type, size_t extra, void **at_extra);
void nl_nest_end(struct nl_request *r, struct nlattr *nest);

/* Sends with NLM_F_ACK and waits for the kernel's word: 0, or a negative errno. */
int nl_talk(int fd, struct nl_request *r);

/* Sends and takes one answer into `reply`; returns its length, or a negative errno. Allocates
 * nothing, so that a tick may use it. `reply` is aligned for struct nlmsghdr; an answer longer than
 * `cap` is -EMSGSIZE, a bare acknowledgement -ENODATA. One message is taken; for dumps: nl_dump().
 */
ssize_t nl_ask(int fd, struct nl_request *r, void *reply, size_t cap);

/* Sends a request with NLM_F_DUMP and hands each message of the answer to call(), which returns 0,
 * or a negative errno that is returned in the end (the rest is received all the same: a dump that
 * is left half taken blocks the next one). Allocates nothing; `reply` of 16 KiB holds whatever a
 * dump puts into one piece (net/netlink/af_netlink.c, netlink_dump). 0; or a negative errno, -EINTR
 * when what was dumped changed meanwhile. */
typedef int nl_take(void *payload, const struct nlmsghdr *message);
int nl_dump(int fd, struct nl_request *r, void *reply, size_t cap, nl_take *call, void *payload);

/* The messages of one received piece, each handed to call(); pure, for nl_dump() and its tests.
 * *done is set by the end of the dump or a refusal. Returns as nl_dump(). */
int nl_each(const void *piece, size_t len, uint32_t seq, bool *done, nl_take *call, void *payload);

/* Finds an attribute in the attributes after `header_size` bytes of family header; NULL: none. */
const struct nlattr *nl_find(const struct nlmsghdr *answer, size_t header_size, uint16_t type);
/* The same in the attributes that a found attribute nests. */
const struct nlattr *nl_find_in(const struct nlattr *nest, uint16_t type);

/* The payload of an attribute; 4-byte aligned only, so u64 are copied out. */
static inline const void *nl_data(const struct nlattr *a)
{
	return a + 1;
}
static inline size_t nl_size(const struct nlattr *a)
{
	return a->nla_len - sizeof(*a);
}

#endif
