/* choice.c - which instruments somebody asked for. */
#include "instrument/instrument.h"

#include "base/spec.h"

#include <string.h>

/* What one item of the list adds; `values` is of an instrument that was named. */
static void add(dsc_choice *c, size_t index, const dsc_value *values)
{
    const dsc_instrument *instrument = dsc_instrument_at(index);
    size_t at = 0;

    while (at < c->n && c->index[at] < index) /* in the registry's order */
        at++;
    if (at == c->n || c->index[at] != index) {
        for (size_t i = c->n++; i > at; i--) {
            c->instrument[i] = c->instrument[i - 1];
            c->index[i] = c->index[i - 1];
            memcpy(c->param[i], c->param[i - 1], sizeof c->param[i]);
        }
        c->instrument[at] = instrument;
        c->index[at] = index;
        dsc_param_defaults(&instrument->info, c->param[at]);
    }
    if (values)
        memcpy(c->param[at], values, sizeof c->param[at]);
    c->sees |= instrument->sees;
    c->searches |= instrument->search != NULL;
}

static descent_status add_item(dsc_choice *c, const dsc_spec *item, descent_error *err)
{
    static const descent_info standard = {.name = "standard"};
    dsc_value values[DSC_MAX_PARAMS];
    char near[80];

    if (strcmp(item->name, standard.name) == 0) {
        DSC_TRY(dsc_spec_bind(item, &standard, 0, values, err));
        for (size_t i = 0; dsc_instrument_at(i); i++)
            if (!dsc_instrument_at(i)->costly)
                add(c, i, NULL);
        return DESCENT_OK;
    }
    for (size_t i = 0; dsc_instrument_at(i); i++) {
        if (strcmp(item->name, dsc_instrument_at(i)->info.name) != 0)
            continue;
        DSC_TRY(dsc_spec_bind(item, &dsc_instrument_at(i)->info, 0, values, err));
        add(c, i, values);
        return DESCENT_OK;
    }
    dsc_suggest_entry(item->name, descent_instrument_info, near);
    return dsc_fail_at(err, DESCENT_UNKNOWN, item->place, "no instrument is called '%s'%s",
                       item->name, near);
}

descent_status dsc_choice_read(dsc_choice *out, const char *text, dsc_place place,
                               descent_error *err)
{
    descent_status status = DESCENT_OK;
    dsc_spec_list *list;

    *out = (dsc_choice){0};
    DSC_TRY(dsc_spec_parse(&list, text, place, err));
    for (int i = 0; i < list->count && status == DESCENT_OK; i++)
        status = add_item(out, &list->item[i], err);
    dsc_spec_free(list);
    return status;
}
