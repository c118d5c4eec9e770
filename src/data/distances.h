/* distances.h - squared distances from one example to others; see neighbourhood.h. */
#ifndef DSC_DATA_DISTANCES_H
#define DSC_DATA_DISTANCES_H

#include <stddef.h>

/* distance[0..among) <- from example `self` to the first ones; z is (width, n), among <= n; feature
 * `without` does not count (width: all do). */
void dsc_distances(const float *z, size_t n, size_t width, size_t self, size_t without,
                   float *distance, size_t among);
/* A distance within which `count` of n lie; more, where the furthest of these are equally far;
 * infinity where fewer are numbers. */
float dsc_distances_radius(const float *distance, size_t n, size_t count);

#endif
