/* SPDX-License-Identifier: Apache-2.0 */
/* Loaded into gnuplot ahead of libpng: a picture is written with no filters and at zlib's level 3.
 * Cairo, which gnuplot draws with, leaves libpng to try five filters a row, made for photographs;
 * on a picture of lines and text that takes four times as long, and saves a tenth of the file. The
 * pixels are the same. It is a module of its own since it runs in gnuplot's process. */
#include <dlfcn.h>

enum { PNG_BASE_FILTER = 0, PNG_FILTER_NONE = 0x08, ZLIB_DEFAULT_STRATEGY = 0, LEVEL = 3 };

void png_write_info(void *png, const void *info);

void png_write_info(void *png, const void *info)
{
	void (*filter)(void *, int, int), (*number)(void *, int), (*write)(void *, const void *);
	/* POSIX's way to take a function from dlsym() */
	*(void **)&filter = dlsym(RTLD_DEFAULT, "png_set_filter");
	if (filter)
		filter(png, PNG_BASE_FILTER, PNG_FILTER_NONE);
	*(void **)&number = dlsym(RTLD_DEFAULT, "png_set_compression_level");
	if (number)
		number(png, LEVEL);
	*(void **)&number = dlsym(RTLD_DEFAULT, "png_set_compression_strategy");
	if (number)
		number(png, ZLIB_DEFAULT_STRATEGY);
	*(void **)&write = dlsym(RTLD_NEXT, "png_write_info");
	write(png, info);
}
