/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests and answers of netlink. The kernel works a request off inside send() and queues the
 * answer before it returns (net/netlink/af_netlink.c, netlink_unicast_kernel), so waiting for one
 * is short. What arrives is taken only when it is the kernel's and carries the request's sequence
 * number: an answer to a request that failed half way would otherwise be taken for the next one's.
 */
#include "common/netlink.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACK_ROOM = 512 }; /* struct nlmsgerr with NETLINK_CAP_ACK, and attributes of later kernels */

int nl_open(int protocol, struct nb_err *err)
{
	static const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return nb_error(err, "cannot open a netlink socket: %s", strerror(errno));
	/* a refusal need not repeat the request; kernels before 4.3 do, and that is no harm */
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	return fd;
}

/* The header of an attribute and the padding after it (the kernel's macros are of type int). */
#define ATTR_HEADER sizeof(struct nlattr)

static size_t align(size_t len)
{
	return (len + NLA_ALIGNTO - 1) & ~(size_t)(NLA_ALIGNTO - 1);
}

static struct nlmsghdr *header(struct nl_request *r)
{
	return (struct nlmsghdr *)r->buf;
}

/* The next `size` bytes of the request, zeroed. Requests are made by this program from data of
 * known size: one that does not fit is a mistake in it, in a release build too. */
static void *take(struct nl_request *r, size_t size)
{
	size_t at = NLMSG_ALIGN(header(r)->nlmsg_len);
	if (size > sizeof(r->buf) - at)
		abort();
	memset(r->buf + at, 0, size);
	header(r)->nlmsg_len = (uint32_t)(at + size);
	return r->buf + at;
}

void *nl_begin(struct nl_request *r, uint16_t type, uint16_t flags, size_t header_size)
{
	struct nlmsghdr *h = memset(r->buf, 0, NLMSG_HDRLEN);
	h->nlmsg_len = NLMSG_HDRLEN;
	h->nlmsg_type = type;
	h->nlmsg_flags = (uint16_t)(flags | NLM_F_REQUEST);
	return take(r, NLMSG_ALIGN(header_size));
}

static struct nlattr *put(struct nl_request *r, uint16_t type, size_t len)
{
	if (len > sizeof(r->buf)) /* also keeps nla_len within its 16 bits */
		abort();
	struct nlattr *a = take(r, align(ATTR_HEADER + len));
	a->nla_type = type;
	a->nla_len = (uint16_t)(ATTR_HEADER + len);
	return a;
}

void nl_put(struct nl_request *r, uint16_t type, const void *data, size_t len)
{
	struct nlattr *a = put(r, type, len);
	if (len)
		memcpy((char *)a + ATTR_HEADER, data, len);
}

void nl_put_u32(struct nl_request *r, uint16_t type, uint32_t value)
{
	nl_put(r, type, &value, sizeof(value));
}

void nl_put_text(struct nl_request *r, uint16_t type, const char *s)
{
	nl_put(r, type, s, strlen(s) + 1);
}

struct nlattr *nl_nest(struct nl_request *r, uint16_t type, size_t extra, void **at_extra)
{
	struct nlattr *a = put(r, (uint16_t)(type | NLA_F_NESTED), align(extra));
	if (at_extra)
		*at_extra = (char *)a + ATTR_HEADER;
	return a;
}

void nl_nest_end(struct nl_request *r, struct nlattr *nest)
{
	size_t at = (size_t)((unsigned char *)nest - r->buf);
	nest->nla_len = (uint16_t)(header(r)->nlmsg_len - at);
}

