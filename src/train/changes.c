/* changes.c - does a run go on as it was begun? Settings, what else was asked for, and the data. */
#include "train/run_folder.h"

#include "base/number.h"
#include "base/strbuf.h"

#include <string.h>

typedef struct comparison {
    const dsc_fit *fit;
    bool tells; /* in the log; else into `list` */
    dsc_strbuf list;
    size_t n;
} comparison;

static void compare(comparison *c, const char *key, const char *from, const char *to)
{
    if (from == to || (from && to && strcmp(from, to) == 0))
        return;
    if (c->tells)
        dsc_fit_log_change(c->fit, key, from, to);
    else
        dsc_strbuf_print(&c->list, "%s%s %s -> %s", c->n > 0 ? "; " : "", key,
                         from ? from : "(none)", to ? to : "(none)");
    c->n++;
}

static void compare_recipe(comparison *c, const dsc_tensors *checkpoint)
{
    for (int key = 0; key < DSC_KEY_COUNT; key++) {
        char note[DSC_RECIPE_NOTE];
        compare(c, descent_recipe_key((size_t)key)->name,
                dsc_tensors_note(checkpoint, dsc_recipe_note((dsc_key)key, note)),
                c->fit->recipe->setting[key].text);
    }
}

static void compare_options(comparison *c, const json_t *asked)
{
    const descent_train_options *o = c->fit->options;
    char from[DSC_NUMBER_SIZE], to[DSC_NUMBER_SIZE];

    if (!asked)
        return;
    compare(c, "kernel", json_string_value(json_object_get(asked, "kernel")),
            o->kernels ? o->kernels : "auto");
    compare(c, "instruments", json_string_value(json_object_get(asked, "instruments")),
            o->instruments);
    compare(c, "stop-on", json_string_value(json_object_get(asked, "stop_on")), o->stop_on);
    compare(c, "snapshots",
            dsc_number_text(json_number_value(json_object_get(asked, "snapshots")), from),
            dsc_number_text((double)dsc_snapshot_count(c->fit), to));
    if (json_integer_value(json_object_get(asked, "findings")) != 0 && !o->diagnose)
        compare(c, "findings", "yes", "no");
}

descent_status dsc_run_compare(const dsc_run_folder *run, const dsc_fit *fit, bool *changed,
                               descent_error *err)
{
    comparison c = {.fit = fit, .tells = changed != NULL};
    descent_status status = DESCENT_OK;

    compare_recipe(&c, &run->checkpoint);
    compare_options(&c, json_object_get(run->begun, "options"));
    compare(&c, "examples", dsc_tensors_note(&run->checkpoint, DSC_MARK_NOTE), fit->mark);
    if (changed)
        *changed = c.n > 0;
    else if (c.list.failed)
        status = dsc_fail(err, DESCENT_NOMEM, "out of memory to compare settings");
    else if (c.n > 0 && !fit->options->allow_changes)
        status = dsc_fail(err, DESCENT_INVALID,
                          "'%.100s' was begun with other settings: %.250s%s; --allow-changes "
                          "(allow_changes) goes on with the new ones",
                          fit->options->folder, c.list.text, c.list.length > 250 ? " ..." : "");
    dsc_strbuf_free(&c.list);
    return status;
}
