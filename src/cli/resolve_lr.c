/* resolve_lr.c - lr=auto: a number in its place before a training begins. */
#include "command.h"

char *cli_lr_text(const descent_lr_search *search, char out[120])
{
    const descent_lr_suggestion all = descent_lr_suggest(search);
    const size_t n = descent_lr_curves(search);
    char lr[32], low[32], high[32];

    cli_plain_text(all.lr, lr);
    if (n == 1)
        snprintf(out, 120, "%s (one seed)", lr);
    else if (all.low < all.high)
        snprintf(out, 120, "%s (%s to %s over %zu seeds)", lr, cli_plain_text(all.low, low),
                 cli_plain_text(all.high, high), n);
    else
        snprintf(out, 120, "%s (all %zu seeds agree)", lr, n);
    return out;
}

static int on_progress(int64_t done, int64_t all, void *user)
{
    (void)done;
    (void)all;
    (void)user;
    return cli_interrupted();
}

int cli_resolve_lr(descent_recipe *recipe, const descent_train_options *train, FILE *out, bool json)
{
    descent_lr_options o = descent_lr_defaults();
    descent_lr_search *search;
    descent_error err;
    char text[120];

    o.threads = train->threads;
    o.kernels = train->kernels;
    o.on_progress = on_progress;
    if (descent_lr_find(&search, recipe, NULL, &o, &err))
        return cli_fail(&err);
    if (!search) {
        cli_complain("interrupted while lr=auto was looked for; nothing was trained");
        return EXIT_RAN_BADLY;
    }
    const char *optimizer = descent_lr_optimizer(search);
    if (json)
        cli_json_line(json_pack("{s:s, s:o, s:s}", "event", "find-lr", "lr",
                                cli_number(descent_lr_suggest(search).lr), "optimizer", optimizer));
    if (out)
        fprintf(out, "%-10s lr=auto is lr=%s\n", "found", cli_lr_text(search, text));
    const bool failed = descent_recipe_set(recipe, "optimizer", optimizer, "lr=auto", &err) != 0;
    descent_lr_free(search);
    return failed ? cli_fail(&err) : EXIT_DONE;
}
