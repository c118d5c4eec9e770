/* compare.h - what descent compare shows of its comparisons, one a data set. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include "command.h"

enum { CLI_MAX_SETS = 16 };

/* Comparisons of the same contenders on several data sets. */
typedef struct cli_comparisons {
    descent_comparison *set[CLI_MAX_SETS];
    size_t n;
    bool own_target; /* --target was given */
} cli_comparisons;

/* --- compare_text.c: tables and sentences ------------------------------------------------------
 */

void cli_compare_show(FILE *out, const cli_comparisons *all, size_t set);
/* How often each contender was among the fastest; for several data sets. */
void cli_compare_show_profile(FILE *out, const cli_comparisons *all);
/* Ratios of a performance profile, (contenders, data sets x seeds): epochs until the target over
 * those of the fastest. The caller frees them; NULL: out of memory. */
double *cli_compare_ratios(const cli_comparisons *all, size_t *problems);

/* --- compare_json.c ----------------------------------------------------------------------------
 */

/* Everything, as one object. */
json_t *cli_compare_json(const cli_comparisons *all);

/* --- compare_page.c ----------------------------------------------------------------------------
 */

/* Adds pictures, tables and sentences to that object. */
void cli_compare_pictures(json_t *page);

#endif
