/* guard.h - with AddressSanitizer, an op may touch only what its call gives it.
 *
 * All blocks lie in one allocation, so the sanitizer alone would miss an op that writes past its
 * output or reads a value whose life is over. Before every call the whole arena is closed and the
 * blocks of that call are opened; free space behind every block catches what runs over. Without
 * the sanitizer all of this is nothing. */
#ifndef DSC_GRAPH_GUARD_H
#define DSC_GRAPH_GUARD_H

#include "graph/run.h"

#if defined(__SANITIZE_ADDRESS__)
#  define DSC_GUARD 1
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define DSC_GUARD 1
#  endif
#endif

#ifdef DSC_GUARD
enum { DSC_GAP = DSC_ALIGNMENT };
void dsc_guard_forward(const dsc_run *run, dsc_id id);
void dsc_guard_backward(const dsc_run *run, dsc_id id);
void dsc_guard_outside(const dsc_run *run); /* opens what callers may read and write */
void dsc_guard_end(const dsc_run *run);     /* opens all */
#else
enum { DSC_GAP = 0 };
static inline void dsc_guard_forward(const dsc_run *run, dsc_id id)
{
    (void)run, (void)id;
}
static inline void dsc_guard_backward(const dsc_run *run, dsc_id id)
{
    (void)run, (void)id;
}
static inline void dsc_guard_outside(const dsc_run *run)
{
    (void)run;
}
static inline void dsc_guard_end(const dsc_run *run)
{
    (void)run;
}
#endif

#endif
