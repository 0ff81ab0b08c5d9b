/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
#include "common/utf8.h"

size_t utf8_length(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;
	size_t n = !*c	       ? 0
		   : *c < 0x80 ? 1
		   : *c < 0xc2 ? 0
		   : *c < 0xe0 ? 2
		   : *c < 0xf0 ? 3
		   : *c < 0xf5 ? 4
			       : 0;
	for (size_t i = 1; i < n; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	if ((c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xed && c[1] > 0x9f) ||
	    (c[0] == 0xf0 && c[1] < 0x90) || (c[0] == 0xf4 && c[1] > 0x8f))
		return 0;
	return n;
}

size_t utf8_width(const char *s)
{
	size_t width = 0;
	while (*s) {
		size_t n = utf8_length(s);
		s += n ? n : 1;
		width++;
	}
	return width;
}
