/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The causes, and of them the stages that are causes already. Each right is a rule that was held
 * against limits set on purpose (docs/methodology.md, "What binds"); the figures in them are shares
 * of time or of packets.
 */
#include "analyze/cause_private.h"

#include <math.h>

#include "analyze/ledger_words.h"

double cause_known(double v)
{
	return isnan(v) ? 0 : v;
}

double cause_per_second(const struct evidence *e, const char *what)
{
	return e->seconds > 0 ? evidence_sum(e, what) / e->seconds : (double)NAN;
}

void cause_say_cores(struct nb_text *out, const struct evidence *e, enum evidence_end end)
{
	if (!e->n_cores[end]) { /* imported: nobody said which */
		text_add(out, "its cores");
		return;
	}
	text_add(out, e->n_cores[end] == 1 ? "core " : "cores ");
	format_cpus(out, e->cores[end], e->n_cores[end], ",");
}

static double whole(const struct evidence *e)
{
	(void)e;
	return 1;
}

static double at_veth(const struct evidence *e)
{
	return evidence_mean(e, "sender.veth") > 0;
}

static double at_device(const struct evidence *e)
{
	return at_veth(e) > 0 ? 0 : 1;
}

static double share_of_ip(const struct evidence *e, const char *counter)
{
	double lost = evidence_sum(e, "ip_dropped");
	return lost > 0 ? fmin(1, cause_known(evidence_sum(e, counter)) / lost) : 0;
}

static double right_not_local(const struct evidence *e)
{
	return share_of_ip(e, "receiver.ip_in_addr_errors");
}

static double right_no_route(const struct evidence *e)
{
	return share_of_ip(e, "receiver.ip_in_no_routes");
}

static double right_ip(const struct evidence *e)
{
	return 1 - fmin(1, right_not_local(e) + right_no_route(e));
}

CAUSE_RATE(rate_qdisc, "tx_qdisc_drop")
CAUSE_RATE(rate_tx_dropped, "tx_dropped")
CAUSE_RATE(rate_wire, "wire")
CAUSE_RATE(rate_rx_errors, "rx_errors")
CAUSE_RATE(rate_nohandler, "rx_nohandler")
CAUSE_RATE(rate_otherhost, "otherhost")
CAUSE_RATE(rate_addr, "receiver.ip_in_addr_errors")
CAUSE_RATE(rate_no_route, "receiver.ip_in_no_routes")
CAUSE_RATE(rate_ip, "ip_dropped")
CAUSE_RATE(rate_martian, "martian")
CAUSE_RATE(rate_csum, "udp_csum")
CAUSE_RATE(rate_other, "udp_other")
CAUSE_RATE(rate_residual, "residual")

#define SAY(name, text)                                                                            \
	static void name(struct nb_text *out, const struct evidence *e)                            \
	{                                                                                          \
		(void)e;                                                                           \
		text_add(out, text);                                                               \
	}
CAUSE_SAY_STAGE(say_qdisc, "the sender's qdisc dropped packets", "tx_qdisc_drop")
SAY(say_link,
    "the sender's interface had nowhere to hand packets to: the other end is down or gone; "
    "set it up (ip link set up)")
CAUSE_SAY_STAGE(say_tx_ring, "the sender's driver refused packets", "tx_dropped")
CAUSE_SAY_STAGE(say_wire, "packets vanished between the ends", "wire")
CAUSE_SAY_STAGE(say_rx_errors, "packets arrived broken", "rx_errors")
CAUSE_SAY_STAGE(say_nohandler, "packets arrived at an inactive member of a bond", "rx_nohandler")
CAUSE_SAY_STAGE(say_otherhost, "packets were addressed to another MAC address", "otherhost")
SAY(say_not_local,
    "the destination address is not the receiver's; look at its addresses (ip addr), or "
    "net.ipv4.ip_forward if it is to pass them on")
SAY(say_no_route, "the receiver has no route to the destination; look at ip route")
CAUSE_SAY_STAGE(say_ip, "IP refused packets", "ip_dropped")
CAUSE_SAY_STAGE(say_martian, "the receiver holds the source address to be impossible", "martian")
CAUSE_SAY_STAGE(say_csum, "UDP checksums were wrong", "udp_csum")
CAUSE_SAY_STAGE(say_other, "UDP lost packets for want of memory, or a filter took them",
		"udp_other")
CAUSE_SAY_STAGE(say_residual, "packets vanished where no counter looks", "residual")

/* clang-format off */
static const struct cause table[] = {
	{"qdisc", "tx_qdisc_drop", "sender.qdisc_drops", "1/s", whole, rate_qdisc, say_qdisc},
	{"link_down", "tx_dropped", "sender.tx_dropped", "1/s", at_veth, rate_tx_dropped, say_link},
	{"tx_ring", "tx_dropped", "sender.tx_dropped", "1/s", at_device, rate_tx_dropped, say_tx_ring},
	{"wire", "wire", "receiver.rx_packets", "1/s", whole, rate_wire, say_wire},
	{"rx_errors", "rx_errors", "receiver.rx_errors", "1/s", whole, rate_rx_errors, say_rx_errors},
	{"bond", "rx_nohandler", "receiver.rx_nohandler", "1/s", whole, rate_nohandler, say_nohandler},
	{"wrong_mac", "otherhost", "receiver.rx_otherhost_dropped", "1/s", whole, rate_otherhost,
	 say_otherhost},
	{"not_local", "ip_dropped", "receiver.ip_in_addr_errors", "1/s", right_not_local, rate_addr,
	 say_not_local},
	{"no_route", "ip_dropped", "receiver.ip_in_no_routes", "1/s", right_no_route, rate_no_route,
	 say_no_route},
	{"ip", "ip_dropped", "receiver.ip_in_discards", "1/s", right_ip, rate_ip, say_ip},
	{"martian", "martian", "receiver.rt_in_martian_src", "1/s", whole, rate_martian, say_martian},
	{"checksum", "udp_csum", "receiver.udp_in_csum_errors", "1/s", whole, rate_csum, say_csum},
	{"udp_memory", "udp_other", "receiver.udp_mem_errors", "1/s", whole, rate_other, say_other},
	{"uncounted", "residual", "", "1/s", whole, rate_residual, say_residual},
};
/* clang-format on */

static const struct cause_list causes_of_stages = {table, sizeof(table) / sizeof(*table)};

const struct cause *cause_at(size_t i)
{
	static const struct cause_list *const all[] = {&causes_of_source, &causes_of_interface,
						       &causes_of_socket, &causes_of_stages};
	for (size_t k = 0; k < sizeof(all) / sizeof(*all); i -= all[k++]->n)
		if (i < all[k]->n)
			return &all[k]->v[i];
	return NULL;
}
