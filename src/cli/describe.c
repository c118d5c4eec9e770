/* describe.c - data sets and models in words. */
#include "command.h"

#include <string.h>

char *cli_shape_text(int rank, const int *shape, char out[64])
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < rank && used < 48; i++)
        used += (size_t)snprintf(out + used, 64 - used, "%s%d", i ? "x" : "", shape[i]);
    return out;
}

void cli_print_data(FILE *out, const descent_dataset *data)
{
    int shape[4];
    char text[64], count[32], test[32];

    const int rank = descent_dataset_shape(data, shape);
    fprintf(out, "data       %s: %s examples", descent_dataset_name(data),
            descent_count_text(descent_dataset_count(data), count));
    if (descent_dataset_test_count(data) > 0)
        fprintf(out, " (%s of them for testing)",
                descent_count_text(descent_dataset_test_count(data), test));
    fprintf(out, " of %s numbers", cli_shape_text(rank, shape, text));
    if (descent_dataset_outputs(data) == 0)
        fputs("\n", out);
    else if (descent_dataset_task(data) == DESCENT_CLASSIFICATION)
        fprintf(out, ", %d classes of '%s'\n", descent_dataset_outputs(data),
                descent_dataset_target(data));
    else
        fprintf(out, ", '%s' is predicted\n", descent_dataset_target(data));
}

void cli_print_model(FILE *out, const descent_model *model)
{
    const size_t lines = descent_model_lines(model);
    int shape[4], width = 20;
    char text[64], count[32];

    for (size_t i = 0; i < lines; i++) {
        const descent_layer_line *line = descent_model_line(model, i);
        const int needed = (int)strlen(line->text) + 2 * line->depth;
        width = needed > width && needed <= 44 ? needed : width;
    }
    const int rank = descent_model_shape(model, shape);
    fprintf(out, "model      %-*s %s\n", width, "input", cli_shape_text(rank, shape, text));
    for (size_t i = 0; i < lines; i++) {
        const descent_layer_line *line = descent_model_line(model, i);
        fprintf(out, "           %*s%-*s ", 2 * line->depth, "", width - 2 * line->depth,
                line->text);
        fprintf(out, line->parameters > 0 ? "%-12s" : "%s",
                cli_shape_text(line->rank, line->shape, text));
        if (line->parameters > 0)
            fprintf(out, " %10s", descent_count_text(line->parameters, count));
        fputc('\n', out);
    }
    fprintf(out, "           %-*s %-12s %10s parameters\n", width, "total", "",
            descent_count_text(descent_model_size(model), count));
}
