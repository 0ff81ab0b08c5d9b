/* SPDX-License-Identifier: Apache-2.0 */
/* The listener on a real socket of this host's loopback: what comes twice, late or not at all. */
#include "unit.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/agent/listener.h"
#include "collector/generator/frame.h"

enum { RUN = 7, PAYLOAD_AT = 42 };

static struct listener *listener;
static int sender = -1;

/* On the first port that is free. */
static void open_on(bool ipv6, size_t n_flows, int64_t work_ns)
{
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct sockaddr_in6 to6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (unsigned port = 20000;; port++) {
		struct nb_err err = {0};
		const struct listener_plan plan = {.port = (uint16_t)port,
						   .ipv6 = ipv6,
						   .run = RUN,
						   .n_flows = n_flows,
						   .work_ns = work_ns};
		to.sin_port = to6.sin6_port = htons((uint16_t)port);
		if (!listener_open(&listener, &plan, &err))
			break;
		assert_true(port < 21000);
	}
	sender = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ipv6 ? connect(sender, (const void *)&to6, sizeof(to6))
			      : connect(sender, (const void *)&to, sizeof(to)),
			 0);
}

static void open_on_loopback(size_t n_flows, int64_t work_ns)
{
	open_on(false, n_flows, work_ns);
}

static struct listener_counts stop_and_count(void)
{
	struct listener_counts c;
	listener_stop(listener);
	listener_counts(listener, &c);
	listener_close(listener);
	close(sender);
	return c;
}

static void send_packet(uint32_t run, uint16_t flow, uint32_t sequence)
{
	static struct frame f;
	const struct generator_plan plan = {
		.src_ip = "198.18.0.1", .dst_ip = "198.18.0.2", .frame_size = 64};
	const struct test_header h = {.run = run, .flow = flow, .sequence = sequence};
	assert_int_equal(frame_build(&f, &plan), 0);
	frame_stamp(&f, 1024, &h);
	assert_int_equal(send(sender, f.bytes + PAYLOAD_AT, f.len - PAYLOAD_AT, 0),
			 f.len - PAYLOAD_AT);
}

static void every_packet_is_counted_for_what_it_is(void **state)
{
	static const uint32_t first[] = {0, 1, 3, 2, 3, 5, 5, 9}; /* 2 late; 3, 5 twice */
	(void)state;
	open_on_loopback(2, 0);
	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		send_packet(RUN, 0, first[i]);
	for (uint32_t i = 2; i < 6; i++) /* the first two never came */
		send_packet(RUN, 1, i);
	send_packet(RUN + 1, 0, 0); /* of another run, of no flow, and no packet of ours */
	send_packet(RUN, 2, 0);
	assert_int_equal(send(sender, "hello", 5, 0), 5);
	struct listener_counts c = stop_and_count();
	assert_true(c.sequenced);
	assert_int_equal(c.packets, 8 + 4);
	assert_int_equal(c.duplicated, 2);
	assert_int_equal(c.reordered, 1);
	assert_int_equal(c.lost, 4 + 2); /* 4, 6, 7, 8; 0, 1 */
	assert_int_equal(c.foreign, 3);
}

static void packets_without_numbers_are_counted_only(void **state)
{
	(void)state;
	open_on_loopback(0, 0);
	send_packet(RUN, 0, 5);
	assert_int_equal(send(sender, "hello", 5, 0), 5);
	struct listener_counts c = stop_and_count();
	assert_false(c.sequenced);
	assert_int_equal(c.packets, 2);
	assert_int_equal(c.foreign, 0);
}

/* It is read at the end: what waits in the socket has arrived. */
static void what_still_waits_at_the_end_is_read(void **state)
{
	(void)state;
	open_on_loopback(1, INT64_C(3600000000000)); /* an hour on each packet: it does not keep
							stop() */
	for (uint32_t i = 0; i < 20; i++)
		send_packet(RUN, 0, i);
	struct listener_counts c = stop_and_count();
	assert_int_equal(c.packets, 20);
	assert_int_equal(c.lost, 0);
}

static void ipv6_has_a_socket_of_its_own(void **state)
{
	(void)state;
	if (access("/proc/net/if_inet6", R_OK))
		skip();
	open_on(true, 1, 0);
	for (uint32_t i = 0; i < 5; i++)
		send_packet(RUN, 0, i);
	struct listener_counts c = stop_and_count();
	assert_int_equal(c.packets, 5);
	assert_int_equal(c.lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_packet_is_counted_for_what_it_is),
		cmocka_unit_test(packets_without_numbers_are_counted_only),
		cmocka_unit_test(what_still_waits_at_the_end_is_read),
		cmocka_unit_test(ipv6_has_a_socket_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
