/* main.c - the command: finds the subcommand, parses its arguments, runs it. */
#include "command.h"

#include "command_list.h"

#include <string.h>

#define X(name) extern const cli_command cli_command_##name;
DSC_COMMAND_LIST(X)
#undef X

static const cli_command *const commands[] = {
#define X(name) &cli_command_##name,
    DSC_COMMAND_LIST(X)
#undef X
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

const cli_command *cli_command_at(size_t index)
{
    return index < N_COMMANDS ? commands[index] : NULL;
}

static void overview(FILE *out)
{
    fputs(
        "descent: gradient descent for deep learning\n\n"
        "  descent train digits                         train on real handwritten digits\n"
        "  descent train flowers.csv --epochs 100       your own data, the last column is learned\n"
        "  descent predict MODEL new.csv -o out.csv     use what was learned\n"
        "  descent minimize \"x^2\" --from x=5            watch the update rule itself\n"
        "  descent help adam                            formula, hyperparameters, paper\n\n"
        "Subcommands:\n",
        out);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n`descent SUBCOMMAND --help` tells more; `descent list` shows optimizers, schedules,\n"
          "layers, losses, instruments, data sets and findings. Exit status: 0 done, 1 the run "
          "ended badly,\n"
          "2 wrong usage or input.\n",
          out);
}

static const cli_command *find(const char *name)
{
    const char *names[N_COMMANDS];

    for (int i = 0; i < N_COMMANDS; i++) {
        names[i] = commands[i]->name;
        if (strcmp(names[i], name) == 0)
            return commands[i];
    }
    const char *nearest = descent_nearest(name, names, N_COMMANDS);
    cli_complain("there is no subcommand '%s'%s%s%s; see descent --help", name,
                 nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NULL;
}

int main(int argc, char **argv)
{
    cli_args args;

    cli_settle_libraries(argv);
    cli_need_for_json();
    cli_tell_bus_errors();
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        overview(stdout);
        return cli_finish(argc < 2 ? EXIT_USAGE : EXIT_DONE);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("descent %s\n", descent_version());
        return cli_finish(EXIT_DONE);
    }
    const cli_command *command = find(argv[1]);
    if (!command)
        return EXIT_USAGE;
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            cli_help(command, stdout);
            return cli_finish(EXIT_DONE);
        }
    if (!cli_parse(command, argc - 2, argv + 2, &args))
        return EXIT_USAGE;
    return cli_finish(command->run(&args));
}
