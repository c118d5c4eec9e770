/* generate.h - what the generated data sets share: points in the plane, or on a line. */
#ifndef DSC_DATA_GENERATE_H
#define DSC_DATA_GENERATE_H

#include "data/dataset.h"

/* The parameters that begin every generated set's table. */
enum { DSC_GENERATE_N, DSC_GENERATE_NOISE, DSC_GENERATE_SEED, DSC_GENERATE_COUNT };
#define DSC_GENERATE_PARAMS(noise)                                                                 \
  {"n", 1000, 2, 1e8, "examples", DESCENT_INTEGER, NULL},                                          \
      {"noise", noise, 0, 1e6, "deviation of what is added to each number", DESCENT_NUMBER, NULL}, \
  {                                                                                                \
    "seed", 0, 0, 9e15, "another seed, other points", DESCENT_INTEGER, NULL                        \
  }

/* Random numbers of point i: uniform in [0, 1) or normal; `which` < 8 tells them apart. */
double dsc_generate_uniform(const dsc_value *values, size_t i, int which);
double dsc_generate_normal(const dsc_value *values, size_t i, int which);

/* Arrays for n points of `features` numbers named x, y, ... with `classes` classes, or with one
 * target when classes is 0. The writable arrays are returned beside the data set. */
descent_status dsc_generate_arrays(descent_dataset *data, const dsc_value *values, int features,
                                   int classes, float **x, int32_t **labels, float **targets,
                                   descent_error *err);

#endif
