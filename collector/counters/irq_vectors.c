/* SPDX-License-Identifier: Apache-2.0 */
/* Which vectors belong to the host's network interfaces: sysfs lists them at each device. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/counters/irq.h"
#include "collector/counters/scan.h"
#include "common/text.h"

enum { VECTORS_MAX = 4096 };

struct vectors {
	int root_fd;
	unsigned *irqs;
	size_t n_irqs;
};

ssize_t irq_read_file(int root_fd, const char *path, char *buf, size_t cap)
{
	int fd = openat(root_fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, cap - 1);
	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

static void add_vectors(struct vectors *r, const char *path)
{
	int fd = openat(r->root_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	while (dir && (e = readdir(dir)) && r->n_irqs < VECTORS_MAX) {
		uint64_t irq;
		if (!scan_u64((struct scan){e->d_name, e->d_name + strlen(e->d_name)}, &irq) ||
		    irq > UINT32_MAX)
			continue;
		r->irqs = nb_realloc(r->irqs, r->n_irqs + 1, sizeof(*r->irqs));
		r->irqs[r->n_irqs++] = (unsigned)irq;
	}
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
}

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
	return x < y ? -1 : x > y;
}

size_t irq_vectors(unsigned **out, int root_fd)
{
	struct vectors v = {.root_fd = root_fd, .irqs = *out}, *r = &v;
	char path[512], modalias[64];
	int fd = openat(r->root_fd, "sys/class/net", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	while (dir && (e = readdir(dir))) {
		if (*e->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "sys/class/net/%s/device/msi_irqs", e->d_name);
		add_vectors(r, path);
		/* of other devices the one above is a bridge, whose vectors are not the network's
		 */
		snprintf(path, sizeof(path), "sys/class/net/%s/device/modalias", e->d_name);
		if (irq_read_file(r->root_fd, path, modalias, sizeof(modalias)) < 0 ||
		    strncmp(modalias, "virtio:", 7) != 0)
			continue;
		snprintf(path, sizeof(path), "sys/class/net/%s/device/../msi_irqs", e->d_name);
		add_vectors(r, path);
	}
	if (dir)
		closedir(dir);
	if (r->n_irqs)
		qsort(r->irqs, r->n_irqs, sizeof(*r->irqs), by_number);
	size_t n = 0;
	for (size_t i = 0; i < r->n_irqs; i++) /* ports of one device share its vectors */
		if (!n || r->irqs[i] != r->irqs[n - 1])
			r->irqs[n++] = r->irqs[i];
	*out = r->irqs;
	return n;
}
