/* augment.c - fuzz: changes of training pictures as text; what can be read is done to a small
 * picture. */
#include "fuzz.h"

#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>

enum { COUNT = 4, MOST = 28 * 28 };

/* Every number of what becomes of the pictures in some epochs is finite. */
static void show(descent_dataset *set, dsc_augment *augment)
{
    static float out[MOST];
    const dsc_augmenting how[] = {{augment, .seed = 1, .epoch = 0}, {augment, 2, UINT64_MAX}};
    descent_error err = {0};

    if (!fuzz_judge(dsc_augment_fit(augment, set, &err), &err))
        return;
    for (size_t e = 0; e < sizeof how / sizeof *how; e++)
        for (uint32_t index = 0; index < COUNT; index++) {
            dsc_batch_gather_augmented(set, &how[e], NULL, DESCENT_F32, &index, 1, out, NULL);
            for (size_t i = 0; i < dsc_shape_count(set->shape); i++)
                fuzz_require(isfinite(out[i]));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const dsc_shape shapes[] = {{3, {3, 5, 6}}, {3, {1, 1, 1}}, {3, {1, 28, 28}}};
    static uint8_t bytes[COUNT * MOST];
    char *text = fuzz_text(data, size);
    const dsc_place place = {.file = "augment", .line_text = text};
    descent_error err = {0};
    dsc_augment augment;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * i % 251);
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        descent_dataset set = {
            .count = COUNT, .shape = shapes[s], .dtype = DSC_U8, .features = bytes};
        if (fuzz_judge(dsc_augment_parse(&augment, text, place, &err), &err))
            show(&set, &augment);
    }
    free(text);
    return 0;
}
