/* clip.c - clipping of a gradient on its own, for programs that drive a step themselves. */
#include "descent/optimizer.h"

#include <math.h>

/* One body for both types: `T` values, `largest` of them first so that no power overflows. What is
 * NaN makes `sum` NaN here. */
#define CLIP_NORM(T)                                                       \
  double largest = 0.0, sum = 0.0;                                         \
  for (size_t i = 0; i < n; i++) {                                         \
    largest = fabs((double)g[i]) > largest ? fabs((double)g[i]) : largest; \
    sum += isnan(g[i]) ? (double)NAN : 0.0;                                \
  }                                                                        \
  if (largest == 0.0 || !isfinite(largest) || isnan(sum))                  \
    return isnan(sum) ? sum : largest;                                     \
  for (size_t i = 0; i < n; i++)                                           \
    sum += isinf(p) ? 0.0 : pow(fabs((double)g[i]) / largest, p);          \
  const double norm = isinf(p) ? largest : largest * pow(sum, 1.0 / p);    \
  const double factor = isfinite(norm) ? max_norm / (norm + 1e-6) : 1.0;   \
  for (size_t i = 0; i < n && factor < 1.0; i++)                           \
    g[i] *= (T)factor;                                                     \
  return norm

double descent_clip_norm_f32(float *g, size_t n, double max_norm, double p)
{
    CLIP_NORM(float);
}

double descent_clip_norm_f64(double *g, size_t n, double max_norm, double p)
{
    CLIP_NORM(double);
}

void descent_clip_value_f32(float *g, size_t n, double limit)
{
    const float most = (float)limit;

    for (size_t i = 0; i < n; i++) {
        g[i] = g[i] < -most ? -most : g[i];
        g[i] = g[i] > most ? most : g[i];
    }
}

void descent_clip_value_f64(double *g, size_t n, double limit)
{
    for (size_t i = 0; i < n; i++) {
        g[i] = g[i] < -limit ? -limit : g[i];
        g[i] = g[i] > limit ? limit : g[i];
    }
}
