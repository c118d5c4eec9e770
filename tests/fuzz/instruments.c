/* instruments.c - fuzz: what is to be measured, as text. */
#include "fuzz.h"

#include "instrument/instrument.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    descent_error err = {0};
    dsc_choice choice = {0};

    if (fuzz_judge(dsc_choice_read(&choice, text, (dsc_place){.line_text = text}, &err), &err))
        for (size_t i = 0; i < choice.n; i++)
            fuzz_require(choice.instrument[i] == dsc_instrument_at(choice.index[i]));
    free(text);
    return 0;
}
