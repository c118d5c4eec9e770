/* run.c - the page about a training: its log, and what the trained model does. */
#include "descent/report.h"

#include "base/json.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/parallel.h"
#include "report/run.h"
#include "train/fit.h"
#include "train/log.h"

#include "descent/train.h"

#include <stdio.h>
#include <string.h>

/* A part that there is nothing to say about is left out. */
static void set_part(json_t **page, const char *key, json_t *part)
{
    if (!json_is_null(part))
        dsc_json_set(page, key, part);
}

static json_t *recipe_json(const descent_recipe *recipe)
{
    json_t *list = json_array();

    for (size_t i = 0; descent_recipe_key(i); i++) {
        const char *key = descent_recipe_key(i)->name, *value = descent_recipe_get(recipe, key);
        if (value)
            dsc_json_add(&list, json_pack("[s, s]", key, value));
    }
    return list;
}

static json_t *shape_json(int rank, const int *shape)
{
    json_t *list = json_array();

    for (int i = 0; i < rank; i++)
        dsc_json_add(&list, json_integer(shape[i]));
    return list;
}

static json_t *model_json(const descent_model *model)
{
    json_t *lines = json_array();

    for (size_t i = 0; i < descent_model_lines(model); i++) {
        const descent_layer_line *line = descent_model_line(model, i);
        dsc_json_add(&lines, json_pack("{s:s, s:i, s:o, s:I}", "text", line->text, "depth",
                                       line->depth, "shape", shape_json(line->rank, line->shape),
                                       "parameters", (json_int_t)line->parameters));
    }
    return json_pack("{s:o, s:I, s:o}", "input",
                     shape_json(model->options.rank, model->options.shape), "parameters",
                     (json_int_t)descent_model_size(model), "layers", lines);
}

/* What the page is about. */
typedef struct subject {
    const char *folder;
    const descent_recipe *recipe;
    const descent_dataset *data;  /* or NULL */
    const descent_model *model;   /* or NULL */
    const descent_tested *tested; /* or NULL */
} subject;

/* The same split as the training made. */
static descent_status split_again(dsc_tested *t, const descent_recipe *recipe, descent_error *err)
{
    descent_recipe *resolved;
    dsc_settings settings;

    DSC_TRY(dsc_recipe_copy(&resolved, recipe, err));
    descent_status status = dsc_settings_resolve(&settings, resolved, t->data, 0, err);
    if (status == DESCENT_OK)
        status = dsc_fit_split(&t->split, &settings, t->data, err);
    descent_recipe_free(resolved);
    return status;
}

static bool is_about(const descent_tested *tested, const dsc_split *split)
{
    return tested && tested->n == split->n_test &&
           memcmp(tested->index, split->test, tested->n * sizeof *split->test) == 0;
}

/* The model's word on the test part: as it was when the training scored it, which saves a pass over
 * all of it; else *own, to be freed. */
static descent_status find_output(dsc_tested *t, const descent_tested *tested, float **own,
                                  descent_error *err)
{
    const dsc_examples test = {.data = t->data, .index = t->split.test, .n = t->split.n_test};

    t->width = (size_t)t->model->options.outputs;
    if (is_about(tested, &t->split)) {
        t->output = tested->output;
        return DESCENT_OK;
    }
    t->output = *own = dsc_alloc(test.n * t->width, sizeof **own);
    if (!*own)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu predictions", test.n);
    DSC_TRY(
        dsc_model_forward(t->model, &test, dsc_threads(0), &(dsc_forward){.output = *own}, err));
    dsc_model_finish(t->model, *own, test.n);
    return DESCENT_OK;
}

/* What needs data and model together; text has none of it. */
static descent_status add_tested(json_t **page, const subject *s, descent_error *err)
{
    dsc_tested t = {.data = s->data, .model = s->model};
    float *own = NULL;

    if (s->data->tokens)
        return DESCENT_OK;
    descent_status status = split_again(&t, s->recipe, err);
    if (status == DESCENT_OK)
        status = find_output(&t, s->tested, &own, err);
    if (status == DESCENT_OK) {
        set_part(page, "confusion", dsc_run_confusion(&t));
        set_part(page, "worst", dsc_run_worst(&t));
        set_part(page, "fitted", dsc_run_fitted(&t));
        set_part(page, "boundary", dsc_run_boundary(&t, s->folder, json_object_get(*page, "log")));
    }
    dsc_split_free(&t.split);
    dsc_free(own);
    return status;
}

/* "runs/digits-1/" -> "digits-1" */
static json_t *title_of(const char *folder)
{
    size_t end = strlen(folder), begin;

    while (end > 1 && folder[end - 1] == '/')
        end--;
    for (begin = end; begin > 0 && folder[begin - 1] != '/';)
        begin--;
    return json_stringn_nocheck(folder + begin, end - begin);
}

static bool is_of_the_end(const json_t *finding)
{
    const char *when = json_string_value(json_object_get(finding, "when"));

    return when && strcmp(when, "end") == 0;
}

/* What stands at the end of the log; of a training that was cut off, what was told on its way. */
static json_t *findings_of(const json_t *log)
{
    json_t *at_end = json_array(), *on_the_way = json_array(), *event;
    bool over = false;
    size_t i;

    json_array_foreach(log, i, event)
    {
        over = over || dsc_event_is(event, "result");
        if (dsc_event_is(event, "finding"))
            dsc_json_add(is_of_the_end(event) ? &at_end : &on_the_way, json_incref(event));
    }
    json_decref(over ? on_the_way : at_end);
    return over ? at_end : on_the_way;
}

static descent_status gather(json_t **page, const subject *s, descent_error *err)
{
    json_t *log;

    DSC_TRY(dsc_log_read(&log, s->folder, err));
    dsc_json_set(page, "recipe", recipe_json(s->recipe));
    dsc_json_set(page, "log", json_incref(log)); /* which goes with the page */
    dsc_json_set(page, "findings", findings_of(log));
    json_decref(log);
    if (!s->model)
        return DESCENT_OK;
    dsc_json_set(page, "model", model_json(s->model));
    set_part(page, "filters", dsc_run_filters(s->model));
    return s->data ? add_tested(page, s, err) : DESCENT_OK;
}

static descent_status write_page(const char *folder, const json_t *page, descent_error *err)
{
    char path[600], *text = dsc_json_text(page);

    if (!text)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the page of '%.200s'", folder);
    snprintf(path, sizeof path, "%s/report.html", folder);
    const descent_status status = descent_report_write(path, text, err);
    dsc_free(text);
    return status;
}

descent_status descent_report_run(const char *folder, const descent_dataset *data,
                                  const descent_model *model, const descent_tested *tested,
                                  descent_error *err)
{
    descent_error own;
    descent_recipe *recipe;
    char path[600];

    err = err ? err : &own;
    snprintf(path, sizeof path, "%s/recipe.ini", folder);
    DSC_TRY(descent_recipe_create(&recipe, err));
    json_t *page = json_pack("{s:s, s:o}", "kind", "train", "title", title_of(folder));
    descent_status status = descent_recipe_read(recipe, path, err);
    if (status == DESCENT_OK)
        status = gather(&page, &(subject){folder, recipe, data, model, tested}, err);
    if (status == DESCENT_OK)
        status = write_page(folder, page, err);
    json_decref(page);
    descent_recipe_free(recipe);
    return status;
}
