/* SPDX-License-Identifier: Apache-2.0 */
/* The socket: who reads it, and how much it holds. */
#include "analyze/cause_private.h"

#include <math.h>

static const double tight = 0.5; /* the mean fill of a buffer whose reader is behind */

/* How full the receive queues were found, against the fullest. */
static double fill(const struct evidence *e)
{
	double most = evidence_mean(e, "receiver.udp_rx_queue_bytes_most");
	double mean = evidence_mean(e, "receiver.udp_rx_queue_bytes_mean");
	return most > 0 ? mean / most : isnan(most) ? (double)NAN : 0;
}

static double reader_behind(const struct evidence *e)
{
	double f = fill(e);
	if (!isnan(f))
		return f >= tight;
	return evidence_own(e, END_RECEIVER, "cpu_busy") >= CORE_FULL;
}

static double socket_drops(const struct evidence *e)
{
	return cause_per_second(e, "receiver.udp_rcvbuf_errors");
}

static bool never_read(const struct evidence *e)
{
	double in = evidence_sum(e, "receiver.udp_in_datagrams");
	return in < 0.001 * evidence_sum(e, "receiver.udp_rcvbuf_errors");
}

static double right_never_read(const struct evidence *e)
{
	return never_read(e) ? 1 : 0;
}

static double right_slow_reader(const struct evidence *e)
{
	return never_read(e) ? 0 : reader_behind(e) > 0 ? 0.95 : 0.3;
}

static double right_rcvbuf(const struct evidence *e)
{
	return never_read(e) ? 0 : reader_behind(e) > 0 ? 0.4 : 0.95;
}

static double in_datagrams(const struct evidence *e)
{
	return cause_per_second(e, "receiver.udp_in_datagrams");
}

static double fill_percent(const struct evidence *e)
{
	return 100 * fill(e);
}

static void say_never_read(struct nb_text *out, const struct evidence *e)
{
	(void)e;
	text_add(out, "a socket is bound to the port and nobody reads it; look at the application "
		      "that owns it (ss -ulnp)");
}

static void say_slow_reader(struct nb_text *out, const struct evidence *e)
{
	char si[32];
	text_addf(out, "the application reads %s datagrams a second and no more",
		  format_si(si, in_datagrams(e)));
	if (!isnan(fill(e)))
		text_addf(out, ": its socket was %.0f %% full on average", fill_percent(e));
	text_add(out, "; make it read faster, or by more threads (SO_REUSEPORT)");
}

static void say_rcvbuf(struct nb_text *out, const struct evidence *e)
{
	text_add(out, "the socket's receive buffer is too small for the bursts");
	if (!isnan(fill(e)))
		text_addf(out, ", its reader keeps up (it was found %.0f %% full)",
			  fill_percent(e));
	text_add(out, "; raise SO_RCVBUF (and net.core.rmem_max)");
}

/* clang-format off */
static const struct cause table[] = {
	{"never_read", "udp_rcvbuf", "receiver.udp_rcvbuf_errors", "1/s", right_never_read, socket_drops,
	 say_never_read},
	{"slow_reader", "udp_rcvbuf", "receiver.udp_rx_queue_bytes", "%", right_slow_reader, fill_percent,
	 say_slow_reader},
	{"rcvbuf", "udp_rcvbuf", "receiver.udp_rcvbuf_errors", "1/s", right_rcvbuf, socket_drops,
	 say_rcvbuf},
};
/* clang-format on */

const struct cause_list causes_of_socket = {table, sizeof(table) / sizeof(*table)};
