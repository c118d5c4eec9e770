/* command.h - what one subcommand provides, and what they share. The command is a program like any
 * other: it sees only the public headers of the library. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "descent/descent.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* Exit statuses of the command. */
enum { EXIT_DONE = 0, EXIT_RAN_BADLY = 1, EXIT_USAGE = 2 };

/* --- options.c: one table drives parsing, checks and --help ----------------------------------- */

typedef struct cli_option {
    const char *name;  /* without dashes; "o" alone is -o */
    const char *value; /* what stands for its value in --help; NULL: a switch; "[=LIST]": a switch
                        * that may have a value, attached by '=' */
    const char *help;
} cli_option;

enum { CLI_MAX_OPTIONS = 48, CLI_MAX_WORDS = 8, CLI_MAX_AGAIN = 64 };

/* What was typed. Values point into argv. */
typedef struct cli_args {
    const char
        *value[CLI_MAX_OPTIONS];     /* in the order of the table; a switch that was given is "" */
    const char *word[CLI_MAX_WORDS]; /* the arguments that are no options, in order */
    int n_words;
    struct { /* options that may be given several times: all but the first, in order */
        int option;
        const char *value;
    } again[CLI_MAX_AGAIN];
    int n_again;
} cli_args;

typedef struct cli_command {
    const char *name, *summary;
    const char *usage; /* "MODEL DATA [-o FILE]" */
    const char *about; /* a paragraph or examples for --help; may be NULL */
    const cli_option *options;
    int n_options;
    int min_words, max_words;
    /* recipe keys are options too; their values follow the table's */
    bool takes_recipe;
    int (*run)(const cli_args *args); /* returns an exit status */
} cli_command;

const cli_command *cli_command_at(size_t index); /* NULL past the end */
/* Parses what follows the subcommand; false after complaining. */
bool cli_parse(const cli_command *command, int argc, char **argv, cli_args *args);
void cli_help(const cli_command *command, FILE *out);
/* The value of the recipe key `index` that was given as number `nth` (0 is the first), or NULL. */
const char *cli_recipe_value(const cli_command *command, const cli_args *args, size_t index,
                             int nth);

/* --- failure.c -------------------------------------------------------------------------------- */

/* Prints "descent: file:line:column: message", the line at fault and a caret; returns EXIT_USAGE.
 */
int cli_fail(const descent_error *err);
/* The same for a mistake in the command line itself. */
int cli_complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Whether one of these two was called. */
bool cli_has_complained(void);
/* Flushes standard output; a full disk or closed pipe there turns `status` into EXIT_USAGE. */
int cli_finish(int status);

/* --- need.c: without memory the command ends with a sentence -----------------------------------
 */

void cli_out_of_memory(void) __attribute__((noreturn));
/* Zeroed; never NULL. Release with free(). */
void *cli_need(size_t count, size_t size);
char *cli_need_copy(const char *text);
/* jansson does the same from here on. */
void cli_need_for_json(void);
/* A file that is to go when the command ends like that; NULL: none any more. */
void cli_unfinished(const char *path);

/* --- memory.c --------------------------------------------------------------------------------- */

/* Prints the parts (out NULL: not), as a JSON line too if asked for; returns their sum. */
size_t cli_print_memory(FILE *out, bool json, const descent_memory_part *part, size_t n);
/* The line at the end; nothing where the system doesn't tell the peak. */
void cli_print_peak(FILE *out, size_t planned, size_t peak);

/* --- settings.c -------------------------------------------------------------------------------
 */

/* Words and flags into a recipe: files that end in .ini or .recipe first, then data, then flags;
 * the later wins. */
int cli_read_recipe(const cli_command *command, const cli_args *args, descent_recipe *recipe);
/* A new recipe of them, which must name data; else `hint` says how. Free it, also after a failure.
 */
int cli_make_recipe(descent_recipe **out, const cli_command *command, const cli_args *args,
                    const char *hint);

/* --- lr_curve.c and resolve_lr.c: learning rates that are found --------------------------------
 */

/* The mean of a search's smoothed losses over lr, as a chart. */
void cli_draw_lr_curve(FILE *out, const descent_lr_search *search);
/* "0.0031, between 0.0025 and 0.004 over 3 seeds" */
char *cli_lr_text(const descent_lr_search *search, char out[120]);
/* lr_page.c: the object of find-lr --json, with pictures. */
json_t *cli_lr_json(const descent_lr_search *search, const char *data);
/* Puts a number in the place of lr=auto; out NULL tells nothing. */
int cli_resolve_lr(descent_recipe *recipe, const descent_train_options *train, FILE *out,
                   bool json);

