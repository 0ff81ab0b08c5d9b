/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_ways WAY INTERFACE CPU SECONDS DST_MAC: how many frames of 60 bytes a second go through one
 * AF_PACKET socket past the qdisc, as fast as it can. WAY is sendto (a call a frame), sendmmsg (64
 * frames a call), ring (PACKET_TX_RING, 64 frames a call, the kernel waited for) or ring-async
 * (MSG_DONTWAIT). Prints WAY, frames the interface took, frames it refused. For scripts/bench only.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>

enum { LEN = 60, BATCH = 64, RING_FRAMES = 1024, RING_FRAME = 2048 };

static unsigned char frame[LEN];
static unsigned long refused;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "send_ways: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Ethernet, IPv4 198.18.0.1 -> 198.18.0.2, UDP 1024 -> 1024 without a checksum. */
static void build(const char *dst_mac)
{
	static const unsigned char ip[] = {0x45, 0, 0,	 46, 0, 0, 0,	0,  64, 17,
					   0,	 0, 198, 18, 0, 1, 198, 18, 0,	2};
	static const unsigned char udp[] = {4, 0, 4, 0, 0, 26, 0, 0};
	unsigned m[6], sum = 0;
	if (sscanf(dst_mac, "%x:%x:%x:%x:%x:%x", m, m + 1, m + 2, m + 3, m + 4, m + 5) != 6) {
		errno = EINVAL;
		die("the MAC address");
	}
	for (int i = 0; i < 6; i++)
		frame[i] = (unsigned char)m[i];
	frame[6] = 2;
	frame[12] = 8;
	memcpy(frame + 14, ip, sizeof(ip));
	for (int i = 14; i < 34; i += 2)
		sum += (unsigned)frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	frame[24] = (unsigned char)(~sum >> 8);
	frame[25] = (unsigned char)~sum;
	memcpy(frame + 34, udp, sizeof(udp));
}

static void count(int rc)
{
	if (rc < 0 && errno == ENOBUFS)
		refused++;
	else if (rc < 0 && errno != EAGAIN)
		die("send");
}

static void sendto_way(int fd)
{
	for (int i = 0; i < BATCH; i++)
		count((int)send(fd, frame, LEN, 0));
}

static void sendmmsg_way(int fd)
{
	static struct iovec part = {frame, LEN};
	static struct mmsghdr m[BATCH];
	for (int i = 0; i < BATCH; i++)
		m[i].msg_hdr = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1};
	for (int at = 0, rc; at<BATCH; at += rc> 0 ? rc : 1) {
		rc = sendmmsg(fd, m + at, (unsigned)(BATCH - at), 0);
		count(rc);
	}
}

static unsigned char *ring;

static void ring_open(int fd)
{
	struct tpacket_req req = {.tp_block_size = 1 << 16,
				  .tp_block_nr = RING_FRAMES * RING_FRAME >> 16,
				  .tp_frame_size = RING_FRAME,
				  .tp_frame_nr = RING_FRAMES};
	int version = TPACKET_V2, discard = 1;
	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_LOSS, &discard, sizeof(discard)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof(req)))
		die("the ring");
	ring = mmap(NULL, RING_FRAMES * RING_FRAME, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (ring == MAP_FAILED)
		die("map the ring");
	for (int i = 0; i < RING_FRAMES; i++)
		memcpy(ring + i * RING_FRAME + (TPACKET2_HDRLEN - sizeof(struct sockaddr_ll)),
		       frame, LEN);
}

static void ring_way(int fd, int flags)
{
	static unsigned at;
	for (int i = 0; i < BATCH; i++) {
		struct tpacket2_hdr *h = (void *)(ring + at * RING_FRAME);
		if (__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) != TP_STATUS_AVAILABLE)
			break; /* the path still holds it */
		h->tp_len = LEN;
		__atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
		at = (at + 1) % RING_FRAMES;
	}
	count((int)send(fd, NULL, 0, flags));
}

static unsigned long long taken(const char *ifname)
{
	char path[128], text[32] = "";
	snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/tx_packets", ifname);
	FILE *f = fopen(path, "re");
	if (!f || !fgets(text, sizeof(text), f))
		die(path);
	fclose(f);
	return strtoull(text, NULL, 10);
}

int main(int argc, char **argv)
{
	if (argc != 6) {
		fprintf(stderr, "usage: send_ways WAY INTERFACE CPU SECONDS DST_MAC\n");
		return 2;
	}
	const char *way = argv[1];
	struct sockaddr_ll to = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_IP),
				 .sll_ifindex = (int)if_nametoindex(argv[2])};
	int fd = socket(AF_PACKET, SOCK_RAW, 0), yes = 1, buffer = 16 << 20;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(strtoul(argv[3], NULL, 10), &set);
	build(argv[5]);
	if (fd < 0 || sched_setaffinity(0, sizeof(set), &set) ||
	    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof(yes)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &buffer, sizeof(buffer)) ||
	    bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die("the socket");
	if (!strncmp(way, "ring", 4))
		ring_open(fd);
	unsigned long long before = taken(argv[2]);
	double begin = now(), seconds = strtod(argv[4], NULL);
	while (now() - begin < seconds) {
		if (!strcmp(way, "sendto"))
			sendto_way(fd);
		else if (!strcmp(way, "sendmmsg"))
			sendmmsg_way(fd);
		else
			ring_way(fd, strcmp(way, "ring") ? MSG_DONTWAIT : 0);
	}
	double took = now() - begin;
	printf("%s %.0f %.0f\n", way, (double)(taken(argv[2]) - before) / took,
	       (double)refused / took);
	return 0;
}
