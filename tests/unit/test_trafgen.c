/* SPDX-License-Identifier: Apache-2.0 */
/* trafgen's profile, and what is made of its words; its behaviour is tested on the real one. */
#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "collector/generator/trafgen.h"

static struct generator_plan plan = {
	.ifname = "eth0",
	.src_mac = {2, 0x6e, 0x62, 0, 0, 1},
	.dst_mac = {2, 0x6e, 0x62, 0, 0, 2},
	.src_ip = "198.18.0.1",
	.dst_ip = "198.18.0.2",
	.src_port = 1024,
	.dst_port = 1025,
	.frame_size = 64,
};

static void profile_has_the_frame_that_was_asked(void **state)
{
	struct nb_text t = {0};
	(void)state;
	trafgen_profile(&t, &plan);
	assert_non_null(strstr(t.s, "da=02:6e:62:00:00:02, sa=02:6e:62:00:00:01"));
	assert_non_null(strstr(t.s, "ttl=64, df"));
	assert_non_null(strstr(t.s, "udp(sp=1024, dp=1025)"));
	assert_non_null(strstr(t.s, "fill('B', 18)")); /* 64 - FCS 4 - 14 - 20 - 8 */
	text_free(&t);
	plan.frame_size = 1518;
	plan.random_src_port = true;
	trafgen_profile(&t, &plan);
	assert_non_null(strstr(t.s, "fill('B', 1472)"));
	assert_non_null(strstr(t.s, "sp=drnd("));
	plan.frame_size = 64;
	plan.random_src_port = false;
	text_free(&t);
}

static void profile_over_ipv6_has_room_for_its_header(void **state)
{
	struct generator_plan six = plan;
	struct nb_text t = {0};
	(void)state;
	six.ipv6 = true;
	six.frame_size = 84;
	snprintf(six.src_ip, sizeof(six.src_ip), "2001:2::1");
	snprintf(six.dst_ip, sizeof(six.dst_ip), "2001:2::2");
	trafgen_profile(&t, &six);
	assert_non_null(strstr(t.s, "ipv6(hl=64, sa=2001:2::1, da=2001:2::2)"));
	assert_null(strstr(t.s, "ipv4"));
	assert_non_null(strstr(t.s, "fill('B', 16)")); /* 84 - FCS 4 - 14 - 40 - 8, two before it */
	text_free(&t);
}

/* The sum of what UDP's checksum covers, as RFC 8200 says it, for a source port of 0: by the
 * profile. */
static unsigned covered(const struct generator_plan *p)
{
	unsigned char bytes[40 + 1500] = {0};
	unsigned len = p->frame_size - 4 - 14 - 40, first, second, sum = 0;
	struct nb_text t = {0};
	trafgen_profile(&t, p);
	const char *at = strstr(t.s, "  0x");
	assert_non_null(at);
	assert_int_equal(sscanf(at, " 0x%x, 0x%x,", &first, &second), 2);
	text_free(&t);
	assert_int_equal(inet_pton(AF_INET6, p->src_ip, bytes), 1);
	assert_int_equal(inet_pton(AF_INET6, p->dst_ip, bytes + 16), 1);
	bytes[34] = bytes[44] = (unsigned char)(len >> 8);
	bytes[35] = bytes[45] = (unsigned char)len;
	bytes[39] = 17;
	bytes[42] = (unsigned char)(p->dst_port >> 8);
	bytes[43] = (unsigned char)p->dst_port;
	memset(bytes + 48, 'B', len - 8);
	bytes[48] = (unsigned char)first;
	bytes[49] = (unsigned char)second;
	for (unsigned i = 0; i < 40 + len; i++)
		sum += i % 2 ? bytes[i] : (unsigned)bytes[i] << 8;
	return sum;
}

/* trafgen writes a checksum of 0 as it is, and IPv6 drops that. */
static void no_port_makes_a_checksum_of_zero_over_ipv6(void **state)
{
	struct generator_plan six = plan;
	(void)state;
	six.ipv6 = true;
	for (unsigned size = 84; size <= 1518; size += 239)
		for (unsigned k = 0; k < 50; k++) {
			snprintf(six.src_ip, sizeof(six.src_ip), "2001:2:0:%x::1", k * 1301);
			snprintf(six.dst_ip, sizeof(six.dst_ip), "fd00:%x::2", 65535 - k);
			six.frame_size = size;
			six.random_src_port = true;
			unsigned sum = covered(&six), bad = 0;
			for (unsigned port = 1024; port <= 65535; port++)
				bad += (sum + port) % 65535 == 0;
			assert_int_equal(bad, 0);
			six.random_src_port = false;
			six.src_port = k % 2 ? 512 : 513;
			assert_int_not_equal((covered(&six) + six.src_port) % 65535, 0);
		}
}

static struct trafgen_words hear(const char *const *lines)
{
	struct trafgen_words w = {0};
	for (; *lines; lines++)
		trafgen_line(&w, *lines);
	return w;
}

static void words_of_a_whole_run_are_understood(void **state)
{
	static const char *const lines[] = {"     1 packets to schedule",
					    "    60 bytes in total",
					    "Running! Hang up with ^C!",
					    "",
					    "\r       20000 packets outgoing",
					    "\r     1200000 bytes outgoing",
					    "\r           2 sec, 379 usec on CPU0 (20000 packets)",
					    NULL};
	struct trafgen_words w = hear(lines);
	(void)state;
	assert_true(w.running);
	assert_false(w.nothing_to_send);
	assert_true(w.outgoing_known);
	assert_int_equal(w.outgoing, 20000);
	assert_int_equal(w.elapsed_us, 2000379);
	assert_string_equal(w.complaint, "");
}

static void nothing_to_schedule_is_noticed(void **state)
{
	static const char *const lines[] = {"     0 packets to schedule", NULL};
	(void)state;
	assert_true(hear(lines).nothing_to_send);
}

static void the_last_complaint_is_kept(void **state)
{
	static const char *const lines[] = {"Note: dynamic elements make trafgen slower!",
					    "Cannot lock pages!", NULL};
	(void)state;
	assert_string_equal(hear(lines).complaint, "Cannot lock pages!");
}

static void shares_add_up(void **state)
{
	(void)state;
	assert_int_equal(generator_share(10, 3, 0), 4); /* the remainder goes to the first */
	assert_int_equal(generator_share(10, 3, 1), 3);
	assert_int_equal(generator_share(10, 3, 2), 3);
	assert_int_equal(generator_share(1, 2, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profile_has_the_frame_that_was_asked),
		cmocka_unit_test(profile_over_ipv6_has_room_for_its_header),
		cmocka_unit_test(no_port_makes_a_checksum_of_zero_over_ipv6),
		cmocka_unit_test(words_of_a_whole_run_are_understood),
		cmocka_unit_test(nothing_to_schedule_is_noticed),
		cmocka_unit_test(the_last_complaint_is_kept),
		cmocka_unit_test(shares_add_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
