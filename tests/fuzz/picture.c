/* picture.c - fuzz: one picture file, PNG, PPM or PGM. */
#include "fuzz.h"

#include "base/memory.h"
#include "data/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    descent_error err = {0};
    dsc_picture picture;
    unsigned sum = 0;

    if (fuzz_judge(dsc_picture_read(&picture, fuzz_file(0, "picture", data, size), &err), &err)) {
        fuzz_require(picture.shape.rank == 3 && dsc_shape_valid(picture.shape));
        fuzz_require(picture.shape.size[0] == 1 || picture.shape.size[0] == 3);
        for (size_t i = 0; i < dsc_shape_count(picture.shape); i++)
            sum += picture.bytes[i];
        fuzz_require(sum <= 255 * dsc_shape_count(picture.shape));
    } else {
        fuzz_require(picture.bytes == NULL);
    }
    dsc_free(picture.bytes);
    return 0;
}
