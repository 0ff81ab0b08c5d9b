/* SPDX-License-Identifier: Apache-2.0 */
/* What each kind of picture defines for its template. */
#ifndef NB_PLOT_BOUNDED_H
#define NB_PLOT_BOUNDED_H

#include "analyze/plot/picture.h"

typedef enum plot_defined plot_define(struct nb_text *, const struct plot_data *,
				      const struct curve *);

plot_define define_tx_bounded, define_rx_bounded, define_drop_bounded, define_sw_irq_bounded;
plot_define define_delivered, define_loss, define_cost;
plot_define define_queue_rate, define_interrupts, define_cpu, define_cpu_interrupts;
plot_define define_timeseries, define_ledger;
plot_define define_correlation, define_regression, define_ecdf;
plot_define define_compare;

#endif
