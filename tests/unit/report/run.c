/* run.c - the page of a run folder: what is in it with and without model and data. */
#include "descent/report.h"
#include "descent/train.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char folder[] = "unit-report-run";

static char *read_page(void)
{
    char path[64];

    snprintf(path, sizeof path, "%s/report.html", folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    const size_t length = (size_t)ftell(file);
    rewind(file);
    char *text = calloc(length + 1, 1);
    assert_int_equal(fread(text, 1, length, file), length);
    fclose(file);
    remove(path);
    return text;
}

/* The data of the page alone. */
static char *read_data(void)
{
    char *page = read_page();
    char *begin = strstr(page, "id=\"data\">");

    assert_non_null(begin);
    begin += strlen("id=\"data\">");
    char *end = strstr(begin, "</script>");
    assert_non_null(end);
    *end = '\0';
    memmove(page, begin, strlen(begin) + 1);
    return page;
}

static int calls;

/* A page made of other words is another page: the model is not asked behind one's back. */
static void check_that_words_count(const descent_dataset *data, const descent_model *model,
                                   const descent_tested *tested, const char *page)
{
    const size_t n = tested->n * (size_t)descent_dataset_outputs(data);
    float *output = calloc(n, sizeof *output);
    const descent_tested other = {tested->n, tested->index, output};

    assert_int_equal(descent_report_run(folder, data, model, &other, NULL), DESCENT_OK);
    char *changed = read_page();
    assert_string_not_equal(page, changed);
    free(output);
    free(changed);
}

/* What the model said when it was scored, and what it says when asked again, make the same page. */
static void on_end(const descent_dataset *data, const descent_model *model,
                   const descent_tested *tested, void *user)
{
    descent_error err = {0};

    (void)user;
    calls++;
    assert_non_null(tested);
    assert_int_equal(descent_report_run(folder, data, model, NULL, &err), DESCENT_OK);
    char *asked = read_page();
    assert_int_equal(descent_report_run(folder, data, model, tested, &err), DESCENT_OK);
    char *told = read_page();
    assert_string_equal(asked, told);
    descent_tested other = *tested; /* of another part: not to be believed */
    other.n--;
    assert_int_equal(descent_report_run(folder, data, model, &other, &err), DESCENT_OK);
    char *again = read_page();
    assert_string_equal(asked, again);
    check_that_words_count(data, model, tested, asked);
    assert_int_equal(descent_report_run(folder, data, model, tested, &err), DESCENT_OK);
    free(asked);
    free(told);
    free(again);
}

static void train_with(const char *data, const char *key, const char *value)
{
    descent_train_options o = descent_train_defaults();
    descent_recipe *recipe;
    descent_model *model;
    descent_error err = {0};

    o.folder = folder;
    o.on_end = on_end;
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "data", data, NULL, &err), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "epochs", "2", NULL, &err), DESCENT_OK);
    if (key)
        assert_int_equal(descent_recipe_set(recipe, key, value, NULL, &err), DESCENT_OK);
    assert_int_equal(descent_train(&model, recipe, NULL, &o, NULL, &err), DESCENT_OK);
    descent_model_free(model);
    descent_recipe_free(recipe);
}

static void train(const char *data)
{
    train_with(data, NULL, NULL);
}

static void has(const char *data, const char *what, int wanted)
{
    if ((strstr(data, what) != NULL) != wanted)
        fail_msg("%s is %s in the page", what, wanted ? "not" : "still");
}

static void parts_follow_the_data(void **state)
{
    static const struct {
        const char *data;
        int confusion, fitted, boundary, filters;
    } row[] = {{"digits", 1, 0, 0, 1}, {"spiral", 1, 0, 1, 0}, {"diabetes", 0, 1, 0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        train(row[i].data);
        char *data = read_data();
        has(data, "\"confusion\":", row[i].confusion);
        has(data, "\"fitted\":", row[i].fitted);
        has(data, "\"boundary\":", row[i].boundary);
        has(data, "\"filters\":", row[i].filters);
        has(data, "\"worst\":", 1);
        has(data, "\"event\":\"result\"", 1);
        has(data, "\"findings\":[", 1);
        free(data);
    }
    assert_int_equal(calls, 3);
}

/* What was told on the way is not told again at the end. */
static void findings_are_those_of_the_end(void **state)
{
    (void)state;
    train_with("digits", "optimizer", "sgd lr=20");
    char *data = read_data();
    char *list = strstr(data, "\"findings\":[{");
    assert_non_null(list);
    const char *first = strstr(list, "\"name\":\"diverged\"");
    assert_non_null(first);
    assert_null(strstr(first + 1, "\"name\":\"diverged\""));
    assert_null(strstr(list, "\"when\":\"training\""));
    has(data, "\"flags\":\"--optimizer \\\"sgd lr=", 1);
    free(data);
}

/* Training examples on the plane of the page. */
static int points_on_plane(const char *clean)
{
    int n = 1;

    train_with("spiral noise=0.5", "clean", clean);
    char *data = read_data();
    const char *at = strstr(data, "\"boundary\":{\"train\":{\"x\":[");
    assert_non_null(at);
    for (at = strchr(at, '['); *at != ']'; at++)
        n += *at == ',';
    free(data);
    return n;
}

/* What the training left out is not shown as if it had been learned from. */
static void the_plane_has_what_was_trained_on(void **state)
{
    (void)state;
    assert_in_range(points_on_plane("labels"), 1, points_on_plane("no") - 1);
}

/* A log whose last line was cut off, and no model. */
static void a_broken_run_has_a_page(void **state)
{
    char path[64];
    descent_error err = {0};

    (void)state;
    train("iris");
    free(read_page());
    snprintf(path, sizeof path, "%s/log.jsonl", folder);
    FILE *log = fopen(path, "a");
    assert_non_null(log);
    fputs("{\"event\":\"epoch\",\"epo", log);
    fclose(log);
    assert_int_equal(descent_report_run(folder, NULL, NULL, NULL, &err), DESCENT_OK);
    char *data = read_data();
    has(data, "\"model\":{", 0);
    has(data, "\"confusion\":", 0);
    has(data, "\"title\":\"unit-report-run\"", 1);
    free(data);
}

static void a_missing_folder_is_said(void **state)
{
    descent_error err;

    (void)state;
    assert_int_equal(descent_report_run("no-such-run", NULL, NULL, NULL, &err), DESCENT_IO);
    assert_string_equal(err.message,
                        "cannot read 'no-such-run/recipe.ini': No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_the_data),
        cmocka_unit_test(findings_are_those_of_the_end),
        cmocka_unit_test(the_plane_has_what_was_trained_on),
        cmocka_unit_test(a_broken_run_has_a_page),
        cmocka_unit_test(a_missing_folder_is_said),
    };

    if (!descent_report_available()) {
        puts("skipped: this build has no pages");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
