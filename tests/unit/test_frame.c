/* SPDX-License-Identifier: Apache-2.0 */
/* The test frame, byte by byte, and its checksums by another way of adding. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/generator/frame.h"

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

/* As a receiver checks it: everything covered, the checksum included, adds up to 0xffff. */
static unsigned add_up(const unsigned char *p, size_t len, unsigned sum)
{
	for (size_t i = 0; i < len; i++) {
		sum += i % 2 ? p[i] : (unsigned)p[i] << 8;
		sum = sum > 0xffff ? sum - 0xffff : sum;
	}
	return sum;
}

static void assert_checksums(const struct frame *f)
{
	bool six = f->bytes[12] == 0x86;
	size_t at_udp = six ? 54 : 34, at_addresses = six ? 22 : 26;
	unsigned udp_len = (unsigned)(f->len - at_udp);
	if (!six)
		assert_int_equal(add_up(f->bytes + 14, 20, 0), 0xffff);
	unsigned pseudo = add_up(f->bytes + at_addresses, at_udp - at_addresses, 0);
	const unsigned char rest[] = {0, 17, (unsigned char)(udp_len >> 8), (unsigned char)udp_len};
	pseudo = add_up(rest, sizeof(rest), pseudo);
	assert_int_equal(add_up(f->bytes + at_udp, udp_len, pseudo), 0xffff);
	assert_true(f->bytes[at_udp + 6] || f->bytes[at_udp + 7]); /* 0 would mean: no checksum */
}

static void the_smallest_frame_is_as_written_here(void **state)
{
	static const unsigned char before[] = {
		2,    0x6e, 0x62, 0,	0,   2,	 2,    0x6e, 0x62, 0,	 0,    1,    /* MACs */
		8,    0,							     /* IPv4 */
		0x45, 0,    0,	  0x2e, 0,   0,	 0x40, 0,    0x40, 0x11, 0xae, 0x97, /* 46 bytes */
		198,  18,   0,	  1,	198, 18, 0,    2,    4,	   0,	 4,    1, /* 1024, 1025 */
		0,    0x1a};							  /* 26 bytes */
	static const unsigned char payload[] = {0xaa, 0xbb, 0xcc, 0xdd, 0x12, 0x34, 0, 1, 2,
						3,    1,    2,	  3,	4,    5,    6, 7, 8};
	struct frame f;
	(void)state;
	assert_int_equal(frame_build(&f, &plan), 0);
	assert_int_equal(f.len, 60);
	frame_stamp(&f, 1024,
		    &(struct test_header){0xaabbccdd, 0x1234, 0x00010203,
					  UINT64_C(0x0102030405060708)});
	assert_memory_equal(f.bytes, before, sizeof(before));
	assert_memory_equal(f.bytes + 42, payload, sizeof(payload));
	assert_checksums(&f);
}

static struct generator_plan plan6(void)
{
	struct generator_plan p = plan;
	p.ipv6 = true;
	p.frame_size = 84;
	snprintf(p.src_ip, sizeof(p.src_ip), "2001:2::1");
	snprintf(p.dst_ip, sizeof(p.dst_ip), "fd00:77:ffff:a::2");
	return p;
}

