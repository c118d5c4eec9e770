/* report.h - pages: one HTML file each, with its pictures, its data and all that draws them. */
#ifndef DESCENT_REPORT_H
#define DESCENT_REPORT_H

#include "descent/data.h"
#include "descent/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 when this build of the library has pages; 0 when npm was missing while it was built. */
DESCENT_API int descent_report_available(void);

/* Writes a page that opens without a network: `json` is one object of data, NUL-terminated UTF-8,
 * and its "kind" says which page draws it: "minimize" and "train" have pages of their own,
 * "compare", "find-lr" and "landscape" hold {"title": TEXT, "text": [TEXT...],
 * "pictures": [{"title", "note", "traces": [...], "layout": {...}}...],
 * "tables": [{"title", "columns": [TEXT...], "rows": [[...]...]}...]} with traces and layouts as
 * Plotly takes them. The file appears whole or not at all. Fails without pages in the build, for
 * what is no JSON object or of another kind, and when the file cannot be written. */
DESCENT_API descent_status descent_report_write(const char *path, const char *json,
                                                descent_error *err);
/* The same page as a text; "view" is of this kind only: it asks the server it came from for the
 * runs it shows. Free with descent_report_text_free(). */
DESCENT_API descent_status descent_report_text(char **out, const char *json, descent_error *err);
DESCENT_API void descent_report_text_free(char *text); /* NULL is fine */

/* Writes FOLDER/report.html about the training in a run folder, from its log.jsonl and recipe.ini:
 * curves, layers, settings. With the model the page has its drawing and the filters of a first
 * layer that sees pictures; with the data as well, which must be what the recipe names, what the
 * model says of the test part, and of the plane where there are two features. Either may be NULL,
 * data alone adds nothing. `tested` is what a training gives its on_end(); with NULL the model is
 * asked about the test part again. */
DESCENT_API descent_status descent_report_run(const char *folder, const descent_dataset *data,
                                              const descent_model *model,
                                              const descent_tested *tested, descent_error *err);

#ifdef __cplusplus
}
#endif
#endif
