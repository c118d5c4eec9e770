/* batch_choose.c - the variant of batch.c for a precision and this processor. */
#include "data/batch.h"
#include "data/tokens.h"

#define DECLARE(level)                                                                 \
  void dsc_gather_f32_##level(const descent_dataset *data, const dsc_scaling *scaling, \
                              const uint32_t *index, size_t n, void *x, void *y);      \
  void dsc_gather_f64_##level(const descent_dataset *data, const dsc_scaling *scaling, \
                              const uint32_t *index, size_t n, void *x, void *y);
DSC_LEVELS(DECLARE)
#undef DECLARE

void dsc_batch_gather(const descent_dataset *data, const dsc_scaling *scaling, descent_type type,
                      const uint32_t *index, size_t n, void *x, void *y)
{
#define ROW(level) {dsc_gather_f32_##level, dsc_gather_f64_##level},
    static const dsc_gather variants[][2] = {DSC_LEVELS(ROW)};
#undef ROW
    static const dsc_scaling none = {0};

    if (data->tokens) {
        dsc_tokens_gather(data, index, n, x, y);
        return;
    }
    variants[dsc_level_choose()][type == DESCENT_F64](data, scaling ? scaling : &none, index, n, x,
                                                      y);
}