static void the_smallest_frame_of_ipv6_is_as_written_here(void **state)
{
	static const unsigned char before
		[] = {2,    0x6e, 0x62, 0,    0, 2,  2,	   0x6e, 0x62, 0, 0,  1, /* MACs */
		      0x86, 0xdd,						 /* IPv6 */
		      0x60, 0,	  0,	0,    0, 26, 17,   64, /* of UDP's 26 bytes, 64 hops */
		      0x20, 1,	  0,	2,    0, 0,  0,	   0,	 0,    0, 0,  0, 0,
		      0,    0,	  1,	0xfd, 0, 0,  0x77, 0xff, 0xff, 0, 10, 0, 0,
		      0,    0,	  0,	0,    0, 2,  4,	   0,	 4,    1, 0,  26}; /* 1024, 1025 */
	const struct generator_plan six = plan6();
	const struct test_header h = {1, 2, 3, 4};
	struct test_header back;
	struct frame f;
	(void)state;
	assert_int_equal(frame_size_min(true), 84);
	assert_int_equal(frame_size_min(false), 64);
	assert_int_equal(frame_build(&f, &six), 0);
	assert_int_equal(f.len, 80);
	frame_stamp(&f, 1024, &h);
	assert_memory_equal(f.bytes, before, sizeof(before));
	assert_checksums(&f);
	assert_true(test_header_read(&back, f.bytes + 62, f.len - 62));
	assert_int_equal(back.sequence, 3);
}

static void hold_for(struct generator_plan p, unsigned size)
{
	struct frame f;
	p.frame_size = size;
	assert_int_equal(frame_build(&f, &p), 0);
	assert_int_equal(f.len, size - 4);
	for (int i = 0; i < 20; i++) {
		const struct test_header h = {(uint32_t)random() * 2U, (uint16_t)random(),
					      (uint32_t)random() * 2U,
					      (uint64_t)random() << 33 | (uint64_t)random()};
		frame_stamp(&f, (uint16_t)random(), &h);
		assert_checksums(&f);
	}
}

static void checksums_hold_for_all_sizes_and_any_header(void **state)
{
	(void)state;
	srandom(1);
	for (unsigned size = frame_size_min(false); size <= FRAME_SIZE_MAX; size++)
		hold_for(plan, size);
	for (unsigned size = frame_size_min(true); size <= FRAME_SIZE_MAX; size++)
		hold_for(plan6(), size);
}

static void a_checksum_of_zero_is_sent_as_ffff(void **state)
{
	struct frame f;
	unsigned seen = 0;
	(void)state;
	assert_int_equal(frame_build(&f, &plan), 0);
	/* over all values of one word, the sum takes each value but one */
	for (uint32_t i = 0; i <= 0xffff; i++) {
		frame_stamp(&f, (uint16_t)i, &(struct test_header){0});
		assert_checksums(&f);
		seen += f.bytes[40] == 0xff && f.bytes[41] == 0xff;
	}
	assert_true(seen >= 1);
}

static void what_was_stamped_is_read_back(void **state)
{
	const struct test_header h = {0xfedcba98, 65535, 0xffffffff, UINT64_MAX - 5};
	struct test_header back;
	struct frame f;
	(void)state;
	assert_int_equal(frame_build(&f, &plan), 0);
	frame_stamp(&f, 7, &h);
	assert_true(test_header_read(&back, f.bytes + 42, f.len - 42));
	assert_int_equal(back.run, h.run);
	assert_int_equal(back.flow, h.flow);
	assert_int_equal(back.sequence, h.sequence);
	assert_true(back.sent_ns == h.sent_ns);
	assert_false(test_header_read(&back, f.bytes + 42, TEST_HEADER_SIZE - 1));
}

static void an_address_that_is_none_is_refused(void **state)
{
	struct generator_plan bad = plan;
	struct frame f;
	(void)state;
	snprintf(bad.dst_ip, sizeof(bad.dst_ip), "fd00::1");
	assert_int_equal(frame_build(&f, &bad), -1);
	bad = plan6();
	snprintf(bad.src_ip, sizeof(bad.src_ip), "198.18.0.1");
	assert_int_equal(frame_build(&f, &bad), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_frame_is_as_written_here),
		cmocka_unit_test(the_smallest_frame_of_ipv6_is_as_written_here),
		cmocka_unit_test(checksums_hold_for_all_sizes_and_any_header),
		cmocka_unit_test(a_checksum_of_zero_is_sent_as_ffff),
		cmocka_unit_test(what_was_stamped_is_read_back),
		cmocka_unit_test(an_address_that_is_none_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
