/* landscape_show.c - maps, curves and eigenvalues on a terminal. */
#include "landscape.h"

#include <math.h>
#include <string.h>

static const char shades[] = " .:-=+*#%@";
enum { N_SHADES = sizeof shades - 1, LINE_LENGTH = 50 };

/* The lowest and highest loss that was measured. */
static void find_range(const double *loss, size_t n, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = (double)-INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(loss[i])) {
            *low = fmin(*low, loss[i]);
            *high = fmax(*high, loss[i]);
        }
}

/* 0 to 1 between low and high, by their logarithms: losses around a minimum rise a thousandfold. */
static double level(double x, double low, double high)
{
    if (!(high > low))
        return 0.0;
    const double part = (x - low) / (high - low);
    return low > 0.0 ? log(x / low) / log(high / low) : log1p(99.0 * part) / log(100.0);
}

static char shade(double x, double low, double high)
{
    if (isnan(x))
        return '?';
    if (isinf(x))
        return shades[N_SHADES - 1];
    const int i = (int)(level(x, low, high) * N_SHADES);
    return shades[i < N_SHADES ? i : N_SHADES - 1];
}

/* The index of the point of an axis that lies nearest to x. */
static size_t nearest(const double *axis, size_t n, double x)
{
    size_t best = 0;

    for (size_t i = 1; i < n; i++)
        best = fabs(axis[i] - x) < fabs(axis[best] - x) ? i : best;
    return best;
}

/* 'X' for the model, 'o' for a place of the path, 0 for none, in the cell of `stride` points. */
static char mark_at(const descent_landscape_map *m, size_t i, size_t j, size_t stride)
{
    char mark = 0;

    for (size_t p = 0; p < m->n_path; p++)
        if (nearest(m->x, m->side, m->path_x[p]) / stride == i / stride &&
            nearest(m->y, m->side, m->path_y[p]) / stride == j / stride)
            mark = 'o';
    if (nearest(m->x, m->side, 0.0) / stride == i / stride &&
        nearest(m->y, m->side, 0.0) / stride == j / stride)
        mark = 'X';
    return mark;
}

static void show_map(const cli_landscape *l, FILE *out)
{
    const descent_landscape_map *m = &l->map;
    const size_t fits = (size_t)(cli_width() - 12) / 2, stride = (m->side + fits - 1) / fits;
    const size_t rows = (m->side + stride - 1) / stride;
    double low, high;

    find_range(m->loss, m->side * m->side, &low, &high);
    putc('\n', out);
    for (size_t row = rows; row-- > 0;) {
        const size_t j = row * stride;
        fprintf(out, "%9.3g ", m->y[j]);
        for (size_t i = 0; i < m->side; i += stride) {
            const char mark = mark_at(m, i, j, stride),
                       c = shade(m->loss[j * m->side + i], low, high);
            putc(mark ? mark : c, out);
            putc(c, out);
        }
        putc('\n', out);
    }
    fprintf(out, "%9s %-9.3g%*.3g\n", "", m->x[0], (int)(2 * rows) - 9, m->x[m->side - 1]);
    fprintf(out, "\n%10s", "");
    for (int i = 0; i < N_SHADES; i++)
        fprintf(out, "%c%c", shades[i], shades[i]);
    fprintf(out, "  loss %.4g to %.4g;  X the model%s\n", low, high,
            m->n_path > 0 ? ", o the way to it" : "");
}

static void show_path(const cli_landscape *l, FILE *out)
{
    const descent_landscape_map *m = &l->map;
    const size_t n = m->n_path, every = (n + 19) / 20;

    fprintf(out, "\n%9s %12s %12s %12s %12s\n", "step", "along 1", "along 2", "loss", "lr");
    for (size_t i = 0; i + 1 < n; i++) {
        const descent_snapshot *s = descent_landscape_snapshot(l->land, i);
        if (i % every == 0)
            fprintf(out, "%9lld %12.5g %12.5g %12.5g %12.3g\n", (long long)s->step, m->path_x[i],
                    m->path_y[i], m->path_loss[i], s->lr);
    }
    fprintf(out, "%9s %12.5g %12.5g %12.5g\n", "model", m->path_x[n - 1], m->path_y[n - 1],
            m->path_loss[n - 1]);
}

static void show_line(const cli_landscape *l, FILE *out)
{
    const descent_landscape_line *line = &l->line;
    const int width = cli_width() - 30 < LINE_LENGTH ? cli_width() - 30 : LINE_LENGTH;
    double low, high;

    find_range(line->loss, line->n, &low, &high);
    fprintf(out, "\n%9s %12s\n", "t", "loss");
    for (size_t i = 0; i < line->n; i++) {
        fprintf(out, "%9.4g %12.5g  ", line->t[i], line->loss[i]);
        if (isfinite(line->loss[i]) && high > 0.0)
            for (int k = 0; k <= (int)(fmax(line->loss[i] / high, 0.0) * width); k++)
                putc('#', out);
        putc('\n', out);
    }
}

static void show_spectrum(const cli_landscape *l, FILE *out)
{
    const descent_spectrum *s = &l->spectrum;

    fprintf(out, "\neigenvalues of the Hessian, from %zu products with it\n", s->products);
    fprintf(out, "%9s %12s %9s %16s %9s\n", "", "largest", "+-", "smallest", "+-");
    for (size_t i = 0; i < s->count; i++)
        fprintf(out, "%9zu %12.6g %9.1e %16.6g %9.1e\n", i + 1, s->largest[i].value,
                s->largest[i].error, s->smallest[i].value, s->smallest[i].error);
}

static void show_run(const cli_landscape *l, FILE *out)
{
    fprintf(out, "\n%9s %12s %12s%s\n", "step", "sharpness", "lr",
            l->is_sgd ? "        limit" : "");
    for (size_t i = 0; i < descent_landscape_snapshots(l->land); i++) {
        const descent_snapshot *s = descent_landscape_snapshot(l->land, i);
        fprintf(out, "%9lld %12.5g %12.3g", (long long)s->step, l->sharpness[i], s->lr);
        if (l->is_sgd)
            fprintf(out, " %12.5g", cli_landscape_limit(l, s->lr));
        putc('\n', out);
    }
}

void cli_landscape_show(const cli_landscape *l, FILE *out)
{
    json_t *sentences = cli_landscape_sentences(l);
    const json_t *sentence;
    size_t i;

    if (l->has_map)
        show_map(l, out);
    if (l->has_map && l->map.n_path > 0)
        show_path(l, out);
    if (l->has_line)
        show_line(l, out);
    if (l->has_spectrum)
        show_spectrum(l, out);
    if (l->sharpness)
        show_run(l, out);
    putc('\n', out);
    json_array_foreach(sentences, i, sentence) fprintf(out, "%s\n", json_string_value(sentence));
    json_decref(sentences);
}
