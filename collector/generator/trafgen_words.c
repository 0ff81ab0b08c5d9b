/* SPDX-License-Identifier: Apache-2.0 */
/* trafgen's profile and its output lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/generator/frame.h"
#include "collector/generator/trafgen.h"

static void add_mac(struct nb_text *out, const char *field, const unsigned char mac[6])
{
	text_addf(out, "%s=%02x:%02x:%02x:%02x:%02x:%02x", field, mac[0], mac[1], mac[2], mac[3],
		  mac[4], mac[5]);
}

/*
 * The payload's first word. trafgen sends the UDP checksum as it adds up, and one that adds up to 0
 * would mean that there is none, which every receiver of IPv6 drops (RFC 8200 section 8.1). Of all
 * source ports just one leads there: so the sum without it is led to where that one is below those
 * that are drawn, and another than the plan's.
 */
static uint16_t first_word(const struct generator_plan *plan)
{
	enum { FILL = 0x4242, ONES = 0xffff };
	struct frame f;
	unsigned port = !plan->random_src_port && plan->src_port == 512 ? 513 : 512;
	if (frame_build(&f, plan))
		return FILL;
	/* it has a header of zeros where the profile has fill: all words of that but this one */
	uint32_t sum = (f.sum + (TEST_HEADER_SIZE / 2 - 1) * FILL) % ONES;
	return (uint16_t)((2 * ONES - port - sum) % ONES);
}

void trafgen_profile(struct nb_text *out, const struct generator_plan *plan)
{
	text_add(out, "{\n  eth(");
	add_mac(out, "da", plan->dst_mac);
	add_mac(out, ", sa", plan->src_mac);
	text_addf(out, "),\n  %s, sa=%s, da=%s),\n",
		  plan->ipv6 ? "ipv6(hl=64" : "ipv4(id=2, ttl=64, df", plan->src_ip, plan->dst_ip);
	/* a field function makes the packet dynamic: slower, the checksum is made anew each time */
	if (plan->random_src_port)
		text_addf(out, "  udp(sp=drnd(1024, 65535), dp=%u),\n", plan->dst_port);
	else
		text_addf(out, "  udp(sp=%u, dp=%u),\n", plan->src_port, plan->dst_port);
	unsigned payload = plan->frame_size - frame_overhead(plan->ipv6);
	if (plan->ipv6) {
		uint16_t word = first_word(plan);
		text_addf(out, "  0x%02x, 0x%02x,\n", word >> 8, word & 0xffU);
		payload -= 2;
	}
	text_addf(out, "  fill('B', %u)\n}\n", payload);
}

void trafgen_line(struct trafgen_words *w, const char *line)
{
	static const char *const usual[] = {
		"bytes in total", "bytes outgoing", "Note: dynamic elements",
		"use -O to",	  "Hang up with",
	};
	uint64_t n;
	int used = 0;
	line += strspn(line, "\r ");
	if (!*line)
		return;
	if (sscanf(line, "%" SCNu64 " packets to schedule%n", &n, &used) == 1 && used) {
		w->nothing_to_send = n == 0;
		return;
	}
	if (sscanf(line, "%" SCNu64 " packets outgoing%n", &n, &used) == 1 && used) {
		w->outgoing_known = true;
		w->outgoing = n;
		return;
	}
	uint64_t sec, usec;
	if (sscanf(line, "%" SCNu64 " sec, %" SCNu64 " usec on CPU%n", &sec, &usec, &used) == 2 &&
	    used) {
		w->elapsed_us = sec * 1000000 + usec;
		return;
	}
	if (!strncmp(line, "Running!", 8)) {
		w->running = true;
		return;
	}
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if (strstr(line, usual[i]))
			return;
	snprintf(w->complaint, sizeof(w->complaint), "%s", line);
}
