/* entries.c - everything that has a name: the library's registries, and how an entry is shown. */
#include "command.h"

#include <math.h>
#include <string.h>

/* clang-format off */
static const char optimizers_intro[] =
    "An optimizer turns gradients into steps: `descent train digits --optimizer \"adam lr=0.001\"`, the line\n"
    "`optimizer = adam lr=0.001` of a recipe, `descent minimize \"x^2\" --from x=5 --optimizer \"sgd lr=0.1\"`, or\n"
    "`descent_optimizer_create()` in C.\n"
    "\n"
    "    adamw lr=0.001 weight_decay=0.05                        any hyperparameter by name\n"
    "    adam lr=(cosine from=0.001 warmup=100)                  ... as a schedule (docs/schedules.md)\n"
    "    sgd lr=0.1 momentum=0.9 clip_norm=1                     what every optimizer takes: last section\n"
    "    adamw state=8bit                                        running means in a quarter of the memory\n"
    "    lookahead (sgd lr=0.1 momentum=0.9) every=5             a wrapper around another\n"
    "    ema (sam (sgd lr=0.1 momentum=0.9)) decay=0.999         ... and around that\n"
    "\n"
    "Groups of weights have hyperparameters of their own: `--group \"role=bias lr=2x\"`, `--group \"0.* frozen\"`.\n"
    "Weight decay acts on matrices and filters only, not on biases and gains of norms, unless `decay_all` is given.\n"
    "A gradient that is not finite moves nothing: the step is skipped, counted and named.\n"
    "\n"
    "In the formulas g is the gradient after clipping (with L2 decay in it), t counts steps from 1, a hat as in m^ is the\n"
    "correction m / (1 - beta^t), and <- is what becomes of a value. Memory is counted in numbers for each weight, beside\n"
    "the weight and its gradient; of a rule for matrices for a square one.";

/* The lines as they stand on the page. */
static const char schedules_intro[] =
    "A schedule moves the learning rate over a run: `descent train digits --schedule \"cosine warmup=100\"`, the line\n"
    "`schedule = cosine warmup=100` of a recipe, or `descent_schedule_create()` in C. Its value is a factor on lr.\n"
    "\n"
    "    cosine                                                  to 0 at the end of the run\n"
    "    cosine warmup=100 floor=0.01                            up for 100 steps, then down to 1 % of lr\n"
    "    step 30 gamma=0.1                                       to a tenth every 30 steps\n"
    "    multistep at=\"30, 80\" gamma=0.1                         to a tenth at these steps\n"
    "    piecewise \"0:1, 100:0.1, 200:0.01\" between=linear       values at steps\n"
    "    one_cycle momentum                                      moves momentum (or beta1) as well\n"
    "    sequence (linear from=0.1 to=1 for=10, cosine)          one after another\n"
    "    product (constant factor=0.1 steps=2, exponential 0.99) at the same time\n"
    "    expression \"0.5*(1+cos(pi*progress))\"                   any formula of the step\n"
    "\n"
    "Look at one before you use it: `descent schedule \"cosine warmup=10\" --steps 100` draws it, `--print` lists it.\n"
    "\n"
    "Steps are updates of the weights that were applied, counted from 0; t is the step after the warm-up. Everything is\n"
    "multiplied by `from`, except where `from` is itself an end of the curve (linear, swa). What is called floor, low, high\n"
    "or factor is a part of `from`. Any schedule may have `warmup` steps in front, in which it rises in a straight line to\n"
    "its first value. A length of 0 is what is left of the run; past its end a schedule keeps its last value, unless it is\n"
    "one that goes on by its nature. A schedule that would be 0 long before the run ends is refused, as nothing would move\n"
    "any more.\n"
    "\n"
    "A plateau looks at the test loss at the end of every epoch (at f after every step in `descent minimize`), also while\n"
    "another part of a sequence is in force. What it has seen is saved in the checkpoint, so that a resumed run goes on as\n"
    "if it had never stopped.\n"
    "\n"
    "As the value of a hyperparameter, `lr=(cosine from=0.001 warmup=100)`, the numbers are the values themselves. When\n"
    "`from` is not given, the hyperparameter's default stands for it; in a product that holds for the first part only.";
