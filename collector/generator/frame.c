/* SPDX-License-Identifier: Apache-2.0 */
/* Building frames. The UDP checksum (RFC 768, RFC 1071) is a sum: what never changes in it is added
 * up once. */
#include "collector/generator/frame.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

enum {
	AT_IP = 14,
	AT_UDP = AT_IP + 20,
	AT_PAYLOAD = AT_UDP + 8,
	UDP_CHECKSUM = AT_UDP + 6,
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

static int put_ip(unsigned char *ip, const struct generator_plan *plan, size_t len)
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

int frame_build(struct frame *f, const struct generator_plan *plan)
{
	memset(f, 0, sizeof(*f));
	f->len = plan->frame_size - 4;
	size_t udp_len = f->len - AT_UDP;
	memcpy(f->bytes, plan->dst_mac, 6);
	memcpy(f->bytes + 6, plan->src_mac, 6);
	put16(f->bytes + 12, 0x0800); /* IPv4 */
	if (put_ip(f->bytes + AT_IP, plan, f->len - AT_IP))
		return -1;
	put16(f->bytes + AT_UDP + 2, plan->dst_port);
	put16(f->bytes + AT_UDP + 4, (uint16_t)udp_len);
	memset(f->bytes + AT_PAYLOAD + TEST_HEADER_SIZE, FILL,
	       f->len - AT_PAYLOAD - TEST_HEADER_SIZE);
	/* the pseudo header: both addresses, the protocol, the length again */
	f->sum = sum_words(f->bytes + AT_IP + 12, 8) + PROTOCOL_UDP + (uint32_t)udp_len +
		 sum_words(f->bytes + AT_UDP, udp_len);
	return 0;
}

void frame_stamp(struct frame *f, uint16_t src_port, const struct test_header *h)
{
	unsigned char *payload = f->bytes + AT_PAYLOAD;
	put16(f->bytes + AT_UDP, src_port);
	put32(payload, h->run);
	put16(payload + 4, h->flow);
	put32(payload + 6, h->sequence);
	put64(payload + 10, h->sent_ns);
	uint16_t sum = checksum(f->sum + src_port + sum_words(payload, TEST_HEADER_SIZE));
	put16(f->bytes + UDP_CHECKSUM, sum ? sum : 0xffff); /* 0 would mean none */
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
