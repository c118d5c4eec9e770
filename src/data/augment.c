/* augment.c - the options that change training pictures, and how they are read. */
#include "data/augment.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>

static const descent_param params[DSC_AUGMENT_COUNT] = {
    [DSC_AUGMENT_SHIFT] = {"shift", 0, 0, 1024, "moves by up to so many whole pixels, each way",
                           DESCENT_INTEGER, NULL},
    [DSC_AUGMENT_FLIP] = {"flip", 0, 0, 1, "mirrors every second picture, left and right",
                          DESCENT_FLAG, NULL},
    [DSC_AUGMENT_ROTATE] = {"rotate", 0, 0, 180, "turns by up to so many degrees, each way",
                            DESCENT_NUMBER, NULL},
    [DSC_AUGMENT_ZOOM] = {"zoom", 0, 0, 0.9, "makes larger or smaller by up to this part",
                          DESCENT_NUMBER, NULL},
    [DSC_AUGMENT_BRIGHTNESS] = {"brightness", 0, 0, 1,
                                "adds up to this part of the range of values, or takes it away",
                                DESCENT_NUMBER, NULL},
    [DSC_AUGMENT_CONTRAST] = {"contrast", 0, 0, 1,
                              "stretches or shrinks by up to this part around a picture's mean",
                              DESCENT_NUMBER, NULL},
    [DSC_AUGMENT_NOISE] = {"noise", 0, 0, 1,
                           "deviation of what is added to each pixel, in parts of the range",
                           DESCENT_NUMBER, NULL},
    [DSC_AUGMENT_CUTOUT] = {"cutout", 0, 0, 1024, "side of a square that is cut out, in pixels",
                            DESCENT_INTEGER, NULL},
    [DSC_AUGMENT_BORDER] = {"border", 0, 0, 1,
                            "what moves in from outside: the background (the smallest value of the "
                            "data) or the nearest pixel",
                            DESCENT_CHOICE, "background|edge"},
};

const descent_info dsc_augment_info = {
    .name = "augment",
    .summary = "sets of pictures take options that change the training pictures at random, anew in "
               "every epoch",
    .formula = "pixel (x, y) shows the place zoom^-1 R(-rotate) ((x, y) - shift) from the centre, "
               "between four pixels",
    .reference = "cutout: DeVries & Taylor 2017, arXiv:1708.04552",
    .params = params,
    .n_params = DSC_AUGMENT_COUNT};

static int find(const descent_info *info, const char *name)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0)
            return i;
    return -1;
}

/* An option of pictures behind data that are none. */
static descent_status refuse(const dsc_spec *spec, const descent_info *source, descent_error *err)
{
    for (int a = 0; a < spec->n_args; a++) {
        const dsc_spec_arg *arg = &spec->arg[a];
        const char *name = arg->key ? arg->key : arg->text;
        if (name && find(&dsc_augment_info, name) >= 0 && find(source, name) < 0)
            return dsc_fail_at(err, DESCENT_INVALID, arg->key_place,
                               "%s: %s changes pictures, and these examples are none", source->name,
                               name);
    }
    return DESCENT_OK;
}

static void take(dsc_augment *augment, const descent_info *info, int begin, const dsc_value *values)
{
    for (int option = 0; option < DSC_AUGMENT_COUNT; option++) {
        const int i = find(info, params[option].name);
        if (i < begin) /* the source has an option of this name itself */
            continue;
        augment->value[option] = values[i].number;
        augment->on = augment->on || (option != DSC_AUGMENT_BORDER && values[i].number > 0.0);
    }
}

descent_status dsc_augment_bind(dsc_augment *augment, const dsc_spec *spec,
                                const descent_info *source, bool pictures,
                                dsc_value values[DSC_MAX_PARAMS], descent_error *err)
{
    descent_param all[DSC_MAX_PARAMS];
    descent_info info = *source;

    *augment = (dsc_augment){0};
    if (!pictures) {
        DSC_TRY(refuse(spec, source, err));
        return dsc_spec_bind(spec, source, 0, values, err);
    }
    for (int i = 0; i < source->n_params; i++)
        all[i] = source->params[i];
    for (int i = 0; i < DSC_AUGMENT_COUNT && info.n_params < DSC_MAX_PARAMS; i++)
        if (find(source, params[i].name) < 0)
            all[info.n_params++] = params[i];
    info.params = all;
    DSC_TRY(dsc_spec_bind(spec, &info, 0, values, err));
    take(augment, &info, source->n_params, values);
    return DESCENT_OK;
}

descent_status dsc_augment_parse(dsc_augment *augment, const char *text, dsc_place origin,
                                 descent_error *err)
{
    static const char name[] = "augment ";
    dsc_value values[DSC_MAX_PARAMS];
    dsc_spec_list *list;

    *augment = (dsc_augment){0};
    if (strcmp(text, "none") == 0)
        return DESCENT_OK;
    /* the grammar wants a name in front; places are those of the text alone */
    const size_t size = sizeof name + strlen(text);
    char *named = dsc_alloc(size, 1);
    if (!named)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", text);
    snprintf(named, size, "%s%s", name, text);
    origin.column = (origin.column > 0 ? origin.column : 1) - (int)(sizeof name - 1);
    if (!origin.line_text)
        origin.line_text = text;
    descent_status status = dsc_spec_parse_one(&list, named, origin, err);
    if (status == DESCENT_OK) {
        status = dsc_spec_bind(&list->item[0], &dsc_augment_info, 0, values, err);
        dsc_spec_free(list);
    }
    dsc_free(named); /* places on a second line are places in it */
    if (status == DESCENT_OK)
        take(augment, &dsc_augment_info, 0, values);
    return status;
}
