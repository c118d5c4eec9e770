/* finding.h - what goes wrong in a training, why, and what to change. */
#ifndef DESCENT_FINDING_H
#define DESCENT_FINDING_H

#include "descent/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A note is worth knowing; a warning says that the result suffers; after a failure there is none.
 */
typedef enum descent_severity { DESCENT_NOTE, DESCENT_WARNING, DESCENT_FAILURE } descent_severity;

/* "note", "warning", "failure". */
DESCENT_API const char *descent_severity_text(descent_severity severity);

/* One thing that was found. Texts are whole sentences without line breaks, flags excepted. */
typedef struct descent_finding {
    const char *name; /* "learning-rate-too-high"; static, NULL past the end */
    descent_severity severity;
    double confidence;  /* that this is the cause: above 0, up to 1 */
    char evidence[320]; /* what was measured, with numbers and what they should be */
    char cause[240];    /* what most likely lies behind it */
    char remedy[320];   /* the one change to make, in words */
    char flags[320];    /* the same as flags to copy: --optimizer "adam lr=0.0003"; "": no flag
                         * does it, such as where the data are at fault */
} descent_finding;

enum { DESCENT_FINDINGS = 8 }; /* that a training tells of at most; the most important first */

/* All findings there are, by number, in the order of `descent list findings`; NULL past the end.
 * summary: what it means; formula: the threshold; reference: where that comes from; advice: the
 * remedy. */
DESCENT_API const descent_info *descent_finding_info(size_t index);

#ifdef __cplusplus
}
#endif
#endif
