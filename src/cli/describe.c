/* describe.c - data sets and models in words. */
#include "command.h"

#include <math.h>
#include <string.h>

char *cli_shape_text(int rank, const int *shape, char out[64])
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < rank && used < 48; i++)
        used += (size_t)snprintf(out + used, 64 - used, "%s%d", i ? "x" : "", shape[i]);
    return out;
}

char *cli_loss(double loss, char out[32])
{
    static const double LARGE = 1e6; /* from here on digits behind the point tell nothing */

    if (!isfinite(loss))
        snprintf(out, 32, "not finite");
    else
        snprintf(out, 32, fabs(loss) < LARGE ? "%.4f" : "%.4g", loss);
    return out;
}

char *cli_text_loss(double loss, const char *unit, char out[80])
{
    snprintf(out, 80, "%.3f bits a %s, perplexity %.3g", loss / log(2), unit, exp(loss));
    return out;
}

char *cli_token_shown(const char *text, size_t bytes, char out[16])
{
    const unsigned char first = (unsigned char)text[0];

    if (bytes > 1)
        snprintf(out, 16, "%s", text);
    else if (first == ' ')
        snprintf(out, 16, "space");
    else if (first == '\n')
        snprintf(out, 16, "newline");
    else if (first == '\t')
        snprintf(out, 16, "tab");
    else
        snprintf(out, 16, first > ' ' && first < 0x7F ? "%c" : "0x%02X", first);
    return out;
}

/* "tinyshakespeare.txt: 1,115,394 characters, 65 different ones, windows of 64" */
static void print_text(FILE *out, const descent_dataset *data)
{
    int shape[4];
    char count[32], kinds[32];

    descent_dataset_shape(data, shape);
    fprintf(out, "data       %s: %s %ss, %s different ones, windows of %d\n",
            descent_dataset_name(data), descent_count_text(descent_dataset_tokens(data), count),
            descent_dataset_unit(data),
            descent_count_text((size_t)descent_dataset_outputs(data), kinds), shape[0]);
}

static void print_mapped(FILE *out, const descent_dataset *data)
{
    const bool some = descent_dataset_count(data) > DESCENT_SPREAD;
    char bytes[32], count[32];

    fprintf(out, "           %s bytes stay in their file",
            descent_count_text(descent_dataset_mapped(data), bytes));
    if (some)
        fprintf(out, "; statistics are of %s examples", descent_count_text(DESCENT_SPREAD, count));
    fputs("\n", out);
}

void cli_print_data(FILE *out, const descent_dataset *data)
{
    int shape[4];
    char text[64], count[32], test[32];

    if (descent_dataset_unit(data)) {
        print_text(out, data);
        return;
    }
    const int rank = descent_dataset_shape(data, shape);
    fprintf(out, "data       %s: %s examples", descent_dataset_name(data),
            descent_count_text(descent_dataset_count(data), count));
    if (descent_dataset_test_count(data) > 0)
        fprintf(out, " (%s of them for testing)",
                descent_count_text(descent_dataset_test_count(data), test));
    fprintf(out, " of %s numbers", cli_shape_text(rank, shape, text));
    if (descent_dataset_outputs(data) > 0 && descent_dataset_task(data) == DESCENT_CLASSIFICATION)
        fprintf(out, ", %d classes of '%s'", descent_dataset_outputs(data),
                descent_dataset_target(data));
    else if (descent_dataset_outputs(data) > 0)
        fprintf(out, ", '%s' is predicted", descent_dataset_target(data));
    fputs("\n", out);
    if (descent_dataset_mapped(data) > 0)
        print_mapped(out, data);
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
    fprintf(out, "model      %-*s %s%s\n", width, "input", cli_shape_text(rank, shape, text),
            descent_model_vocabulary(model) > 0 ? " tokens" : "");
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
