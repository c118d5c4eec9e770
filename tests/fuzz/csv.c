/* csv.c - fuzz: comma-separated files. The first line is what is typed behind the file's name
 * ("header=yes target=2 separator=;"), preceded by '?' to open it for predicting; the rest is the
 * file. */
#include "fuzz.h"

#include "descent/data.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was read is whole: labels in range, every number finite. */
static void look(const descent_dataset *data)
{
    const size_t n = descent_dataset_count(data);
    const int outputs = descent_dataset_outputs(data);
    int shape[4];

    if (descent_dataset_tokens(data) > 0) /* "text" behind it: see text.c */
        return;
    fuzz_require(n > 0 && descent_dataset_shape(data, shape) == 1 && shape[0] > 0);
    for (size_t i = 0; i < n && descent_dataset_task(data) == DESCENT_CLASSIFICATION; i++)
        fuzz_require(descent_dataset_label(data, i) < outputs);
    for (int i = 0; i < outputs && i < 16; i++)
        descent_dataset_class(data, i);
    for (int i = 0; i < shape[0] && i < 16; i++) {
        const descent_feature_summary s = descent_dataset_summary(data, i);
        fuzz_require(isfinite(s.min) && isfinite(s.max) && s.min <= s.max);
        descent_dataset_feature(data, i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t line = end ? (size_t)(end - data) : 0, body = end ? line + 1 : 0;
    const char *path = fuzz_file(0, "table.csv", data + body, size - body);
    const bool predicts = line > 0 && data[0] == '?';
    char *options = fuzz_text(data + predicts, line - predicts);
    char spec[512];
    descent_dataset *set;
    descent_error err = {0};

    snprintf(spec, sizeof spec, "\"%s\" %s", path, options);
    const descent_status status = predicts
                                      ? descent_dataset_open_features(&set, spec, "target", &err)
                                      : descent_dataset_open(&set, spec, &err);
    if (fuzz_judge(status, &err))
        look(set);
    else
        fuzz_require(set == NULL);
    descent_dataset_free(set);
    free(options);
    return 0;
}
