/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the programs, and of the method by which a run's numbers are made: results of
 * two method versions are never compared without a word. */
#ifndef NB_VERSION_H
#define NB_VERSION_H

#define NB_VERSION	  "0.1.0"
#define NB_METHOD_VERSION 1

#endif
