/* SPDX-License-Identifier: Apache-2.0 */
/* As much of UTF-8 as printing a table needs. */
#ifndef NB_UTF8_H
#define NB_UTF8_H

#include <stddef.h>

/* Bytes of the well-formed character at `s` (RFC 3629); 0 when it is not one, or at the end. */
size_t utf8_length(const char *s);
/* Columns that `s` takes on a terminal, one a character (no wide characters are expected). */
size_t utf8_width(const char *s);

#endif
