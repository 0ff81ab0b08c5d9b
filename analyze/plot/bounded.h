/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures that tell what bounds the traffic: what each kind defines for its template. */
#ifndef NB_PLOT_BOUNDED_H
#define NB_PLOT_BOUNDED_H

#include "analyze/plot/picture.h"

void define_tx_bounded(struct nb_text *, const struct plot_data *, const struct curve *);
void define_rx_bounded(struct nb_text *, const struct plot_data *, const struct curve *);
void define_drop_bounded(struct nb_text *, const struct plot_data *, const struct curve *);
void define_sw_irq_bounded(struct nb_text *, const struct plot_data *, const struct curve *);
void define_delivered(struct nb_text *, const struct plot_data *, const struct curve *);

#endif
