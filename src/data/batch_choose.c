/* batch_choose.c - the variant of batch.c and augment_apply.c for a precision and this processor.
 */
#include "data/batch.h"
#include "data/tokens.h"

#define DECLARE(level)                                                                             \
  void dsc_gather_f32_##level(const descent_dataset *data, const dsc_scaling *scaling,             \
                              const uint32_t *index, size_t n, void *x, void *y);                  \
  void dsc_gather_f64_##level(const descent_dataset *data, const dsc_scaling *scaling,             \
                              const uint32_t *index, size_t n, void *x, void *y);                  \
  void dsc_view_show_f32_##level(const descent_dataset *data, const dsc_augment *augment,          \
                                 const dsc_view *view, const dsc_scaling *scaling, uint32_t index, \
                                 void *out);                                                       \
  void dsc_view_show_f64_##level(const descent_dataset *data, const dsc_augment *augment,          \
                                 const dsc_view *view, const dsc_scaling *scaling, uint32_t index, \
                                 void *out);
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

void dsc_batch_gather_augmented(const descent_dataset *data, const dsc_augmenting *how,
                                const dsc_scaling *scaling, descent_type type,
                                const uint32_t *index, size_t n, void *x, void *y)
{
#define ROW(level) {dsc_view_show_f32_##level, dsc_view_show_f64_##level},
    static const dsc_view_show variants[][2] = {DSC_LEVELS(ROW)};
#undef ROW
    static const dsc_scaling none = {0};
    const dsc_augment *augment = how->augment;
    const dsc_view_show show = variants[dsc_level_choose()][type == DESCENT_F64];
    const size_t row =
        dsc_shape_count(data->shape) * (type == DESCENT_F64 ? sizeof(double) : sizeof(float));

    dsc_batch_gather(data, scaling, type, index, n, augment->on ? NULL : x, y);
    for (size_t i = 0; x && augment->on && i < n; i++) {
        const dsc_view view =
            dsc_augment_draw(augment, data->shape, how->seed, how->epoch, index[i]);
        show(data, augment, &view, scaling ? scaling : &none, index[i], (char *)x + i * row);
    }
}
