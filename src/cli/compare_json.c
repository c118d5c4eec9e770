/* compare_json.c - comparisons as one JSON object: what a page or a script reads. */
#include "compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static const char *const score_name[] = {"accuracy", "rmse", "loss"};

static json_t *text(const char *value)
{
    return value ? json_string(value) : json_null();
}

/* The number of one kind after an epoch. */
static double of(const descent_compare_epoch *e, int kind)
{
    return kind == 0 ? e->train_loss : kind == 1 ? e->test_loss : kind == 2 ? e->score : e->seconds;
}

/* Mean and band over the seeds that went on so long. */
static json_t *band(const descent_comparison *c, size_t contender, size_t epochs, int kind)
{
    json_t *mean = json_array(), *low = json_array(), *high = json_array();

    for (size_t e = 0; e < epochs; e++) {
        double sum = 0, least = (double)INFINITY, most = -(double)INFINITY;
        int n = 0;
        for (size_t s = 0; s < descent_comparison_seeds(c); s++) {
            const descent_compare_run run = descent_comparison_run(c, contender, s);
            if (e >= run.n_epochs || !isfinite(of(&run.epoch[e], kind)))
                continue;
            const double x = of(&run.epoch[e], kind);
            sum += x;
            least = fmin(least, x);
            most = fmax(most, x);
            n++;
        }
        json_array_append_new(mean, cli_number(sum / n));
        json_array_append_new(low, cli_number(least));
        json_array_append_new(high, cli_number(most));
    }
    return json_pack("{s:o, s:o, s:o}", "mean", mean, "low", low, "high", high);
}

static json_t *curves(const descent_comparison *c, size_t contender)
{
    json_t *step = json_array();
    descent_compare_run longest = descent_comparison_run(c, contender, 0);

    for (size_t s = 1; s < descent_comparison_seeds(c); s++) {
        const descent_compare_run run = descent_comparison_run(c, contender, s);
        if (run.n_epochs > longest.n_epochs)
            longest = run;
    }
    for (size_t e = 0; e < longest.n_epochs; e++)
        json_array_append_new(step, json_integer((json_int_t)longest.epoch[e].step));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "step", step, "train_loss",
                     band(c, contender, longest.n_epochs, 0), "test_loss",
                     band(c, contender, longest.n_epochs, 1), "score",
                     band(c, contender, longest.n_epochs, 2), "seconds",
                     band(c, contender, longest.n_epochs, 3));
}

static json_t *runs(const descent_comparison *c, size_t contender)
{
    json_t *list = json_array();
    char weights[20];

    for (size_t s = 0; s < descent_comparison_seeds(c); s++) {
        const descent_compare_run r = descent_comparison_run(c, contender, s);
        json_t *scores = json_array();
        for (size_t e = 0; e < r.n_epochs; e++)
            json_array_append_new(scores, cli_number(r.epoch[e].score));
        snprintf(weights, sizeof weights, "%016" PRIx64, r.weights);
        json_array_append_new(
            list,
            json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:b, s:o}", "seed",
                      (json_int_t)r.seed, "initial_weights", weights, "score", cli_number(r.score),
                      "best", cli_number(r.best), "train_loss", cli_number(r.train_loss),
                      "test_loss", cli_number(r.test_loss), "steps", (json_int_t)r.steps, "seconds",
                      cli_number(r.seconds), "target_steps",
                      r.target_steps < 0 ? json_null() : json_integer((json_int_t)r.target_steps),
                      "target_seconds", cli_number(r.target_seconds), "diverged", r.diverged,
                      "scores", scores));
    }
    return list;
}

/* What every lr that was tried came to. */
static json_t *sensitivity(const descent_contender *f)
{
    json_t *list = json_array();

    for (size_t i = 0; i < f->n_trials; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o, s:b}", "lr", cli_number(f->trial[i].lr),
                                        "score", cli_number(f->trial[i].score), "held_out_loss",
                                        cli_number(f->trial[i].held_out_loss), "diverged",
                                        f->trial[i].diverged));
    return list;
}

