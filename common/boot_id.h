/* SPDX-License-Identifier: Apache-2.0 */
/* Which start of which host this is. */
#ifndef NB_BOOT_ID_H
#define NB_BOOT_ID_H

enum { BOOT_ID_ROOM = 64 };

/* Random, another one after each start (drivers/char/random.c); "" where /proc does not tell. */
void boot_id(char out[static BOOT_ID_ROOM]);

#endif
