/* entries.c - everything that has a name: the library's registries, and how an entry is shown. */
#include "command.h"

#include <math.h>
#include <string.h>

static const cli_registry registries[] = {
    {"optimizers", "optimizer", descent_optimizer_info},
    {"schedules", "schedule", descent_schedule_info},
    {"layers", "layer", descent_layer_info},
    {"losses", "loss", descent_loss_info},
    {"datasets", "data set", descent_dataset_info},
};

const cli_registry *cli_registry_at(size_t index)
{
    return index < sizeof registries / sizeof *registries ? &registries[index] : NULL;
}

/* Shortest text of a number, without ".0". */
static char *number(double x, char out[32])
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

    number(p->initial, initial);
    number(p->min, min);
    number(p->max, max);
    switch (p->kind) {
    case DESCENT_FLAG:
        snprintf(out, size, "%s", p->initial != 0 ? "yes" : "no");
        break;
    case DESCENT_CHOICE:
        snprintf(out, size, "%s", p->choices);
        break;
    case DESCENT_TEXT:
        snprintf(out, size, "%s", p->choices ? p->choices : "");
        break;
    case DESCENT_NUMBER:
    case DESCENT_INTEGER:
    case DESCENT_SIZE:
        snprintf(out, size, "%s%sfrom %s to %s", isnan(p->initial) ? "" : initial,
                 isnan(p->initial) ? "required, " : ", ", min, max);
        break;
    }
}

void cli_print_entry(FILE *out, const descent_info *info, const char *singular)
{
    char text[128];

    fprintf(out, "%s (%s): %s\n", info->name, singular, info->summary);
    if (info->formula)
        fprintf(out, "  formula    %s\n", info->formula);
    if (info->reference)
        fprintf(out, "  reference  %s\n", info->reference);
    for (int i = 0; i < info->n_params; i++) {
        const descent_param *p = &info->params[i];
        value_text(p, text, sizeof text);
        fprintf(out, "%s  %-13s %-30s %s\n", i == 0 ? "\n" : "", p->name, text, p->help);
    }
}
