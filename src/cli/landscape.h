/* landscape.h - what descent landscape found, for the files that show it. */
#ifndef CLI_LANDSCAPE_H
#define CLI_LANDSCAPE_H

#include "command.h"

typedef struct cli_landscape {
    descent_landscape *land;
    const char *run, *other; /* folders; other: NULL without --to */
    const char *directions;  /* "random" or "pca" */
    bool has_map, has_line, has_spectrum;
    descent_landscape_map map;
    descent_landscape_line line;
    descent_spectrum spectrum;
    double lr;         /* the recipe's; NaN: it is not known, or moves by itself */
    double momentum;   /* of sgd */
    bool is_sgd;       /* steps along the gradient, so that the curvature limits lr */
    double *sharpness; /* with --over-run: at every snapshot measured, else NULL */
    bool interrupted;
} cli_landscape;

/* The sharpness at which steps of gradient descent with that lr no longer go downhill; NaN when the
 * optimizer scales its steps in another way. */
double cli_landscape_limit(const cli_landscape *l, double lr);

/* Tables and maps for people. */
void cli_landscape_show(const cli_landscape *l, FILE *out);
/* One sentence a line: what the numbers mean. The caller frees the array with json_decref(). */
json_t *cli_landscape_sentences(const cli_landscape *l);
/* The object of --json. */
json_t *cli_landscape_json(const cli_landscape *l);

#endif
