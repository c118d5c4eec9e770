/* loss_read.c - from a loss as typed to one with its numbers. */
#include "base/memory.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "layer/loss.h"

#include <math.h>
#include <string.h>

/* A choice while it is read. */
typedef struct reader {
    dsc_loss_choice *out;
    const dsc_spec *spec;
    int outputs;
    descent_error *err;
} reader;

void dsc_loss_free(dsc_loss_choice *choice)
{
    dsc_free(choice->weight);
    *choice = (dsc_loss_choice){0};
}

/* Where the value of a parameter was typed. */
static dsc_place place_of(const dsc_spec *spec, const char *name)
{
    for (int i = 0; i < spec->n_args; i++)
        if (spec->arg[i].key && strcmp(spec->arg[i].key, name) == 0)
            return spec->arg[i].place;
    return spec->place;
}

static bool is_weight(const char *text, double *weight)
{
    return dsc_number_read(text, strlen(text), weight) && *weight >= 0 && isfinite(*weight);
}

static descent_status make_weights(reader *r, int n)
{
    dsc_loss_choice *c = r->out;

    c->weight = dsc_alloc((size_t)n, sizeof *c->weight);
    if (!c->weight)
        return dsc_fail(r->err, DESCENT_NOMEM, "out of memory for %d weights", n);
    c->n_weights = n;
    return DESCENT_OK;
}

/* (1, 2, 5) */
static descent_status read_list(reader *r, const char *name, const dsc_spec_list *list)
{
    const char *entry = r->out->kind->info.name;
    double sum = 0;

    DSC_TRY(make_weights(r, list->count));
    for (int i = 0; i < list->count; i++) {
        const dsc_spec *item = &list->item[i];
        if (!is_weight(item->source, &r->out->weight[i]))
            return dsc_fail_at(r->err, DESCENT_INVALID, item->place,
                               "%s: %s has '%s', must be numbers of at least 0 with commas between",
                               entry, name, item->source);
        sum += r->out->weight[i];
    }
    if (list->count != r->outputs)
        return dsc_fail_at(r->err, DESCENT_INVALID, place_of(r->spec, name),
                           "%s: %s has %d numbers, the data has %d %s", entry, name, list->count,
                           r->outputs, r->out->kind->target == DSC_LABELS ? "classes" : "targets");
    if (sum > 0)
        return DESCENT_OK;
    return dsc_fail_at(r->err, DESCENT_INVALID, place_of(r->spec, name),
                       "%s: %s must have a number above 0", entry, name);
}

/* balanced for classes, or one number for all outputs */
static descent_status read_word(reader *r, const char *name, const char *text)
{
    const bool classes = r->out->kind->target == DSC_LABELS;
    double weight;

    if (classes && strcmp(text, "balanced") == 0) {
        r->out->balanced = true;
        return DESCENT_OK;
    }
    if (classes || !is_weight(text, &weight))
        return dsc_fail_at(r->err, DESCENT_INVALID, place_of(r->spec, name),
                           "%s: %s = '%s', must be %s or a list such as (1, 2, 5)",
                           r->out->kind->info.name, name, text,
                           classes ? "balanced" : "a number of at least 0");
    DSC_TRY(make_weights(r, r->outputs));
    for (int i = 0; i < r->outputs; i++)
        r->out->weight[i] = weight;
    return DESCENT_OK;
}

static descent_status read_item(reader *r)
{
    dsc_value values[DSC_MAX_PARAMS];
    dsc_loss_choice *c = r->out;
    char near[80];

    c->kind = dsc_loss_find(r->spec->name);
    if (!c->kind) {
        dsc_suggest_entry(r->spec->name, descent_loss_info, near);
        return dsc_fail_at(r->err, DESCENT_UNKNOWN, r->spec->place, "no loss is called '%s'%s",
                           r->spec->name, near);
    }
    const descent_info *info = &c->kind->info;
    DSC_TRY(dsc_spec_bind(r->spec, info, DSC_ACCEPT_NUMBERS, values, r->err));
    for (int i = 0; i < info->n_params; i++) {
        c->number[i] = values[i].number;
        if (values[i].list)
            DSC_TRY(read_list(r, info->params[i].name, values[i].list));
        else if (info->params[i].kind == DESCENT_TEXT && values[i].given)
            DSC_TRY(read_word(r, info->params[i].name, values[i].text));
    }
    c->link = c->kind->link_of ? c->kind->link_of(c->number) : c->kind->link;
    return DESCENT_OK;
}

descent_status dsc_loss_read(dsc_loss_choice *out, const char *text, dsc_place origin, int outputs,
                             descent_error *err)
{
    reader r = {.out = out, .outputs = outputs, .err = err};
    dsc_spec_list *list;

    *out = (dsc_loss_choice){0};
    DSC_TRY(dsc_spec_parse_one(&list, text, origin, err));
    r.spec = &list->item[0];
    const descent_status status = read_item(&r);
    dsc_spec_free(list);
    if (status != DESCENT_OK)
        dsc_loss_free(out);
    return status;
}

descent_status dsc_loss_balance(char **out, const char *text, const double *weight, int n,
                                descent_error *err)
{
    dsc_strbuf buf = {0};
    dsc_spec_list *list;

    *out = NULL;
    DSC_TRY(dsc_spec_parse_one(&list, text, (dsc_place){0}, err));
    const dsc_spec *spec = &list->item[0];
    dsc_strbuf_add(&buf, spec->name);
    for (int i = 0; i < spec->n_args; i++) {
        const dsc_spec_arg *arg = &spec->arg[i];
        const bool here = strcmp(arg->text, "balanced") == 0;
        dsc_strbuf_print(&buf, " %s%s%s", arg->key ? arg->key : "", arg->key ? "=" : "",
                         here ? "(" : arg->text);
        for (int j = 0; here && j < n; j++)
            dsc_strbuf_print(&buf, "%.6g%s", weight[j], j + 1 < n ? ", " : ")");
    }
    dsc_spec_free(list);
    if (buf.failed) {
        dsc_strbuf_free(&buf);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the loss");
    }
    *out = buf.text;
    return DESCENT_OK;
}
