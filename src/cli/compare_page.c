/* compare_page.c - the pictures of comparisons, made of the object that compare_json.c makes. */
#include "compare.h"
#include "picture.h"

#include <string.h>

static json_t *copy(const json_t *object, const char *key)
{
    return json_deep_copy(json_object_get(object, key));
}

static const char *name_of(const json_t *contender)
{
    return json_string_value(json_object_get(contender, "name"));
}

/* Mean and band over the seeds of one quantity of every contender. x NULL: over steps. */
static json_t *curves(const json_t *set, const char *title, const char *quantity, const char *label,
                      const char *x, bool log_y)
{
    const json_t *contenders = json_object_get(set, "contenders");
    json_t *traces = json_array();
    char whole[200];

    for (size_t k = 0; k < json_array_size(contenders); k++) {
        const json_t *c = json_array_get(contenders, k), *all = json_object_get(c, "curves");
        const json_t *y = json_object_get(all, quantity);
        const json_t *over =
            x ? json_object_get(json_object_get(all, x), "mean") : json_object_get(all, "step");
        cli_picture_band(traces, k, over, json_object_get(y, "low"), json_object_get(y, "high"));
        json_array_append_new(traces, cli_picture_curve(name_of(c), k, "lines+markers",
                                                        json_deep_copy(over), copy(y, "mean")));
    }
    snprintf(whole, sizeof whole, "%s: %s", json_string_value(json_object_get(set, "data")), title);
    return cli_picture(whole, "Means, and from the lowest to the highest of the seeds.", traces,
                       x ? x : "step", false, label, log_y);
}

/* The final score of every training. */
static json_t *scores(const json_t *set, const char *label)
{
    const json_t *contenders = json_object_get(set, "contenders");
    json_t *traces = json_array();
    char title[200];

    for (size_t k = 0; k < json_array_size(contenders); k++) {
        const json_t *c = json_array_get(contenders, k), *runs = json_object_get(c, "runs");
        json_t *x = json_array(), *y = json_array();
        for (size_t s = 0; s < json_array_size(runs); s++) {
            const json_t *run = json_array_get(runs, s);
            json_array_append_new(x, copy(run, "seed"));
            json_array_append_new(y, copy(run, "score"));
        }
        json_array_append_new(traces, cli_picture_curve(name_of(c), k, "lines+markers", x, y));
    }
    snprintf(title, sizeof title, "%s: seed by seed",
             json_string_value(json_object_get(set, "data")));
    return cli_picture(title, "Contenders of a seed began alike, so they are compared pairwise.",
                       traces, "seed", false, label, false);
}

/* What other learning rates came to; NULL when none was tried. */
static json_t *sensitivity(const json_t *set)
{
    const json_t *contenders = json_object_get(set, "contenders");
    json_t *traces = json_array();
    char title[200];

    for (size_t k = 0; k < json_array_size(contenders); k++) {
        const json_t *c = json_array_get(contenders, k),
                     *trials = json_object_get(c, "sensitivity");
        json_t *x = json_array(), *y = json_array();
        for (size_t i = 0; i < json_array_size(trials); i++) {
            json_array_append_new(x, copy(json_array_get(trials, i), "lr"));
            json_array_append_new(y, copy(json_array_get(trials, i), "held_out_loss"));
        }
        json_array_append_new(traces, cli_picture_curve(name_of(c), k, "lines+markers", x, y));
    }
    const json_t *first = json_array_get(traces, 0);
    if (json_array_size(json_object_get(first, "x")) == 0) {
        json_decref(traces);
        return NULL;
    }
    snprintf(title, sizeof title, "%s: how much the learning rate matters",
             json_string_value(json_object_get(set, "data")));
    return cli_picture(title, "The loss on a held-out part of the training data.", traces,
                       "learning rate", true, "loss", true);
}

/* Dolan and More 2002: the share of problems that a contender solves within `ratio` times the cost
 * of the fastest. */
