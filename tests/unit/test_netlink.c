// SPDX-License-Identifier: Apache-2.0
/*
 * Requests and attributes without a kernel, then with it: lo of the running host, and (as root) a
 * veth pair in a network namespace of this process.
 */
#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/netlink.h"

struct answer {
	_Alignas(struct nlmsghdr) unsigned char buf[4096];
};

static void attributes_are_padded_and_found(void **state)
{
	(void)state;
	struct nl_request r;
	const struct nlmsghdr *h = (const void *)r.buf;
	struct ifinfomsg *info = nl_begin(&r, RTM_NEWLINK, NLM_F_CREATE, sizeof(*info));
	info->ifi_index = 7;
	nl_put_text(&r, IFLA_IFNAME, "vx0"); /* 4 bytes */
	nl_put(&r, IFLA_ADDRESS, "\1\2\3\4\5\6", 6);
	nl_put_u32(&r, IFLA_MTU, 1400);
	assert_int_equal(h->nlmsg_len, 16 + sizeof(*info) + 8 + 12 + 8);
	assert_int_equal(h->nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE);

	const struct nlattr *a = nl_find(h, sizeof(*info), IFLA_ADDRESS);
	assert_non_null(a);
	assert_int_equal(nl_size(a), 6);
	assert_memory_equal(nl_data(a), "\1\2\3\4\5\6", 6);
	uint32_t mtu = 0;
	a = nl_find(h, sizeof(*info), IFLA_MTU);
	assert_non_null(a);
	memcpy(&mtu, nl_data(a), sizeof(mtu));
	assert_int_equal(mtu, 1400);
	assert_null(nl_find(h, sizeof(*info), IFLA_MASTER));
}

