/* entries.c - everything that has a name: the library's registries, and how an entry is shown. */
#include "command.h"

#include <math.h>
#include <string.h>

/* Of a name alone; wrappers are shown around sgd, which keeps nothing. */
static double cli_optimizer_memory(const char *name)
{
    char spec[64];
    double memory = descent_optimizer_memory(name);

    snprintf(spec, sizeof spec, "%s (sgd)", name);
    memory = memory >= 0 ? memory : descent_optimizer_memory(spec);
    if (memory < 0) /* both are right as strings, so that one of them must do */
        cli_out_of_memory();
    return memory;
}

static const cli_registry registries[] = {
    {"optimizers", "optimizer", descent_optimizer_info, cli_optimizers_intro,
     descent_optimizer_common, cli_optimizer_memory, NULL, NULL, NULL, NULL, NULL},
    {"schedules", "schedule", descent_schedule_info, cli_schedules_intro, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL},
    {"layers", "layer", descent_layer_info, cli_layers_intro, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL},
    {"losses", "loss", descent_loss_info, cli_losses_intro, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL},
    {"instruments", "instrument", descent_instrument_info, cli_instruments_intro, NULL, NULL, NULL,
     descent_instrument_range, descent_instrument_cost, NULL, NULL},
    {"findings", "finding", descent_finding_info, cli_findings_intro, NULL, NULL, NULL, NULL, NULL,
     "threshold", "remedy"},
    {"datasets", "data set", descent_dataset_info, NULL, descent_dataset_common, NULL, "pictures",
     NULL, NULL, NULL, NULL},
};

const cli_registry *cli_registry_at(size_t index)
{
    return index < sizeof registries / sizeof *registries ? &registries[index] : NULL;
}

size_t cli_entry_index(const cli_registry *registry, const descent_info *info)
{
    size_t i = 0;

    while (registry->info(i) && registry->info(i) != info)
        i++;
    return i;
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
        fprintf(out, "  %-10s %s\n", registry->formula ? registry->formula : "formula",
                info->formula);
    if (info->advice)
        fprintf(out, "  %-10s %s\n", registry->advice ? registry->advice : "when", info->advice);
    if (registry->memory) {
        const double memory = registry->memory(info->name);
        fprintf(out, "  memory     %.4g number%s for each weight\n", memory,
                memory == 1 ? "" : "s");
    }
    if (registry->range)
        fprintf(out, "  values     %s\n", registry->range(cli_entry_index(registry, info)));
    if (registry->cost)
        fprintf(out, "  cost       %s\n", registry->cost(cli_entry_index(registry, info)));
    if (info->reference)
        fprintf(out, "  reference  %s\n", info->reference);
    if (info->n_params > 0)
        fputc('\n', out);
    cli_print_params(out, info);
    if (registry->common)
        fprintf(out, "\n  and what %s take: descent help %s\n",
                registry->takers ? registry->takers : "all", registry->plural);
}
