/* SPDX-License-Identifier: Apache-2.0 */
/* What cmocka.h wants before it, in its order. */
#ifndef NB_UNIT_H
#define NB_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
