/* spec_lr.c - puts a learning rate into an optimizer's string, through the tree of its words. */
#include "study/spec_lr.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/spec.h"
#include "base/strbuf.h"
#include "optim/optimizer.h"

#include <math.h>
#include <string.h>

/* The rule within all wrappers, which are what takes "( ... )". */
static const dsc_spec *rule_of(const dsc_spec *item)
{
    const dsc_spec_list *inner;

    while ((inner = dsc_spec_inner(item)) != NULL && inner->count > 0)
        item = &inner->item[0];
    return item;
}

static const dsc_spec_arg *lr_of(const dsc_spec *rule)
{
    for (int i = 0; i < rule->n_args; i++)
        if (rule->arg[i].key && strcmp(rule->arg[i].key, "lr") == 0)
            return &rule->arg[i];
    return NULL;
}

static bool is_auto(const dsc_spec *item)
{
    const dsc_spec_arg *lr = lr_of(rule_of(item));

    return lr && lr->text && strcmp(lr->text, "auto") == 0;
}

static void write_list(dsc_strbuf *out, const dsc_spec_list *list, const dsc_spec *rule,
                       const char *lr);

static void write_value(dsc_strbuf *out, const dsc_spec_arg *arg, const dsc_spec *rule,
                        const char *lr)
{
    if (arg->list) {
        dsc_strbuf_add(out, "(");
        write_list(out, arg->list, rule, lr);
        dsc_strbuf_add(out, ")");
        return;
    }
    const bool quoted = !*arg->text || strpbrk(arg->text, " \t\n,()=");
    dsc_strbuf_print(out, quoted ? "\"%s\"" : "%s", arg->text);
}

/* The words of a list again; `rule` gets that lr in the place of its own. */
static void write_list(dsc_strbuf *out, const dsc_spec_list *list, const dsc_spec *rule,
                       const char *lr)
{
    for (int i = 0; i < list->count; i++) {
        const dsc_spec *item = &list->item[i];
        const dsc_spec_arg *old = item == rule ? lr_of(item) : NULL;
        dsc_strbuf_print(out, "%s%s", i > 0 ? ", " : "", item->name);
        if (item == rule && !old)
            dsc_strbuf_print(out, " lr=%s", lr);
        for (int a = 0; a < item->n_args; a++) {
            const dsc_spec_arg *arg = &item->arg[a];
            dsc_strbuf_print(out, " %s%s", arg->key ? arg->key : "", arg->key ? "=" : "");
            if (arg == old)
                dsc_strbuf_add(out, lr);
            else
                write_value(out, arg, rule, lr);
        }
    }
}

/* Whether it is an optimizer, and has a learning rate to choose. Numbers of the same width stand in
 * for `auto`, so that messages point to the right column of what was typed. */
static descent_status check(const char *spec, const dsc_spec_list *list, dsc_place place,
                            descent_error *err)
{
    descent_optimizer_options options = descent_optimizer_defaults();
    descent_optimizer *opt = NULL;
    char *stand_in = dsc_copy(spec);

    if (!stand_in)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", spec);
    char *word = is_auto(&list->item[0]) ? strstr(stand_in, "lr=auto") : NULL;
    if (word)
        memcpy(word + 3, "1e-3", 4);
    if (!place.line_text)
        place.line_text = spec;
    options.gives_objective = options.gives_curvature = 1;
    descent_status status = dsc_optimizer_create_at(&opt, stand_in, 1, DESCENT_F32, &options,
                                                    (dsc_origins){.spec = place}, err);
    if (status == DESCENT_OK &&
        (dsc_optimizer_searches(opt) || isnan(descent_optimizer_get(opt, "lr"))))
        status = dsc_fail_at(err, DESCENT_INVALID, place,
                             "%s chooses the length of its steps itself; it has no learning rate "
                             "to find",
                             descent_optimizer_name(opt));
    descent_optimizer_free(opt);
    dsc_free(stand_in);
    return status;
}

descent_status dsc_spec_set_lr(char **out, const char *spec, double lr, dsc_place place,
                               descent_error *err)
{
    char number[DSC_NUMBER_SIZE];
    dsc_strbuf text = {0};
    dsc_spec_list *list;

    *out = NULL;
    DSC_TRY(dsc_spec_parse_one(&list, spec, place, err));
    const descent_status status = check(spec, list, place, err);
    if (status == DESCENT_OK) {
        write_list(&text, list, rule_of(&list->item[0]), dsc_number_plain(lr, number));
        *out = text.failed ? NULL : dsc_copy(text.text);
    }
    dsc_strbuf_free(&text);
    dsc_spec_free(list);
    if (status == DESCENT_OK && !*out)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", spec);
    return status;
}

bool dsc_spec_wants_lr(const char *spec)
{
    dsc_spec_list *list;

    if (!spec || dsc_spec_parse_one(&list, spec, (dsc_place){.file = ""}, NULL) != DESCENT_OK)
        return false;
    const bool wants = is_auto(&list->item[0]);
    dsc_spec_free(list);
    return wants;
}
