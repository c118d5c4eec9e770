/* treatment.c - what an optimizer does to each segment of a model's weights, as a table. */
#include "command.h"

#include <math.h>
#include <string.h>

enum { NUMBER = 24 };

/* Whether all segments that move do so at the same lr and in the same way. */
static bool all_alike(const descent_model *model, const descent_optimizer *optimizer)
{
    descent_treatment first, t;

    descent_optimizer_treatment(optimizer, 0, &first);
    for (size_t i = 0; i < descent_model_segments(model); i++) {
        descent_optimizer_treatment(optimizer, i, &t);
        const bool same_lr = t.lr == first.lr || (isnan(t.lr) && isnan(first.lr));
        if (t.frozen || t.as_matrix != first.as_matrix || !same_lr)
            return false;
    }
    return true;
}

static bool any_matrix(const descent_model *model, const descent_optimizer *optimizer)
{
    descent_treatment t;

    for (size_t i = 0; i < descent_model_segments(model); i++)
        if (descent_optimizer_treatment(optimizer, i, &t) && t.as_matrix)
            return true;
    return false;
}

static const char *number_text(double x, const char *zero, char out[NUMBER])
{
    if (isnan(x) || x == 0.0)
        return isnan(x) ? "-" : zero;
    snprintf(out, NUMBER, "%.4g", x);
    return out;
}

void cli_print_treatment(FILE *out, const descent_model *model, const descent_optimizer *optimizer,
                         bool always)
{
    const bool matrices = any_matrix(model, optimizer);
    char shape[64], lr[NUMBER], decay[NUMBER];

    if (!always && all_alike(model, optimizer))
        return;
    fprintf(out, "%-10s %-16s %-10s %-14s %-10s decay%s\n", "segments", "name", "role", "shape",
            "lr", matrices ? "     moves as" : "");
    for (size_t i = 0; i < descent_model_segments(model); i++) {
        const descent_segment *s = descent_model_segment(model, i);
        descent_treatment t;
        descent_optimizer_treatment(optimizer, i, &t);
        fprintf(out, "%-10s %-16s %-10s %-14s ", "", s->name, s->role,
                cli_shape_text(s->rank, s->shape, shape));
        if (t.frozen)
            fputs("frozen", out);
        else
            fprintf(out, "%-10s %s", number_text(t.lr, "0", lr),
                    number_text(t.weight_decay, "no", decay));
        if (matrices && !t.frozen)
            fprintf(out, "%*s%s", (int)(10 - strlen(number_text(t.weight_decay, "no", decay))), "",
                    t.as_matrix ? "matrix" : "elements");
        putc('\n', out);
    }
}

json_t *cli_treatment_json(const descent_model *model, const descent_optimizer *optimizer)
{
    json_t *list = json_array();

    for (size_t i = 0; i < descent_model_segments(model); i++) {
        const descent_segment *s = descent_model_segment(model, i);
        descent_treatment t;
        descent_optimizer_treatment(optimizer, i, &t);
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o, s:o, s:b}", "name", s->name,
                                              "role", s->role, "frozen", t.frozen, "lr",
                                              cli_number(t.lr), "weight_decay",
                                              cli_number(t.weight_decay), "matrix", t.as_matrix));
    }
    return list;
}
