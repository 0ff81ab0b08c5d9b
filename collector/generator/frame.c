/* SPDX-License-Identifier: Apache-2.0 */
/* Building frames. The UDP checksum (RFC 768, RFC 1071; over IPv6 RFC 8200 section 8.1) is a sum:
 * what never changes in it is added up once. */
#include "collector/generator/frame.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

enum {
	AT_IP = 14,
	IPV4_HEADER = 20,
	IPV6_HEADER = 40,
	UDP_HEADER = 8,
	UDP_CHECKSUM = 6, /* in that header */
	PROTOCOL_UDP = 17,
	FILL = 'B',
};

static void put16(unsigned char *at, uint16_t v)
{
	v = htobe16(v);
	memcpy(at, &v, sizeof(v));
}

static void put32(unsigned char *at, uint32_t v)
{
	v = htobe32(v);
	memcpy(at, &v, sizeof(v));
}

static void put64(unsigned char *at, uint64_t v)
{
	v = htobe64(v);
	memcpy(at, &v, sizeof(v));
}

/* The sum of big-endian 16-bit words; an odd last byte is a word's upper half. */
static uint32_t sum_words(const unsigned char *at, size_t len)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	return len % 2 ? sum + ((uint32_t)at[len - 1] << 8) : sum;
}

/* One's complement of the sum with its carries added in. */
static uint16_t checksum(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static int put_ipv4(unsigned char *ip, const struct generator_plan *plan, size_t len)
{
	ip[0] = 0x45; /* version 4, five words of header */
	put16(ip + 2, (uint16_t)len);
	put16(ip + 6, 0x4000); /* don't fragment */
	ip[8] = 64;
	ip[9] = PROTOCOL_UDP;
	if (inet_pton(AF_INET, plan->src_ip, ip + 12) != 1 ||
	    inet_pton(AF_INET, plan->dst_ip, ip + 16) != 1)
		return -1;
	put16(ip + 10, checksum(sum_words(ip, 20)));
	return 0;
}

/* Traffic class and flow label 0. */
static int put_ipv6(unsigned char *ip, const struct generator_plan *plan, size_t len)
{
	ip[0] = 0x60;
	put16(ip + 4, (uint16_t)(len - IPV6_HEADER));
	ip[6] = PROTOCOL_UDP;
	ip[7] = 64; /* hop limit */
	return inet_pton(AF_INET6, plan->src_ip, ip + 8) == 1 &&
			       inet_pton(AF_INET6, plan->dst_ip, ip + 24) == 1
		       ? 0
		       : -1;
}

int frame_build(struct frame *f, const struct generator_plan *plan)
{
	memset(f, 0, sizeof(*f));
	f->len = plan->frame_size - 4;
	f->at_udp = AT_IP + (plan->ipv6 ? IPV6_HEADER : IPV4_HEADER);
	size_t udp_len = f->len - f->at_udp, addresses = plan->ipv6 ? 32 : 8;
	unsigned char *udp = f->bytes + f->at_udp, *payload = udp + UDP_HEADER;
	memcpy(f->bytes, plan->dst_mac, 6);
	memcpy(f->bytes + 6, plan->src_mac, 6);
	put16(f->bytes + 12, plan->ipv6 ? 0x86dd : 0x0800);
	if ((plan->ipv6 ? put_ipv6 : put_ipv4)(f->bytes + AT_IP, plan, f->len - AT_IP))
		return -1;
	put16(udp + 2, plan->dst_port);
	put16(udp + 4, (uint16_t)udp_len);
	memset(payload + TEST_HEADER_SIZE, FILL, udp_len - UDP_HEADER - TEST_HEADER_SIZE);
	/* the pseudo header: both addresses, which end the IP header, the protocol, the length */
	f->sum = sum_words(udp - addresses, addresses) + PROTOCOL_UDP + (uint32_t)udp_len +
		 sum_words(udp, udp_len);
	return 0;
}

void frame_stamp(struct frame *f, uint16_t src_port, const struct test_header *h)
{
	unsigned char *udp = f->bytes + f->at_udp, *payload = udp + UDP_HEADER;
	put16(udp, src_port);
	put32(payload, h->run);
	put16(payload + 4, h->flow);
	put32(payload + 6, h->sequence);
	put64(payload + 10, h->sent_ns);
	uint16_t sum = checksum(f->sum + src_port + sum_words(payload, TEST_HEADER_SIZE));
	put16(udp + UDP_CHECKSUM, sum ? sum : 0xffff); /* 0 would mean none */
}

bool test_header_read(struct test_header *out, const unsigned char *payload, size_t len)
{
	uint32_t run, sequence;
	uint16_t flow;
	uint64_t sent;
	if (len < TEST_HEADER_SIZE)
		return false;
	memcpy(&run, payload, sizeof(run));
	memcpy(&flow, payload + 4, sizeof(flow));
	memcpy(&sequence, payload + 6, sizeof(sequence));
	memcpy(&sent, payload + 10, sizeof(sent));
	*out = (struct test_header){be32toh(run), be16toh(flow), be32toh(sequence), be64toh(sent)};
	return true;
}
