/* text.c - what a training on text needs beside: the length of its windows, and a model that says
 * something of each token. */
#include "train/fit.h"

#include "data/tokens.h"

descent_status dsc_text_context(const descent_recipe *recipe, descent_dataset *opened,
                                const descent_dataset *data, descent_error *err)
{
    const dsc_place place = dsc_recipe_place(recipe, DSC_KEY_context);
    int64_t context;

    if (!recipe->setting[DSC_KEY_context].text)
        return DESCENT_OK;
    DSC_TRY(dsc_settings_context(recipe, &context, err));
    if (!data->tokens)
        return dsc_fail_at(err, DESCENT_INVALID, place, "context is for text, '%s' is none",
                           data->name);
    if (opened)
        dsc_tokens_set_context(opened, (int)context);
    else if (context != data->shape.size[0])
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "context = %lld, but '%s' was opened with windows of %d",
                           (long long)context, data->name, data->shape.size[0]);
    return DESCENT_OK;
}

descent_status dsc_text_check(const dsc_network *network, const descent_dataset *data,
                              dsc_place place, descent_error *err)
{
    const size_t needed = dsc_dataset_positions(data);

    if (dsc_network_labels(network) == needed)
        return DESCENT_OK;
    return dsc_fail_at(err, DESCENT_SHAPE, place,
                       "the model says one thing of a whole window, text needs the next %s after "
                       "each of its %zu; leave out what makes one row of the window",
                       descent_dataset_unit(data), needed);
}
