/* options.c - the command line of a subcommand, from its table of options. */
#include "command.h"

#include <string.h>

static size_t n_keys(const cli_command *command)
{
    size_t n = 0;

    while (command->takes_recipe && descent_recipe_key(n))
        n++;
    return n;
}

static size_t n_all(const cli_command *command)
{
    return (size_t)command->n_options + n_keys(command);
}

/* Option i of the table, or the recipe key behind it. */
static cli_option option_at(const cli_command *command, size_t i)
{
    if (i < (size_t)command->n_options)
        return command->options[i];
    const descent_param *key = descent_recipe_key(i - (size_t)command->n_options);
    return (cli_option){key->name, "VALUE", key->help};
}

const char *cli_recipe_value(const cli_command *command, const cli_args *args, size_t index,
                             int nth)
{
    const int option = command->n_options + (int)index;

    if (nth == 0)
        return args->value[option];
    for (int i = 0; i < args->n_again; i++)
        if (args->again[i].option == option && --nth == 0)
            return args->again[i].value;
    return NULL;
}

/* The option that `word` names ("--batch", "--batch=64", "-o"); -1: none. */
static int find(const cli_command *command, const char *word, const char **attached)
{
    const bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1);
    const size_t length = strcspn(name, "=");

    *attached = name[length] == '=' ? name + length + 1 : NULL;
    for (size_t i = 0; i < n_all(command); i++) {
        const char *known = option_at(command, i).name;
        if (strlen(known) == length && memcmp(known, name, length) == 0 &&
            is_long == (strlen(known) > 1))
            return (int)i;
    }
    return -1;
}

static bool unknown(const cli_command *command, const char *word)
{
    const char *names[CLI_MAX_OPTIONS];
    char name[64];
    size_t n = 0;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + strspn(word, "-"), "="),
             word + strspn(word, "-"));
    for (; n < n_all(command); n++)
        names[n] = option_at(command, n).name;
    const char *nearest = descent_nearest(name, names, n);
    cli_complain("%s has no option '%.*s'%s%s%s; see descent %s --help", command->name,
                 (int)strcspn(word, "="), word, nearest ? "; did you mean '--" : "",
                 nearest ? nearest : "", nearest ? "'?" : "", command->name);
    return false;
}

/* True for an option that is there already and may be given again; else *refused is set. */
static bool comes_again(const cli_command *command, const cli_args *args, int index,
                        const char *word, bool *refused)
{
    const int key = index - command->n_options;

    if (!args->value[index])
        return false;
    if (key >= 0 && descent_recipe_repeats((size_t)key) && args->n_again < CLI_MAX_AGAIN)
        return true;
    *refused = true;
    cli_complain("%.*s was given %s", (int)strcspn(word, "="), word,
                 key >= 0 && descent_recipe_repeats((size_t)key) ? "too often" : "twice");
    return false;
}

/* The option at argv[*i]; *i moves on when its value is the next word. */
static bool parse_option(const cli_command *command, int argc, char **argv, int *i, cli_args *args)
{
    const char *word = argv[*i], *attached;
    const int index = find(command, word, &attached);

    if (index < 0)
        return unknown(command, word);
    const cli_option option = option_at(command, (size_t)index);
    bool refused = false;
    const bool again = comes_again(command, args, index, word, &refused);
    if (refused)
        return false;
    if (option.value && option.value[0] == '[') { /* [=VALUE]: attached or not at all */
        args->value[index] = attached ? attached : "";
        return true;
    }
    if (!option.value) {
        if (attached)
            cli_complain("--%s is a switch and takes no value", option.name);
        args->value[index] = "";
        return !attached;
    }
    if (!attached && *i + 1 < argc)
        attached = argv[++*i];
    if (!attached)
        cli_complain("%s needs a value (%s)", word, option.help);
    if (again) {
        args->again[args->n_again].option = index;
        args->again[args->n_again++].value = attached;
    } else {
        args->value[index] = attached;
    }
    return attached != NULL;
}

bool cli_parse(const cli_command *command, int argc, char **argv, cli_args *args)
{
    bool options_end = false;

    *args = (cli_args){0};
    for (int i = 0; i < argc; i++) {
        const bool is_option = !options_end && argv[i][0] == '-' && argv[i][1] != '\0';
        if (is_option && strcmp(argv[i], "--") == 0) {
            options_end = true;
        } else if (is_option) {
            if (!parse_option(command, argc, argv, &i, args))
                return false;
        } else if (args->n_words >= command->max_words) {
            cli_complain("%s: unexpected '%s'; usage: descent %s %s", command->name, argv[i],
                         command->name, command->usage);
            return false;
        } else {
            args->word[args->n_words++] = argv[i];
        }
    }
    if (args->n_words >= command->min_words)
        return true;
    cli_complain("%s: something is missing; usage: descent %s %s", command->name, command->name,
                 command->usage);
    return false;
}

static void print_option(const cli_option *option, FILE *out)
{
    char left[40];

    snprintf(left, sizeof left, "%s%s%s%s", strlen(option->name) > 1 ? "--" : "-", option->name,
             option->value && option->value[0] != '[' ? " " : "",
             option->value ? option->value : "");
    fprintf(out, "  %-22s %s\n", left, option->help);
}

void cli_help(const cli_command *command, FILE *out)
{
    fprintf(out, "descent %s %s\n\n%s.\n", command->name, command->usage, command->summary);
    if (command->about)
        fprintf(out, "\n%s\n", command->about);
    if (n_all(command) > 0)
        fputs("\nOptions:\n", out);
    for (int i = 0; i < command->n_options; i++)
        print_option(&command->options[i], out);
    if (command->takes_recipe)
        fputs("\nSettings, as flags or as \"key = value\" lines of a recipe file:\n", out);
    for (size_t i = (size_t)command->n_options; i < n_all(command); i++) {
        const cli_option option = option_at(command, i);
        print_option(&option, out);
    }
}
