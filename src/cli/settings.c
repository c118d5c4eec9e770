/* settings.c - the recipe that a command line describes: files, data and flags. */
#include "command.h"

#include <string.h>

static bool is_recipe(const char *word)
{
    const size_t length = strlen(word);

    return (length > 4 && strcmp(word + length - 4, ".ini") == 0) ||
           (length > 7 && strcmp(word + length - 7, ".recipe") == 0);
}

/* What was given on the command line for key `index`, once or several times. */
static int read_flags(const cli_command *command, const cli_args *args, size_t index,
                      descent_recipe *recipe)
{
    const char *key = descent_recipe_key(index)->name, *value;
    descent_error err;
    char flag[64];

    snprintf(flag, sizeof flag, "--%s", key);
    for (int n = 0; (value = cli_recipe_value(command, args, index, n)); n++)
        if (descent_recipe_set(recipe, key, value, flag, &err))
            return cli_fail(&err);
    return EXIT_DONE;
}

int cli_read_recipe(const cli_command *command, const cli_args *args, descent_recipe *recipe)
{
    descent_error err;

    for (int i = 0; i < args->n_words; i++) {
        const char *word = args->word[i];
        if (is_recipe(word) ? descent_recipe_read(recipe, word, &err)
                            : descent_recipe_set(recipe, "data", word, "data", &err))
            return cli_fail(&err);
    }
    for (size_t i = 0; descent_recipe_key(i); i++)
        if (read_flags(command, args, i, recipe))
            return EXIT_USAGE;
    return EXIT_DONE;
}

int cli_make_recipe(descent_recipe **out, const cli_command *command, const cli_args *args,
                    const char *hint)
{
    descent_error err;

    if (descent_recipe_create(out, &err))
        return cli_fail(&err);
    if (cli_read_recipe(command, args, *out))
        return EXIT_USAGE;
    return descent_recipe_get(*out, "data") ? EXIT_DONE
                                            : cli_complain("%s: no data; %s", command->name, hint);
}
