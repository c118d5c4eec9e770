/* confirm.c - train --confirm: tries what the first finding proposes. */
#include "command.h"

#include <math.h>

static int on_progress(double part, void *user)
{
    cli_line_say(user, "trying the change: %3d %%", (int)(100.0 * part));
    return cli_interrupted();
}

/* The first finding that proposes flags; -1: none does. */
static int first_with_flags(const descent_finding *f)
{
    for (int i = 0; f[i].name; i++)
        if (f[i].flags[0] && f[i].severity != DESCENT_NOTE)
            return i;
    return -1;
}

void cli_confirm(descent_confirmation *out, const descent_recipe *recipe,
                 const descent_train_result *result, const descent_train_options *train, bool quiet)
{
    descent_confirm_options o = descent_confirm_defaults();
    const int finding = first_with_flags(result->finding);
    cli_line line = {.wanted = !quiet && cli_is_terminal(stderr)};
    descent_error err;

    *out = (descent_confirmation){.finding = NULL};
    if (finding < 0 || cli_interrupted())
        return;
    o.threads = train->threads;
    o.kernels = train->kernels;
    o.on_progress = on_progress;
    o.user = &line;
    const descent_status status =
        descent_confirm(out, recipe, NULL, result, (size_t)finding, &o, &err);
    cli_line_clear(&line);
    if (status == DESCENT_OK)
        return;
    *out = (descent_confirmation){.finding = result->finding[finding].name,
                                  .measure = "",
                                  .before = (double)NAN,
                                  .after = (double)NAN};
    snprintf(out->sentence, sizeof out->sentence,
             "not confirmed: the changed recipe can't be trained: %.180s", err.message);
}

json_t *cli_confirmation_json(const descent_confirmation *c)
{
    return json_pack("{s:s, s:o, s:o, s:b, s:o, s:s}", "measure", c->measure, "before",
                     cli_number(c->before), "after", cli_number(c->after), "gone", c->gone, "part",
                     cli_number(c->part), "sentence", c->sentence);
}
