/* SPDX-License-Identifier: Apache-2.0 */
/* The table of pictures: a row and a template each. */
#include "analyze/plot/bounded.h"

/* clang-format off */
const struct plot_kind plot_kinds[] = {
	{"tx_bounded", "What the sender offered, against what was asked", "rates.gp", define_tx_bounded},
	{"rx_bounded", "What the receiver got, against what was asked", "rates.gp", define_rx_bounded},
	{"drop_bounded", "Where packets were lost, and what was never offered", "rates.gp",
	 define_drop_bounded},
	{"sw_irq_bounded", "Interrupts and softirqs", "rates.gp", define_sw_irq_bounded},
	{"delivered", "Delivered against offered", NULL, define_delivered},
};
/* clang-format on */
const size_t n_plot_kinds = sizeof(plot_kinds) / sizeof(*plot_kinds);