/* clang-format on */

/* Of a name alone; wrappers are shown around sgd, which keeps nothing. */
static double cli_optimizer_memory(const char *name)
{
    char spec[64];
    const double memory = descent_optimizer_memory(name);

    snprintf(spec, sizeof spec, "%s (sgd)", name);
    return memory >= 0 ? memory : descent_optimizer_memory(spec);
}

static const cli_registry registries[] = {
    {"optimizers", "optimizer", descent_optimizer_info, optimizers_intro, descent_optimizer_common,
     cli_optimizer_memory, NULL},
    {"schedules", "schedule", descent_schedule_info, schedules_intro, NULL, NULL, NULL},
    {"layers", "layer", descent_layer_info, NULL, NULL, NULL, NULL},
    {"losses", "loss", descent_loss_info, NULL, NULL, NULL, NULL},
    {"datasets", "data set", descent_dataset_info, NULL, descent_dataset_common, NULL, "pictures"},
};

const cli_registry *cli_registry_at(size_t index)
{
    return index < sizeof registries / sizeof *registries ? &registries[index] : NULL;
}

char *cli_plain_text(double x, char out[32])
{
    descent_number_text(x, out);
    const size_t length = strlen(out);
    if (length > 2 && strcmp(out + length - 2, ".0") == 0)
        out[length - 2] = '\0';
    return out;
}

/* "0.001, from 0 to 1000000"; "no"; "erf|tanh". */
static void value_text(const descent_param *p, char *out, size_t size)
{
    char initial[32], min[32], max[32];

    cli_plain_text(p->initial, initial);
    cli_plain_text(p->min, min);
    cli_plain_text(p->max, max);
    switch (p->kind) {
    case DESCENT_FLAG:
        snprintf(out, size, "%s", p->initial != 0 ? "yes" : "no");
        break;
    case DESCENT_CHOICE:
        snprintf(out, size, "%s", p->choices);
        break;
    case DESCENT_TEXT:
        snprintf(out, size, "%s", isnan(p->initial) ? "required" : p->choices ? p->choices : "");
        break;
    case DESCENT_LAYERS:
        snprintf(out, size, "(layers)");
        break;
    case DESCENT_NUMBER:
    case DESCENT_INTEGER:
    case DESCENT_SIZE:
        snprintf(out, size, "%s%sfrom %s to %s", isnan(p->initial) ? "" : initial,
                 isnan(p->initial) ? "required, " : ", ", min, max);
        break;
    }
}

void cli_print_params(FILE *out, const descent_info *info)
{
    char text[128];
    int name_width = 13, value_width = 30;

    for (int i = 0; i < info->n_params; i++) {
        value_text(&info->params[i], text, sizeof text);
        const int name = (int)strlen(info->params[i].name), value = (int)strlen(text);
        name_width = name > name_width ? name : name_width;
        value_width = value > value_width ? value : value_width;
    }
    for (int i = 0; i < info->n_params; i++) {
        const descent_param *p = &info->params[i];
        value_text(p, text, sizeof text);
        fprintf(out, "  %-*s %-*s %s\n", name_width, p->name, value_width, text, p->help);
    }
}

void cli_print_entry(FILE *out, const descent_info *info, const cli_registry *registry)
{
    fprintf(out, "%s (%s): %s\n", info->name, registry->singular, info->summary);
    if (info->formula)
        fprintf(out, "  formula    %s\n", info->formula);
    if (info->advice)
        fprintf(out, "  when       %s\n", info->advice);
    if (registry->memory) {
        const double memory = registry->memory(info->name);
        fprintf(out, "  memory     %.4g number%s for each weight\n", memory,
                memory == 1 ? "" : "s");
    }
    if (info->reference)
        fprintf(out, "  reference  %s\n", info->reference);
    if (info->n_params > 0)
        fputc('\n', out);
    cli_print_params(out, info);
    if (registry->common)
        fprintf(out, "\n  and what %s take: descent help %s\n",
                registry->takers ? registry->takers : "all", registry->plural);
}
