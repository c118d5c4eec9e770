/* help.c - descent help: all about one name, whatever it names. */
#include "command.h"

#include <string.h>

enum { MOST = 400 };

/* Every name that help knows, for the nearest one. */
static size_t all_names(const char *names[MOST])
{
    size_t n = 0;

    for (size_t i = 0; cli_registry_at(i); i++)
        if (cli_registry_at(i)->common)
            names[n++] = cli_registry_at(i)->plural;
    for (size_t i = 0; cli_registry_at(i); i++)
        for (size_t j = 0; cli_registry_at(i)->info(j) && n < MOST; j++)
            names[n++] = cli_registry_at(i)->info(j)->name;
    for (size_t i = 0; cli_command_at(i) && n < MOST; i++)
        names[n++] = cli_command_at(i)->name;
    for (size_t i = 0; descent_recipe_key(i) && n < MOST; i++)
        names[n++] = descent_recipe_key(i)->name;
    return n;
}

/* Entries of that name, in all registries; how many there were. */
static int show_entries(const char *name)
{
    int shown = 0;

    for (size_t i = 0; cli_registry_at(i); i++)
        for (size_t j = 0; cli_registry_at(i)->info(j); j++)
            if (strcmp(cli_registry_at(i)->info(j)->name, name) == 0) {
                if (shown++ > 0)
                    putchar('\n');
                cli_print_entry(stdout, cli_registry_at(i)->info(j), cli_registry_at(i));
            }
    return shown;
}

/* What every entry of a registry takes, by the registry's name. */
static int show_common(const char *name, int shown)
{
    for (size_t i = 0; cli_registry_at(i); i++) {
        const cli_registry *r = cli_registry_at(i);
        if (!r->common || strcmp(r->plural, name) != 0)
            continue;
        printf("%s: %s\n\n", r->plural, r->common()->summary);
        cli_print_params(stdout, r->common());
        shown++;
    }
    return shown;
}

static int show_command_or_key(const char *name, int shown)
{
    for (size_t i = 0; cli_command_at(i); i++)
        if (strcmp(cli_command_at(i)->name, name) == 0) {
            if (shown++ > 0)
                putchar('\n');
            cli_help(cli_command_at(i), stdout);
        }
    for (size_t i = 0; descent_recipe_key(i); i++)
        if (strcmp(descent_recipe_key(i)->name, name) == 0) {
            const descent_param *key = descent_recipe_key(i);
            if (shown++ > 0)
                putchar('\n');
            printf("%s (recipe key): %s\n", name, key->help);
            if (key->choices && *key->choices)
                printf("  default    %s\n", key->choices);
        }
    return shown;
}

static int run(const cli_args *args)
{
    const char *names[MOST];

    if (args->n_words == 0) {
        for (size_t i = 0; cli_command_at(i); i++)
            printf("descent %s %s\n    %s\n", cli_command_at(i)->name, cli_command_at(i)->usage,
                   cli_command_at(i)->summary);
        puts(
            "\n`descent help NAME` tells about a subcommand, an optimizer, a schedule, a layer, a\n"
            "loss, an instrument, a data set, a finding or a recipe key.");
        return EXIT_DONE;
    }
    const int shown = show_common(args->word[0], show_entries(args->word[0]));
    if (show_command_or_key(args->word[0], shown) > 0)
        return EXIT_DONE;
    const char *nearest = descent_nearest(args->word[0], names, all_names(names));
    return cli_complain("help: nothing is called '%s'%s%s%s; see descent list", args->word[0],
                        nearest ? "; did you mean '" : "", nearest ? nearest : "",
                        nearest ? "'?" : "");
}

const cli_command cli_command_help = {
    .name = "help",
    .summary = "tells all about one name: formula, parameters, paper",
    .usage = "[NAME]",
    .about = "  descent help adam\n  descent help conv\n  descent help train",
    .max_words = 1,
    .run = run,
};