static json_t *profile_picture(const json_t *profile)
{
    const json_t *contenders = json_object_get(profile, "contenders");
    const double problems = json_number_value(json_object_get(profile, "problems"));
    json_t *traces = json_array();

    for (size_t k = 0; k < json_array_size(contenders); k++) {
        const json_t *c = json_array_get(contenders, k), *ratios = json_object_get(c, "ratios");
        json_t *x = json_array(), *y = json_array();
        for (size_t i = 0; i < json_array_size(ratios); i++) {
            json_array_append(x, json_array_get(ratios, i));
            json_array_append_new(y, json_real((double)(i + 1) / problems));
        }
        json_t *trace = cli_picture_curve(name_of(c), k, "lines+markers", x, y);
        json_object_set_new(json_object_get(trace, "line"), "shape", json_string("hv"));
        json_array_append_new(traces, trace);
    }
    return cli_picture(
        "Performance profile",
        "How many data sets and seeds are solved within so many times the epochs of the "
        "fastest.",
        traces, "times the fastest", true, "share solved", false);
}

/* "1=": a rank that is shared. */
static json_t *rank_text(const json_t *contender)
{
    return json_sprintf("%d%s", (int)json_integer_value(json_object_get(contender, "rank")),
                        json_is_true(json_object_get(contender, "rank_shared")) ? "=" : "");
}

static json_t *table(const json_t *set)
{
    static const char *const key[] = {"name",           "mean",    "deviation",
                                      "best",           "worst",   "target_steps",
                                      "target_seconds", "seconds", "lr"};
    static const char *const column[] = {"rank",
                                         "contender",
                                         "mean",
                                         "deviation",
                                         "best",
                                         "worst",
                                         "steps to target",
                                         "seconds to target",
                                         "seconds",
                                         "lr"};
    const json_t *contenders = json_object_get(set, "contenders");
    json_t *columns = json_array(), *rows = json_array();

    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        json_array_append_new(columns, json_string(column[i]));
    for (size_t k = 0; k < json_array_size(contenders); k++) {
        json_t *row = json_array();
        json_array_append_new(row, rank_text(json_array_get(contenders, k)));
        for (size_t i = 0; i < sizeof key / sizeof *key; i++)
            json_array_append_new(row, copy(json_array_get(contenders, k), key[i]));
        json_array_append_new(rows, row);
    }
    return json_pack("{s:o, s:o, s:o}", "title", copy(set, "data"), "columns", columns, "rows",
                     rows);
}

static void add_set(json_t *page, const json_t *set)
{
    const char *label = json_string_value(json_object_get(set, "score"));
    const bool loss = strcmp(label, "loss") == 0;
    json_t *pictures = json_object_get(page, "pictures");
    const json_t *pairs = json_object_get(set, "pairs");

    json_array_append_new(pictures, curves(set, "test score", "score", label, NULL, loss));
    json_array_append_new(pictures, curves(set, "training loss", "train_loss", "loss", NULL, true));
    json_array_append_new(pictures,
                          curves(set, "test score over time", "score", label, "seconds", loss));
    json_array_append_new(pictures, scores(set, label));
    json_t *rates = sensitivity(set);
    if (rates)
        json_array_append_new(pictures, rates);
    json_array_append_new(json_object_get(page, "tables"), table(set));
    for (size_t i = 0; i < json_array_size(pairs); i++)
        json_array_append_new(json_object_get(page, "text"),
                              copy(json_array_get(pairs, i), "sentence"));
}

void cli_compare_pictures(json_t *page)
{
    const json_t *sets = json_object_get(page, "sets"), *profile = json_object_get(page, "profile");

    json_object_set_new(page, "title", json_string("Comparison"));
    json_object_set_new(page, "text", json_array());
    json_object_set_new(page, "pictures", json_array());
    json_object_set_new(page, "tables", json_array());
    for (size_t i = 0; i < json_array_size(sets); i++)
        add_set(page, json_array_get(sets, i));
    if (json_is_object(profile))
        json_array_append_new(json_object_get(page, "pictures"), profile_picture(profile));
}
