/* list.c - descent list: the names the library knows. */
#include "command.h"

#include <string.h>

enum { JSON, MARKDOWN, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [JSON] = {"json", NULL, "one JSON object a line"},
    [MARKDOWN] = {"markdown", NULL, "a page with formulas and parameters of all, for one list"},
};

static void print_registry(const cli_registry *r, bool as_json)
{
    const descent_info *info;
    int width = 16;

    for (size_t i = 0; (info = r->info(i)) != NULL; i++)
        width = (int)strlen(info->name) > width ? (int)strlen(info->name) : width;
    for (size_t i = 0; (info = r->info(i)) != NULL; i++) {
        if (as_json)
            cli_json_line(json_pack("{s:s, s:s, s:s}", "kind", r->singular, "name", info->name,
                                    "summary", info->summary));
        else
            printf("  %-*s %s\n", width, info->name, info->summary);
    }
}

static int run(const cli_args *args)
{
    const bool as_json = args->value[JSON] != NULL;
    const char *names[16];
    const cli_registry *r;
    size_t n = 0;

    if (args->value[MARKDOWN] && (as_json || args->n_words == 0))
        return cli_complain("list: --markdown goes with the name of one list and without --json: "
                            "descent list schedules --markdown");
    for (; (r = cli_registry_at(n)) != NULL; n++) {
        names[n] = r->plural;
        if (args->n_words == 1 && strcmp(args->word[0], r->plural) == 0) {
            if (args->value[MARKDOWN])
                cli_print_markdown(stdout, r);
            else
                print_registry(r, as_json);
            return EXIT_DONE;
        }
    }
    if (args->n_words == 0) {
        for (size_t i = 0; (r = cli_registry_at(i)) != NULL; i++) {
            if (!as_json)
                printf("%s%s\n", i ? "\n" : "", r->plural);
            print_registry(r, as_json);
        }
        return EXIT_DONE;
    }
    const char *nearest = descent_nearest(args->word[0], names, n);
    return cli_complain("list: there is no list of '%s'%s%s%s; there are optimizers, schedules, "
                        "layers, losses, instruments, datasets and findings",
                        args->word[0], nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "");
}

const cli_command cli_command_list = {
    .name = "list",
    .summary = "shows optimizers, schedules, layers, losses, instruments, data sets and findings",
    .usage =
        "[optimizers|schedules|layers|losses|instruments|datasets|findings] [--json] [--markdown]",
    .about = "`descent help NAME` tells all about one of them.",
    .options = options,
    .n_options = N_OPTIONS,
    .max_words = 1,
    .run = run,
};
