/* SPDX-License-Identifier: Apache-2.0 */
/* The error record: first message wins, control characters never reach a terminal. */
#include "common/error.h"

#include <stdarg.h>
#include <stdio.h>

static void set(struct nb_err *err, enum nb_code code, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

static void set(struct nb_err *err, enum nb_code code, const char *fmt, va_list args)
{
	if (err->text[0])
		return;
	err->code = code;
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	for (char *c = err->text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = ' ';
}

int nb_error(struct nb_err *err, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	set(err, NB_FAIL, fmt, args);
	va_end(args);
	return -1;
}

int nb_error_code(struct nb_err *err, enum nb_code code, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	set(err, code, fmt, args);
	va_end(args);
	return -1;
}

void nb_error_clear(struct nb_err *err)
{
	err->code = NB_OK;
	err->text[0] = '\0';
}
