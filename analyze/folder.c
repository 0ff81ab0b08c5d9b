/* SPDX-License-Identifier: Apache-2.0 */
/* Both say which path failed, and why. */
#include "analyze/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/text.h"

int folder_make(const char *dir, struct nb_err *err)
{
	char *path = nb_strdup(dir);
	struct stat st;
	int ret = 0;
	for (char *c = path + 1; *path && *c; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(path, 0777);
		*c = '/';
	}
	if (mkdir(path, 0777) && errno != EEXIST)
		ret = nb_error(err, "%s: %s: name another folder with -o", dir, strerror(errno));
	else if (stat(path, &st) || !S_ISDIR(st.st_mode))
		ret = nb_error(err, "%s: not a folder: name another with -o", dir);
	free(path);
	return ret;
}

int folder_write(const char *dir, const char *name, const char *text, struct nb_err *err)
{
	struct nb_text part = {0}, path = {0};
	int ret = 0;
	text_addf(&path, "%s/%s", dir, name);
	text_addf(&part, "%s/.%s.part", dir, name);
	FILE *f = fopen(part.s, "w");
	bool bad = !f || fputs(text, f) < 0;
	if ((f && fclose(f)) || bad || rename(part.s, path.s)) {
		ret = nb_error(err, "%s: %s: name another folder with -o", path.s, strerror(errno));
		remove(part.s);
	}
	text_free(&part);
	text_free(&path);
	return ret;
}