/* --- values.c --------------------------------------------------------------------------------- */

/* What was given to `option` ("--steps"), from least to most; *out stays where text is NULL. */
int cli_read_whole(const char *option, const char *text, int64_t least, int64_t most, int64_t *out);
/* A finite number, at least least, which may be -INFINITY. */
int cli_read_number(const char *option, const char *text, double least, double *out);

/* --- console.c -------------------------------------------------------------------------------- */

bool cli_is_terminal(FILE *stream);
int cli_width(void); /* of the terminal; 80 when unknown */
/* Whether people see braille characters as such. */
bool cli_has_unicode(void);
/* OpenMP's threads wait for each other in a busy loop of some 20 milliseconds, which makes a
 * training 60 times slower when another program wants the same cores (measured: 134,000 samples/s
 * alone, 2,100 beside two busy programs; with a short wait 132,000 and 62,000). The runtime reads
 * the length of that wait once, when the program starts, so it is set and the program starts again.
 * The C library is then asked for huge pages as well, which cost a tenth of what as much memory in
 * small ones does when it is touched for the first time. */
void cli_settle_libraries(char **argv);
/* A mapped file that is cut short while it is read ends the program with a sentence. */
void cli_tell_bus_errors(void);
/* Ctrl-C and SIGTERM set a flag from here on; a second one ends the program. */
void cli_catch_interrupts(void);
bool cli_interrupted(void);

/* --- line.c: a line on standard error that is drawn over, while something long goes on ----------
 */

typedef struct cli_line {
    bool wanted;    /* such as where standard error is a terminal */
    char text[128]; /* that stands there; "": nothing */
} cli_line;

