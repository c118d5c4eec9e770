/* resident.h - how much memory this process holds. */
#ifndef DSC_BASE_RESIDENT_H
#define DSC_BASE_RESIDENT_H

#include <stddef.h>

/* Bytes of memory the process holds now, and the most it ever held; 0 where the system doesn't
 * tell. */
size_t dsc_resident_bytes(void);
size_t dsc_peak_bytes(void);

#endif
