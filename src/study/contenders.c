/* contenders.c - all combinations of the lists that are compared. */
#include "study/comparison.h"

#include "base/memory.h"
#include "base/strbuf.h"
#include "study/spec_lr.h"

#include <math.h>
#include <string.h>

/* One list: its parts and where they were typed. */
typedef struct list {
    const char *flag;
    const char *text; /* NULL: not given */
    size_t n;
    dsc_place place[DSC_MOST_CONTENDERS];
    char *part[DSC_MOST_CONTENDERS]; /* owned; taken over by nobody */
} list;

enum { OPTIMIZERS, BATCHES, SCHEDULES, N_LISTS };

static void free_list(list *l)
{
    for (size_t i = 0; i < l->n; i++)
        dsc_free(l->part[i]);
}

static descent_status already_there(const list *l, size_t length, const char *begin,
                                    dsc_place place, descent_error *err)
{
    for (size_t i = 0; i < l->n; i++)
        if (strlen(l->part[i]) == length && memcmp(l->part[i], begin, length) == 0)
            return dsc_fail_at(err, DESCENT_INVALID, place, "'%s' is there twice", l->part[i]);
    return DESCENT_OK;
}

/* "sgd lr=0.1; adam" are two. */
static descent_status divide(list *l, descent_error *err)
{
    for (const char *at = l->text; at; at = *at ? at + 1 : NULL) {
        at += strspn(at, " \t\n");
        const char *begin = at;
        at += strcspn(at, ";");
        size_t length = (size_t)(at - begin);
        while (length > 0 && strchr(" \t\n", begin[length - 1]))
            length--;
        const dsc_place place = {
            .file = l->flag, .line = 1, .column = (int)(begin - l->text) + 1, .line_text = l->text};
        if (length == 0)
            return dsc_fail_at(err, DESCENT_SYNTAX, place, "nothing stands %s",
                               *at ? "before this ';'" : "at the end of the list");
        if (l->n == DSC_MOST_CONTENDERS)
            return dsc_fail_at(err, DESCENT_INVALID, place,
                               "more than %d in one list; compare fewer at a time",
                               DSC_MOST_CONTENDERS);
        DSC_TRY(already_there(l, length, begin, place, err));
        l->place[l->n] = place;
        l->part[l->n] = dsc_copy_n(begin, length);
        if (!l->part[l->n++])
            return dsc_fail(err, DESCENT_NOMEM, "out of memory for the list %s", l->flag);
    }
    return DESCENT_OK;
}

/* What sets a contender apart: its part of every list that has more than one, or of the only one.
 */
static char *make_name(const list *lists, const size_t index[N_LISTS])
{
    static const char *const word[N_LISTS] = {"", "batch ", ""};
    dsc_strbuf name = {0};
    char *copy = NULL;

    for (int k = 0; k < N_LISTS; k++)
        if (lists[k].n > 1)
            dsc_strbuf_print(&name, "%s%s%s", name.length > 0 ? ", " : "", word[k],
                             lists[k].part[index[k]]);
    if (!name.failed && name.text)
        copy = dsc_copy(name.text);
    dsc_strbuf_free(&name);
    return copy;
}

static char *copy_of(const list *l, size_t index, const char *otherwise)
{
    return l->n > 0 ? dsc_copy(l->part[index]) : otherwise ? dsc_copy(otherwise) : NULL;
}

static dsc_place place_of(const descent_comparison *c, const list *l, size_t index, dsc_key key)
{
    return l->n > 0 ? l->place[index] : dsc_recipe_place(c->ground.recipe, key);
}

