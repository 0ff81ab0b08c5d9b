/* SPDX-License-Identifier: Apache-2.0 */
/* Puts facts into an object; a fact that cannot be read puts nothing. */
#ifndef NB_FACTS_PUT_H
#define NB_FACTS_PUT_H

#include <jansson.h>
#include <stddef.h>

#include "collector/counters/source.h"

/* Text of `len` bytes at most (it may end earlier with a NUL), blanks at its ends cut; bytes that
 * are no UTF-8 become U+FFFD. An empty text is no fact. */
void facts_put_text(json_t *o, const char *key, const char *s, size_t len);
/* The first line of a file below the root, as text. */
void facts_put_line(json_t *o, const char *key, int root_fd, const char *path);
/* The number in it; the kernel's -1 says "none" (numa_node), and is no fact. */
void facts_put_number(json_t *o, const char *key, int root_fd, const char *path);
/* The start of a file below the root, NUL-terminated; false when it cannot be read or is empty. */
bool facts_read_start(char *buf, size_t cap, int root_fd, const char *path);
/* Puts `part` under `key` and gives it away; an empty one is no fact. */
void facts_put_part(json_t *o, const char *key, json_t *part);

/* The interface's part (facts_link.c), and in it what its driver says (facts_driver.c). */
void facts_put_link(json_t *o, const struct counter_env *env);
void facts_put_driver(json_t *o, const char *ifname);
/* What the container allows (facts_limits.c). */
void facts_put_limits(json_t *o, int root_fd);

#endif