static int send_request(int fd, struct nl_request *r)
{
	static _Atomic uint32_t last_seq; /* sockets may be used by several threads at once */
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	struct nlmsghdr *h = header(r);
	h->nlmsg_seq = ++last_seq;
	ssize_t n;
	do
		n = sendto(fd, h, h->nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

/* Waits for a message of the kernel's; its whole length, be it more than `cap`, or a negative
 * errno. */
static ssize_t receive(int fd, void *reply, size_t cap)
{
	for (;;) {
		struct sockaddr_nl from = {0};
		socklen_t from_len = sizeof(from);
		ssize_t n =
			recvfrom(fd, reply, cap, MSG_TRUNC, (struct sockaddr *)&from, &from_len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n >= 0 && !from.nl_pid)
			return n;
	}
}

/* Waits for the message that answers `seq`; its length, or a negative errno. A refusal is returned
 * as its errno, an acknowledgement as 0. */
static ssize_t receive_answer(int fd, uint32_t seq, void *reply, size_t cap)
{
	for (;;) {
		ssize_t n = receive(fd, reply, cap);
		if (n < 0)
			return n;
		const struct nlmsghdr *h = reply;
		size_t have = (size_t)n < cap ? (size_t)n : cap; /* n counts what did not fit too */
		if (have < sizeof(*h) || h->nlmsg_seq != seq)
			continue; /* the answer to a request given up */
		if (h->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *e = (const void *)(h + 1);
			if (have < NLMSG_LENGTH(sizeof(e->error)))
				return -EBADMSG;
			return e->error;
		}
		if ((size_t)n > cap)
			return -EMSGSIZE;
		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > (size_t)n)
			return -EBADMSG;
		return (ssize_t)h->nlmsg_len;
	}
}

int nl_talk(int fd, struct nl_request *r)
{
	_Alignas(struct nlmsghdr) unsigned char ack[ACK_ROOM];
	header(r)->nlmsg_flags |= NLM_F_ACK;
	int ret = send_request(fd, r);
	if (ret)
		return ret;
	ssize_t n = receive_answer(fd, header(r)->nlmsg_seq, ack, sizeof(ack));
	/* NLM_F_ECHO would send a message before the acknowledgement; nobody here asks for it */
	return n > 0 ? -EBADMSG : (int)n;
}

ssize_t nl_ask(int fd, struct nl_request *r, void *reply, size_t cap)
{
	if (cap < NLMSG_LENGTH(sizeof(struct nlmsgerr)))
		abort(); /* not even a refusal would fit */
	int ret = send_request(fd, r);
	if (ret)
		return ret;
	ssize_t n = receive_answer(fd, header(r)->nlmsg_seq, reply, cap);
	return n ? n : -ENODATA;
}

int nl_each(const void *piece, size_t len, uint32_t seq, bool *done, nl_take *call, void *payload)
{
	const unsigned char *at = piece;
	int ret = 0;
	while (len >= sizeof(struct nlmsghdr) && !*done) {
		const struct nlmsghdr *h = (const void *)at;
		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > len)
			return ret ? ret : -EBADMSG;
		if (h->nlmsg_seq == seq) {
			/* both carry an errno first; NLMSG_DONE of old kernels may be bare */
			const int *error = (const void *)(h + 1);
			int said = 0;
			if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
				*done = true;
				said = h->nlmsg_len >= NLMSG_LENGTH(sizeof(*error)) ? *error : 0;
			} else if (h->nlmsg_type >= NLMSG_MIN_TYPE) {
				said = call(payload, h);
			}
			if (!said && h->nlmsg_flags & NLM_F_DUMP_INTR)
				said = -EINTR;
			if (!ret && said < 0)
				ret = said;
		}
		size_t step = NLMSG_ALIGN(h->nlmsg_len);
		if (step >= len)
			break;
		at += step;
		len -= step;
	}
	return ret;
}

int nl_dump(int fd, struct nl_request *r, void *reply, size_t cap, nl_take *call, void *payload)
{
	header(r)->nlmsg_flags |= NLM_F_DUMP;
	int ret = send_request(fd, r);
	bool done = ret < 0;
	while (!done) {
		ssize_t n = receive(fd, reply, cap);
		if (n < 0)
			return (int)n;
		bool whole = (size_t)n <= cap;
		int said = nl_each(reply, whole ? (size_t)n : cap, header(r)->nlmsg_seq, &done,
				   call, payload);
		if (!ret)
			ret = whole ? said : -EMSGSIZE;
	}
	return ret;
}

static const struct nlattr *find(const void *attributes, size_t left, uint16_t type)
{
	const unsigned char *at = attributes;
	while (left >= ATTR_HEADER) {
		const struct nlattr *a = (const void *)at;
		if (a->nla_len < ATTR_HEADER || a->nla_len > left)
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		size_t step = align(a->nla_len);
		if (step > left)
			return NULL;
		at += step;
		left -= step;
	}
	return NULL;
}

const struct nlattr *nl_find(const struct nlmsghdr *answer, size_t header_size, uint16_t type)
{
	size_t start = NLMSG_HDRLEN + NLMSG_ALIGN(header_size);
	if (answer->nlmsg_len < start)
		return NULL;
	return find((const unsigned char *)answer + start, answer->nlmsg_len - start, type);
}

const struct nlattr *nl_find_in(const struct nlattr *nest, uint16_t type)
{
	return find(nl_data(nest), nl_size(nest), type);
}