static descent_status combine(descent_comparison *c, const list lists[N_LISTS], descent_error *err)
{
    const dsc_setting *setting = c->ground.recipe->setting;
    const list *optimizers = &lists[OPTIMIZERS];

    for (size_t i = 0; i < c->n_contenders; i++) {
        size_t index[N_LISTS], rest = i;
        for (int k = N_LISTS - 1; k >= 0; k--) {
            const size_t n = lists[k].n > 0 ? lists[k].n : 1;
            index[k] = rest % n;
            rest /= n;
        }
        dsc_contender *one = &c->contender[i];
        one->optimizer = copy_of(optimizers, index[0], setting[DSC_KEY_optimizer].text);
        one->batch = copy_of(&lists[BATCHES], index[1], setting[DSC_KEY_batch].text);
        one->schedule = copy_of(&lists[SCHEDULES], index[2], setting[DSC_KEY_schedule].text);
        one->name = make_name(lists, index);
        one->place = place_of(c, optimizers, index[0], DSC_KEY_optimizer);
        one->batch_place = place_of(c, &lists[BATCHES], index[1], DSC_KEY_batch);
        one->schedule_place = place_of(c, &lists[SCHEDULES], index[2], DSC_KEY_schedule);
        if (!one->optimizer || !one->name || (lists[BATCHES].n > 0 && !one->batch) ||
            (lists[SCHEDULES].n > 0 && !one->schedule))
            return dsc_fail(err, DESCENT_NOMEM, "out of memory for a contender");
        one->facts = (descent_contender){.name = one->name,
                                         .optimizer = one->optimizer,
                                         .batch = one->batch,
                                         .schedule = one->schedule,
                                         .lr = (double)NAN};
    }
    return DESCENT_OK;
}

static descent_status make(descent_comparison *c, list lists[N_LISTS], descent_error *err)
{
    size_t n = 1;

    for (int k = 0; k < N_LISTS; k++) {
        DSC_TRY(divide(&lists[k], err));
        n *= lists[k].n > 0 ? lists[k].n : 1;
    }
    if (n < 2)
        return dsc_fail(err, DESCENT_INVALID,
                        "one contender alone has nothing to be compared with; give at least two in "
                        "--optimizers, --batches or --schedules, with ';' between them");
    if (n > DSC_MOST_CONTENDERS)
        return dsc_fail(err, DESCENT_INVALID,
                        "%zu optimizers x %zu batches x %zu schedules are %zu contenders; at most "
                        "%d can be compared at once",
                        lists[0].n ? lists[0].n : 1, lists[1].n ? lists[1].n : 1,
                        lists[2].n ? lists[2].n : 1, n, DSC_MOST_CONTENDERS);
    c->contender = dsc_alloc(n, sizeof *c->contender);
    if (!c->contender)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu contenders", n);
    c->n_contenders = n;
    return combine(c, lists, err);
}

descent_status dsc_contenders_make(descent_comparison *c, descent_error *err)
{
    list lists[N_LISTS] = {{.flag = "--optimizers", .text = c->options.optimizers},
                           {.flag = "--batches", .text = c->options.batches},
                           {.flag = "--schedules", .text = c->options.schedules}};
    const descent_status status = make(c, lists, err);

    for (int k = 0; k < N_LISTS; k++)
        free_list(&lists[k]);
    return status;
}

void dsc_contenders_free(descent_comparison *c)
{
    for (size_t i = 0; i < c->n_contenders; i++) {
        dsc_contender *one = &c->contender[i];
        dsc_free(one->optimizer);
        dsc_free(one->batch);
        dsc_free(one->schedule);
        dsc_free(one->name);
        dsc_free(one->trial);
        dsc_free(one->epoch);
    }
    dsc_free(c->contender);
}

/* Keys that the lists set keep the recipe's place when the list was not given. */
static descent_status put(descent_recipe *recipe, dsc_key key, const char *value, bool listed,
                          dsc_place place, descent_error *err)
{
    return listed ? dsc_recipe_put(recipe, key, value, place, err) : DESCENT_OK;
}

descent_status dsc_contender_recipe(descent_recipe **out, const descent_comparison *c,
                                    const dsc_contender *contender, uint64_t seed, double lr,
                                    descent_error *err)
{
    char *tuned = NULL;

    DSC_TRY(dsc_ground_recipe(out, &c->ground, seed, err));
    descent_status status =
        isnan(lr) ? DESCENT_OK
                  : dsc_spec_set_lr(&tuned, contender->optimizer, lr, contender->place, err);
    if (status == DESCENT_OK)
        status = put(*out, DSC_KEY_optimizer, tuned ? tuned : contender->optimizer,
                     tuned || c->options.optimizers, contender->place, err);
    if (status == DESCENT_OK)
        status = put(*out, DSC_KEY_batch, contender->batch, c->options.batches != NULL,
                     contender->batch_place, err);
    if (status == DESCENT_OK)
        status = put(*out, DSC_KEY_schedule, contender->schedule, c->options.schedules != NULL,
                     contender->schedule_place, err);
    dsc_free(tuned);
    if (status != DESCENT_OK) {
        descent_recipe_free(*out);
        *out = NULL;
    }
    return status;
}
