/* spec.c - fuzz: the grammar of everything that people type, and the words of a number. */
#include "fuzz.h"

#include "base/number.h"
#include "base/spec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t count(const dsc_spec_list *list)
{
    size_t n = 0;

    for (int i = 0; i < list->count; i++) {
        fuzz_require(list->item[i].name && list->item[i].source);
        for (int a = 0; a < list->item[i].n_args; a++) {
            const dsc_spec_arg *arg = &list->item[i].arg[a];
            fuzz_require(!arg->text != !arg->list);
            n += arg->list ? count(arg->list) : 1;
        }
        n++;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const dsc_place place = {.file = "spec", .line = 3, .column = 5};
    char *text = fuzz_text(data, size);
    descent_error err = {0};
    dsc_spec_list *list;
    int64_t whole;
    double number;

    if (fuzz_judge(dsc_spec_parse(&list, text, place, &err), &err))
        fuzz_require(count(list) <= strlen(text));
    else
        fuzz_require(list == NULL);
    dsc_spec_free(list);
    char shown[DSC_NUMBER_SIZE];
    if (dsc_number_read(text, strlen(text), &number) && !isnan(number)) {
        double again;
        dsc_number_text(number, shown);
        fuzz_require(dsc_number_read(shown, strlen(shown), &again) && again == number);
    }
    if (dsc_integer_read(text, strlen(text), &whole))
        fuzz_require(size > 0);
    free(text);
    return 0;
}