static void a_nest_holds_what_was_put_into_it(void **state)
{
	(void)state;
	struct nl_request r;
	const struct nlmsghdr *h = (const void *)r.buf;
	nl_begin(&r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	struct nlattr *outer = nl_nest(&r, IFLA_LINKINFO, 0, NULL);
	void *extra = NULL;
	struct nlattr *inner = nl_nest(&r, VETH_INFO_PEER, sizeof(struct ifinfomsg), &extra);
	static const struct ifinfomsg zero;
	assert_memory_equal(extra, &zero, sizeof(zero));
	nl_put_text(&r, IFLA_IFNAME, "b");
	nl_nest_end(&r, inner);
	nl_nest_end(&r, outer);
	nl_put_u32(&r, IFLA_MTU, 1); /* not in the nest */
	assert_int_equal(inner->nla_len, 4 + sizeof(struct ifinfomsg) + 8);
	assert_int_equal(outer->nla_len, 4 + inner->nla_len);
	const struct nlattr *a = nl_find(h, sizeof(struct ifinfomsg), IFLA_LINKINFO);
	assert_ptr_equal(a, outer); /* found in spite of NLA_F_NESTED */
	assert_true(a->nla_type & NLA_F_NESTED);
	assert_null(nl_find(h, sizeof(struct ifinfomsg), IFLA_IFNAME));
	assert_ptr_equal(nl_find_in(outer, VETH_INFO_PEER), inner);
	assert_null(nl_find_in(outer, IFLA_MTU)); /* it follows the nest */
	inner->nla_len += 4;			  /* reaches beyond the nest */
	assert_null(nl_find_in(outer, VETH_INFO_PEER));
}

static void a_broken_attribute_ends_the_search(void **state)
{
	(void)state;
	struct nl_request r;
	struct nlmsghdr *h = (void *)r.buf;
	nl_begin(&r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	struct nlattr *first = nl_nest(&r, 1, 0, NULL);
	nl_put_u32(&r, 2, 5);
	assert_non_null(nl_find(h, sizeof(struct ifinfomsg), 2));
	first->nla_len = 3; /* shorter than its own header: would loop for ever */
	assert_null(nl_find(h, sizeof(struct ifinfomsg), 2));
	first->nla_len = 400; /* beyond the message */
	assert_null(nl_find(h, sizeof(struct ifinfomsg), 1));
	first->nla_len = 4;
	h->nlmsg_len -= 1; /* the second one is cut */
	assert_null(nl_find(h, sizeof(struct ifinfomsg), 2));
	h->nlmsg_len = NLMSG_HDRLEN; /* no room for the family's header even */
	assert_null(nl_find(h, sizeof(struct ifinfomsg), 1));
}

static void the_last_attribute_needs_no_padding(void **state)
{
	(void)state;
	struct nl_request r;
	struct nlmsghdr *h = (void *)r.buf;
	nl_begin(&r, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	nl_put(&r, 1, "x", 1);
	nl_put_u32(&r, 2, 5);
	h->nlmsg_len -= 8 + 3; /* ends with the byte of the first; the second is no part of it */
	assert_non_null(nl_find(h, sizeof(struct ifinfomsg), 1));
	assert_null(nl_find(h, sizeof(struct ifinfomsg), 2));
}

static ssize_t get_link(int fd, int ifindex, struct answer *out, size_t cap)
{
	struct nl_request r;
	struct ifinfomsg *info = nl_begin(&r, RTM_GETLINK, 0, sizeof(*info));
	info->ifi_index = ifindex;
	return nl_ask(fd, &r, out->buf, cap);
}

static void lo_answers_and_a_missing_interface_is_enodev(void **state)
{
	(void)state;
	struct nb_err err = {0};
	struct answer out;
	int fd = nl_open(NETLINK_ROUTE, &err);
	assert_true(fd >= 0);
	assert_int_equal(get_link(fd, 0x7ffffff0, &out, sizeof(out)), -ENODEV);
	assert_true(get_link(fd, 1, &out, sizeof(out)) > 0);
	const struct nlattr *a = nl_find((void *)out.buf, sizeof(struct ifinfomsg), IFLA_IFNAME);
	assert_non_null(a);
	assert_string_equal(nl_data(a), "lo");
	/* an answer that does not fit is refused whole, and does not upset the next one */
	assert_int_equal(get_link(fd, 1, &out, 128), -EMSGSIZE);
	assert_int_equal(get_link(fd, 0x7ffffff0, &out, sizeof(out)), -ENODEV);
	close(fd);
}

static void an_answer_given_up_is_not_taken_for_the_next(void **state)
{
	(void)state;
	struct nb_err err = {0};
	struct answer out;
	int fd = nl_open(NETLINK_ROUTE, &err);
	struct nl_request r;
	struct ifinfomsg *info = nl_begin(&r, RTM_GETLINK, 0, sizeof(*info));
	info->ifi_index = 1;
	((struct nlmsghdr *)r.buf)->nlmsg_seq = 0x80000000;
	assert_true(send(fd, r.buf, ((struct nlmsghdr *)r.buf)->nlmsg_len, 0) > 0); /* not read */
	assert_int_equal(get_link(fd, 0x7ffffff0, &out, sizeof(out)), -ENODEV);
	close(fd);
}

/* Runs in a child, so that the namespace ends with it; the number of the step that failed. */
static int make_veth(void)
{
	struct nb_err err = {0};
	struct nl_request r;
	struct answer out;
	if (unshare(CLONE_NEWNET))
		return 77;
	int fd = nl_open(NETLINK_ROUTE, &err);
	nl_begin(&r, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	nl_put_text(&r, IFLA_IFNAME, "near");
	struct nlattr *info = nl_nest(&r, IFLA_LINKINFO, 0, NULL);
	nl_put_text(&r, IFLA_INFO_KIND, "veth");
	struct nlattr *data = nl_nest(&r, IFLA_INFO_DATA, 0, NULL);
	void *extra;
	struct nlattr *peer = nl_nest(&r, VETH_INFO_PEER, sizeof(struct ifinfomsg), &extra);
	nl_put_text(&r, IFLA_IFNAME, "far");
	nl_nest_end(&r, peer);
	nl_nest_end(&r, data);
	nl_nest_end(&r, info);
	int ret = nl_talk(fd, &r);
	if (ret == -EOPNOTSUPP)
		return 77; /* a kernel without veth */
	if (ret)
		return 1;
	if (nl_talk(fd, &r) != -EEXIST) /* the same request again */
		return 2;
	struct ifinfomsg *get = nl_begin(&r, RTM_GETLINK, 0, sizeof(*get));
	nl_put_text(&r, IFLA_IFNAME, "far");
	if (nl_ask(fd, &r, out.buf, sizeof(out.buf)) <= 0)
		return 3;
	return nl_find((void *)out.buf, sizeof(*get), IFLA_LINK) ? 0 : 4;
}

static void a_veth_pair_is_made_from_nested_attributes(void **state)
{
	(void)state;
	int status = -1;
	pid_t pid = fork();
	if (!pid)
		_exit(make_veth());
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* not permitted here */
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_padded_and_found),
		cmocka_unit_test(a_nest_holds_what_was_put_into_it),
		cmocka_unit_test(a_broken_attribute_ends_the_search),
		cmocka_unit_test(the_last_attribute_needs_no_padding),
		cmocka_unit_test(lo_answers_and_a_missing_interface_is_enodev),
		cmocka_unit_test(an_answer_given_up_is_not_taken_for_the_next),
		cmocka_unit_test(a_veth_pair_is_made_from_nested_attributes),
	};
	return cmocka_run_group_tests_name("netlink", tests, NULL, NULL);
}
