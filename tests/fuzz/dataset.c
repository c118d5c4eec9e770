/* dataset.c - fuzz: data sets as text. Built-in sets are made, and "table" is a small table that is
 * there. */
#include "fuzz.h"

#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char table[] = "id,width,height,kind\n1,2,3,a\n2,4,1,b\n3,2,2,a\n4,7,1,b\n";

/* Other paths, and sets that take seconds to make: of more than 9999 examples, or of large
 * pictures. */
static bool is_left_out(const char *text)
{
    int digits = 0, most = 0;

    for (const char *c = text; *c; c++) {
        digits = *c >= '0' && *c <= '9' ? digits + 1 : 0;
        most = digits > most ? digits : most;
    }
    return most > 4 || strchr(text, '/') || *text == '.' ||
           (strstr(text, "shapes") && !strstr(text, "size=8"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    descent_error err = {0};
    descent_dataset *set;

    if (!ready) {
        fuzz_file(0, "table", table, sizeof table - 1);
        ready = chdir(fuzz_folder()) == 0;
    }
    fuzz_require(ready);
    char *text = fuzz_text(data, size);
    if (is_left_out(text)) {
        free(text);
        return 0;
    }
    if (fuzz_judge(descent_dataset_open(&set, text, &err), &err)) {
        fuzz_require(descent_dataset_count(set) > 0 && dsc_shape_valid(set->shape));
        fuzz_require(descent_dataset_outputs(set) > 0);
        for (size_t i = 0; i < 50; i++)
            fuzz_require(descent_dataset_label(set, i) < descent_dataset_outputs(set));
    } else {
        fuzz_require(set == NULL);
    }
    descent_dataset_free(set);
    free(text);
    return 0;
}
