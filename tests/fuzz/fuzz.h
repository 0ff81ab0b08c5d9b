// SPDX-License-Identifier: Apache-2.0
/*
 * What the fuzz targets share. Each feeds a parser with bytes that no kernel wrote and checks what
 * its contract promises, into arrays of exactly the room that the parser is told of.
 */
#ifndef NB_FUZZ_H
#define NB_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(what)                                                                                 \
	do {                                                                                       \
		if (!(what))                                                                       \
			abort();                                                                   \
	} while (0)

/* Rooms to try: none, some, and as many as there are. */
enum { FUZZ_ROOMS = 3 };
static const size_t fuzz_rooms[FUZZ_ROOMS] = {0, 3, 70000};

#endif
