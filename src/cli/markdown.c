/* markdown.c - a page about all entries of a registry, from their descriptors: docs/NAME.md. */
#include "command.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* The word of number `index` in "mean|sum|none". */
static void print_choice(FILE *out, const char *choices, int index)
{
    for (; index > 0 && strchr(choices, '|'); index--)
        choices = strchr(choices, '|') + 1;
    fprintf(out, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void print_default(FILE *out, const descent_param *p)
{
    char text[32];

    if (isnan(p->initial)) {
        fputs("required", out);
        return;
    }
    switch (p->kind) {
    case DESCENT_FLAG:
        fputs(p->initial != 0 ? "yes" : "no", out);
        break;
    case DESCENT_CHOICE:
        print_choice(out, p->choices, (int)p->initial);
        break;
    case DESCENT_TEXT:
        fputs(p->choices ? p->choices : "", out);
        break;
    case DESCENT_LAYERS:
        fputs("none", out);
        break;
    case DESCENT_NUMBER:
    case DESCENT_INTEGER:
    case DESCENT_SIZE:
        fputs(cli_plain_text(p->initial, text), out);
        break;
    }
}

static void print_bounds(FILE *out, const descent_param *p)
{
    char min[32], max[32];

    switch (p->kind) {
    case DESCENT_FLAG:
        fputs("yes or no", out);
        return;
    case DESCENT_CHOICE:
        for (const char *c = p->choices; *c; c++)
            if (*c == '|')
                fputs(", ", out);
            else
                fputc(*c, out);
        return;
    case DESCENT_TEXT:
        fputs("text", out);
        return;
    case DESCENT_LAYERS:
        fputs("layers in parentheses", out);
        return;
    case DESCENT_NUMBER:
    case DESCENT_INTEGER:
    case DESCENT_SIZE:
        break;
    }
    if (p->kind == DESCENT_INTEGER)
        fputs("whole, ", out);
    if (isinf(p->max))
        fprintf(out, "at least %s", cli_plain_text(p->min, min));
    else
        fprintf(out, "%s to %s", cli_plain_text(p->min, min), cli_plain_text(p->max, max));
}

static void print_sentence(FILE *out, const char *text)
{
    fprintf(out, "%c%s.\n", toupper((unsigned char)text[0]), text + 1);
}

static void print_labelled(FILE *out, const char *label, const char *text)
{
    fprintf(out, "\n%c%s: %s.\n", toupper((unsigned char)label[0]), label + 1, text);
}

static void print_entry(FILE *out, const descent_info *info, const cli_registry *registry)
{
    fprintf(out, "\n## %s\n\n", info->name);
    print_sentence(out, info->summary);
    if (info->formula && !registry->formula)
        fprintf(out, "\n    %s\n", info->formula);
    if (info->formula && registry->formula)
        print_labelled(out, registry->formula, info->formula);
    if (info->advice)
        print_labelled(out, registry->advice ? registry->advice : "when to use", info->advice);
    if (registry->memory && info != registry->common()) {
        const double memory = registry->memory(info->name);
        fprintf(out, "\nMemory: %.4g number%s for each weight.\n", memory, memory == 1 ? "" : "s");
    }
    if (registry->range) {
        fputs("\nValues: ", out);
        fprintf(out, "%s.\n", registry->range(cli_entry_index(registry, info)));
    }
    if (registry->cost)
        fprintf(out, "\nCost: %s.\n", registry->cost(cli_entry_index(registry, info)));
    if (info->n_params > 0)
        fputs("\n| parameter | default | values | meaning |\n|---|---|---|---|\n", out);
    for (int i = 0; i < info->n_params; i++) {
        const descent_param *p = &info->params[i];
        fprintf(out, "| %s | ", p->name);
        print_default(out, p);
        fputs(" | ", out);
        print_bounds(out, p);
        fprintf(out, " | %s |\n", p->help);
    }
    if (info->n_positional > 0) {
        fprintf(out, "\nWithout names, in this order:");
        for (int i = 0; i < info->n_positional; i++)
            fprintf(out, "%s %s", i > 0 ? "," : "", info->params[i].name);
        fputs(".\n", out);
    }
    if (info->reference)
        fprintf(out, "\nReference: %s.\n", info->reference);
}

void cli_print_markdown(FILE *out, const cli_registry *registry)
{
    fprintf(out, "# %c%s\n", toupper((unsigned char)registry->plural[0]), registry->plural + 1);
    if (registry->intro)
        fprintf(out, "\n%s\n", registry->intro);
    fprintf(out,
            "\nThis page is what `descent list %s --markdown` prints; `descent help NAME` tells "
            "the same about one.\n",
            registry->plural);
    for (size_t i = 0; registry->info(i); i++)
        print_entry(out, registry->info(i), registry);
    if (registry->common)
        print_entry(out, registry->common(), registry);
}
