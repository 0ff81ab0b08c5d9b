/* SPDX-License-Identifier: Apache-2.0 */
/* Folders that people name with -o, and files in them. Messages say what to do: name another. */
#ifndef NB_FOLDER_H
#define NB_FOLDER_H

#include "common/error.h"

/* Makes the folder and those above it; that it is there already is no error. */
int folder_make(const char *dir, struct nb_err *err);

/* Writes dir/name whole or not at all: under another name first, which is renamed at the end. */
int folder_write(const char *dir, const char *name, const char *text, struct nb_err *err);

#endif
