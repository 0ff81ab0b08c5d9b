/* SPDX-License-Identifier: Apache-2.0 */
/* Reads /proc/sys/kernel/random/boot_id. */
#include "common/boot_id.h"

#include <stdio.h>
#include <string.h>

void boot_id(char out[static BOOT_ID_ROOM])
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
	if (!f || !fgets(out, BOOT_ID_ROOM, f))
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (f)
		fclose(f);
}