static json_t *contender(const descent_comparison *c, size_t k)
{
    const descent_contender f = descent_comparison_contender(c, k);
    json_t *object = json_pack(
        "{s:s, s:o, s:o, s:o, s:i, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}",
        "name", f.name, "optimizer", text(f.optimizer), "batch", text(f.batch), "schedule",
        text(f.schedule), "rank", f.rank, "rank_shared", f.shared, "mean", cli_number(f.mean),
        "deviation", cli_number(f.deviation), "best", cli_number(f.best), "worst",
        cli_number(f.worst), "loss_mean", cli_number(f.loss_mean), "loss_deviation",
        cli_number(f.loss_deviation), "seconds", cli_number(f.seconds), "target_steps",
        cli_number(f.target_steps), "target_seconds", cli_number(f.target_seconds), "reached",
        f.reached, "diverged", f.diverged);

    json_object_set_new(object, "lr", cli_number(f.lr));
    json_object_set_new(object, "lr_at_edge", json_boolean(f.lr_at_edge));
    json_object_set_new(object, "sensitivity", sensitivity(&f));
    json_object_set_new(object, "curves", curves(c, k));
    json_object_set_new(object, "runs", runs(c, k));
    return object;
}

static json_t *pair(const descent_comparison *c, size_t index)
{
    const descent_compare_pair p = descent_comparison_pair(c, index);
    char sentence[512];

    descent_comparison_sentence(c, index, sentence, sizeof sentence);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s}", "better",
                     descent_comparison_contender(c, p.better).name, "worse",
                     descent_comparison_contender(c, p.worse).name, "difference",
                     cli_number(p.difference), "deviation", cli_number(p.deviation), "p",
                     cli_number(p.p), "corrected_p", cli_number(p.corrected), "sign_flip_p",
                     cli_number(p.sign_flip_p), "distinct", p.distinct, "sentence", sentence);
}

static json_t *one_set(const descent_comparison *c)
{
    json_t *contenders = json_array(), *pairs = json_array();

    for (size_t k = 0; k < descent_comparison_contenders(c); k++)
        json_array_append_new(contenders, contender(c, k));
    for (size_t i = 0; i < descent_comparison_pairs(c); i++)
        json_array_append_new(pairs, pair(c, i));
    return json_pack(
        "{s:s, s:s, s:o, s:I, s:I, s:o, s:o}", "data", descent_comparison_data(c), "score",
        score_name[descent_comparison_kind(c)], "target", cli_number(descent_comparison_target(c)),
        "test_count", (json_int_t)descent_comparison_test_count(c), "seeds",
        (json_int_t)descent_comparison_seeds(c), "contenders", contenders, "pairs", pairs);
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The steps of every contender's profile: at ratio number i of n it rises to i / problems. */
static json_t *profile(const cli_comparisons *all)
{
    size_t problems;
    double *ratio = cli_compare_ratios(all, &problems);
    json_t *list = json_array();

    for (size_t k = 0; ratio && k < descent_comparison_contenders(all->set[0]); k++) {
        json_t *ratios = json_array();
        qsort(ratio + k * problems, problems, sizeof *ratio, by_size);
        for (size_t p = 0; p < problems; p++)
            if (isfinite(ratio[k * problems + p]))
                json_array_append_new(ratios, cli_number(ratio[k * problems + p]));
        json_array_append_new(list, json_pack("{s:s, s:o}", "name",
                                              descent_comparison_contender(all->set[0], k).name,
                                              "ratios", ratios));
    }
    free(ratio);
    return json_pack("{s:s, s:I, s:o}", "cost", "epochs to the target", "problems",
                     (json_int_t)problems, "contenders", list);
}

json_t *cli_compare_json(const cli_comparisons *all)
{
    json_t *sets = json_array();

    for (size_t i = 0; i < all->n; i++)
        json_array_append_new(sets, one_set(all->set[i]));
    json_t *object = json_pack("{s:s, s:o, s:o}", "kind", "compare", "sets", sets, "profile",
                               all->n > 1 ? profile(all) : json_null());
    cli_compare_pictures(object);
    return object;
}
