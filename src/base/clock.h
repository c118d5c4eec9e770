/* clock.h - seconds since an arbitrary moment, never going back. */
#ifndef DSC_BASE_CLOCK_H
#define DSC_BASE_CLOCK_H

double dsc_seconds(void);

#endif
