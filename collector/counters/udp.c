/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `udp`: what waits in and was dropped at the UDP sockets of the network namespace, from
 * /proc/net/udp, or over IPv6 /proc/net/udp6, whose rows are of the same form. The kernel walks all
 * its hash chains for it, up to 65536 of them on a large host, so it is read seldom. Drops repeat
 * what snmp has in InErrors (net/ipv4/udp.c,
 * __udp_queue_rcv_skb): they say that a socket lost it. The queue explains what no counter has:
 * datagrams that wait unread are in none of InDatagrams, NoPorts and InErrors.
 */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

/* "tx_queue:rx_queue" is the fifth cell of a row, "drops" the 13th (net/ipv4/udp.c,
 * udp4_format_sock). */
enum {
	CELL_QUEUES = 4,
	CELL_DROPS = 12,
	ROW_MOST = 256, /* rows are padded to 127 characters, those of IPv6 have some 175 */
};

static bool parse_row(struct udp_sockets *sum, struct scan line)
{
	struct scan word;
	uint32_t queued = 0;
	uint64_t drops = 0;
	for (size_t i = 0; i <= CELL_DROPS; i++) {
		if (!scan_word(&line, &word))
			return false;
		if (i == CELL_QUEUES) {
			const char *colon = memchr(word.at, ':', (size_t)(word.end - word.at));
			if (!colon || !scan_hex((struct scan){colon + 1, word.end}, &queued))
				return false;
		}
	}
	if (!scan_u64(word, &drops))
		return false;
	sum->drops += drops;
	sum->rx_queue_bytes += queued;
	return true;
}

int udp_sockets_parse(struct udp_sockets *out, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line, word;
	int n = 0;
	*out = (struct udp_sockets){0};
	if (!scan_line(&text, &line) || !scan_word(&line, &word) || !scan_is(word, "sl", 2))
		return -1;
	while (scan_line(&text, &line)) {
		if (!parse_row(out, line))
			return -1;
		n++;
	}
	return n;
}

struct counter_reader {
	struct procfile file;
	struct cells cells;
};

static void udp_close(struct counter_reader *r)
{
	procfile_close(&r->file);
	cells_free(&r->cells);
	free(r);
}

static enum counter_state udp_read(struct counter_reader *r, uint64_t *values)
{
	struct udp_sockets sum;
	if (procfile_read(&r->file) || udp_sockets_parse(&sum, r->file.buf, r->file.len) < 0)
		return COUNTER_GONE;
	values[0] = sum.drops;
	values[1] = sum.rx_queue_bytes;
	return COUNTER_OK;
}

static int udp_open(struct counter_reader **out, const struct counter_env *env, struct nb_err *err)
{
	struct udp_sockets sum;
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	const char *name = env->ipv6 ? "udp6" : "udp";
	if (procfile_open_net(&r->file, env->root_fd, name, err))
		goto fail;
	r->file.row_most = ROW_MOST;
	if (udp_sockets_parse(&sum, r->file.buf, r->file.len) < 0) {
		nb_error(err, "/proc/net/%s is not as this program knows it", name);
		goto fail;
	}
	cells_add(&r->cells, "udp_socket_drops", -1);
	cells_add(&r->cells, "udp_rx_queue_bytes", -1);
	*out = r;
	return 0;
fail:
	udp_close(r);
	return -1;
}

static size_t udp_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_udp = {
	.name = "udp",
	.every_ns = COUNTER_SELDOM_NS,
	.help = "/proc/net/udp, udp6: what waits in UDP sockets, and what they dropped",
	.open = udp_open,
	.cells = udp_cells,
	.read = udp_read,
	.close = udp_close,
};