void cli_line_say(cli_line *line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cli_line_clear(cli_line *line);

/* --- json.c: JSON Lines on standard output -----------------------------------------------------
 */

/* A number; NaN and infinity become null, whole ones have no point. */
json_t *cli_number(double x);
/* Adds what a loss of text says in other words, and how fast tokens go. */
void cli_json_add_text(json_t *object, double test_loss, double tokens_per_second);
/* Prints one object on a line and releases it. */
void cli_json_line(json_t *object);

/* --- page.c: --report FILE of commands that measure something ----------------------------------
 */

/* Before the work: complains when a file is wanted and this build has no pages. */
int cli_page_begin(const char *file);
/* Writes the page that shows the object (of --json); file NULL: nothing. */
int cli_page_write(const char *file, const json_t *object);

/* --- progress.c: what a training shows while it runs -------------------------------------------
 */

typedef struct cli_progress {
    FILE *out;
    bool bar, json;   /* draw in place; JSON Lines on standard output as well */
    bool quiet;       /* no text */
    const char *unit; /* of a text that is learned, "character"; NULL: something else is */
    double drawn;     /* seconds at the last drawing */
    bool anything;    /* a bar stands on the line now */
} cli_progress;

void cli_progress_show(cli_progress *progress, const descent_train_progress *now);
void cli_progress_clear(cli_progress *progress); /* removes the bar */

/* --- findings.c ------------------------------------------------------------------------------- */

/* Up to an entry without a name; confirmed: of one of them, or NULL. */
json_t *cli_findings_json(const descent_finding *finding, const descent_confirmation *confirmed);
/* One that was found while the training runs, in one line and as JSON. */
void cli_finding_new(cli_progress *progress, const descent_finding *finding, int64_t step);
/* The first three, to people. */
void cli_findings_show(FILE *out, const descent_finding *finding,
                       const descent_confirmation *confirmed);
/* A paragraph behind its label, broken at blanks; the lines that follow are indented. */
void cli_paragraph(FILE *out, int indent, const char *label, const char *text);

/* --- confirm.c -------------------------------------------------------------------------------- */

/* Tries the flags of the first finding that has some; out->finding NULL: there was none, or it was
 * interrupted. */
void cli_confirm(descent_confirmation *out, const descent_recipe *recipe,
                 const descent_train_result *result, const descent_train_options *train,
                 bool quiet);
json_t *cli_confirmation_json(const descent_confirmation *confirmation);

/* --- run_folder.c ----------------------------------------------------------------------------- */

/* runs/NAME-N, the first that does not exist; NAME is the data's last part without its ending. */
void cli_choose_folder(const char *data, char out[512]);
/* That one, unless there is a run in it. */
int cli_take_folder(const char *folder, char out[512]);

/* --- result.c: what a training came to ---------------------------------------------------------
 */

/* The last object of `train --json`. */
void cli_result_json(const descent_train_result *result, const descent_confirmation *confirmed);
/* train_start.c: what is trained, as a line of JSON on standard output and (out not NULL) in words;
 * segments: also what the optimizer does to each, which groups ask for as well. */
typedef struct cli_started {
    const descent_recipe *recipe; /* resolved */
    const descent_dataset *data;
    const descent_model *model;
    const descent_optimizer *optimizer;
} cli_started;
void cli_start_show(const cli_started *all, FILE *out, bool json, bool segments);
/* How it ended and how good it is; unit of a text, or NULL. */
void cli_result_show(FILE *out, const descent_train_result *result, const char *unit, bool quiet);
/* Where the run lies, and what to do with it. */
void cli_result_files(FILE *out, const descent_train_result *result, const char *folder,
                      const char *data, const char *unit, bool has_page);

/* --- plot.c ----------------------------------------------------------------------------------- */

/* The loss of a run in a few lines; nothing when its log can't be read. */
void cli_draw_loss(FILE *out, const char *run);

/* --- describe.c: data sets and models in words --------------------------------------------------
 */

void cli_print_data(FILE *out, const descent_dataset *data);
void cli_print_model(FILE *out, const descent_model *model);
/* What the optimizer does to each segment of the weights: only when that differs from one to the
 * next, or `always`. */
void cli_print_treatment(FILE *out, const descent_model *model, const descent_optimizer *optimizer,
                         bool always);
json_t *cli_treatment_json(const descent_model *model, const descent_optimizer *optimizer);
/* A loss for people: "0.0518", "1.69e+33", "not finite". Returns `out`. */
char *cli_loss(double loss, char out[32]);
/* What a loss of text says in other words: "2.71 bits a character, perplexity 6.56". */
char *cli_text_loss(double loss, const char *unit, char out[80]);
/* A token of a vocabulary for people: a space, a new line and what is no letter by name. */
char *cli_token_shown(const char *text, size_t bytes, char out[16]);
/* "3x28x28" */
char *cli_shape_text(int rank, const int *shape, char out[64]);

/* --- intros.c --------------------------------------------------------------------------------- */

/* Above the entries of a generated page; lines without the last newline. */
extern const char cli_optimizers_intro[], cli_schedules_intro[], cli_layers_intro[],
    cli_losses_intro[], cli_instruments_intro[], cli_findings_intro[];

/* --- entries.c: everything that has a name ------------------------------------------------------
 */

typedef struct cli_registry {
    const char *plural, *singular;
    const descent_info *(*info)(size_t);
    const char *intro; /* what stands above the entries on their page, in Markdown; or NULL */
    const descent_info *(*common)(void); /* what every entry takes beside its own; or NULL */
    double (*memory)(const char *name);  /* numbers an entry keeps for each weight; or NULL */
    const char *takers;                  /* who takes what is common; NULL: all */
    const char *(*range)(size_t index);  /* of an entry's values, and what it costs; or NULL */
    const char *(*cost)(size_t index);
    const char *formula,
        *advice; /* what an entry's are called: "threshold"; NULL: "formula", "when" */
} cli_registry;

const cli_registry *cli_registry_at(size_t index); /* NULL past the end */
/* The number of an entry in its registry. */
size_t cli_entry_index(const cli_registry *registry, const descent_info *info);
/* Name, summary, formula, paper and parameters of one entry. */
void cli_print_entry(FILE *out, const descent_info *info, const cli_registry *registry);
/* A table of parameters; nothing for none. */
void cli_print_params(FILE *out, const descent_info *info);
/* Shortest text of a number, without ".0". */
char *cli_plain_text(double x, char out[32]);

/* --- markdown.c --------------------------------------------------------------------------------
 */

/* The page about all entries of a registry: docs/schedules.md and the like. */
void cli_print_markdown(FILE *out, const cli_registry *registry);

#endif
