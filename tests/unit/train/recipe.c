/* recipe.c - recipe files: what is read, and every mistake by its whole message and place. */
#include "train/recipe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "recipe-test.ini";

static descent_recipe *recipe;
static descent_error err;

static descent_status read_text(const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    err = (descent_error){0};
    descent_recipe_free(recipe);
    assert_int_equal(descent_recipe_create(&recipe, &err), DESCENT_OK);
    return descent_recipe_read(recipe, path, &err);
}

static int clean(void **state)
{
    (void)state;
    descent_recipe_free(recipe);
    recipe = NULL;
    unlink(path);
    return 0;
}

static void reads_keys_comments_and_long_values(void **state)
{
    (void)state;
    assert_int_equal(read_text("# a first training\n"
                               "data      = mnist/\n"
                               "model     = linear 128, relu,   # two layers\n"
                               "            linear ; as many as the data has\n"
                               "batch = 64          # 1: stochastic\n"
                               "\n"
                               "optimizer = adam lr=0.001\n"),
                     DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "data"), "mnist/");
    assert_string_equal(descent_recipe_get(recipe, "model"), "linear 128, relu, linear");
    assert_string_equal(descent_recipe_get(recipe, "batch"), "64");
    assert_string_equal(descent_recipe_get(recipe, "optimizer"), "adam lr=0.001");
    assert_null(descent_recipe_get(recipe, "epochs"));
    assert_null(descent_recipe_get(recipe, "no such key"));

    const dsc_place place = dsc_recipe_place(recipe, DSC_KEY_optimizer);
    assert_string_equal(place.file, path);
    assert_int_equal(place.line, 7);
    assert_int_equal(place.column, 13);
}

/* What stands in quotes is no comment. */
static void quotes_hold_anything(void **state)
{
    (void)state;
    assert_int_equal(read_text("data = \"my #1 ;2.csv\" target=\"a # b\" # of \"them\" ; all\n"
                               "model = linear 8,\n"
                               "   \"; #\" ; \"a comment\n"
                               "schedule = expression \"1 -\n"
                               "# between lines\n"
                               "   progress # no comment\n"
                               "   ; but this\n"
                               "   ,;too ;too\" # a comment\n"
                               "seed = 3\n"),
                     DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "schedule"),
                        "expression \"1 - progress # no comment ,;too ;too\"");
    assert_string_equal(descent_recipe_get(recipe, "data"), "\"my #1 ;2.csv\" target=\"a # b\"");
    assert_string_equal(descent_recipe_get(recipe, "model"), "linear 8, \"; #\"");
    assert_string_equal(descent_recipe_get(recipe, "seed"), "3");
}

/* Tabs and line breaks are blanks, but for those in quotes. */
static void blanks_are_blanks(void **state)
{
    (void)state;
    assert_int_equal(descent_recipe_create(&recipe, NULL), DESCENT_OK);
    assert_int_equal(
        descent_recipe_set(recipe, "model", "\n\tlinear 8,\r\n\trelu \v\f", "--model", &err),
        DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "model"), "linear 8,   relu");
    assert_int_equal(descent_recipe_set(recipe, "data", "\"a\tb.csv\"\t", "--data", &err),
                     DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "data"), "\"a\tb.csv\"");
    assert_int_equal(descent_recipe_set(recipe, "data", "\"a\nb.csv\"", "--data", &err),
                     DESCENT_INVALID);
    assert_string_equal(err.message, "data has a line break in quotes, which no recipe can hold");
    assert_string_equal(descent_recipe_get(recipe, "data"), "\"a\tb.csv\"");
}

/* Groups are divided by ';' in indented lines as in the first. */
static void groups_go_on(void **state)
{
    (void)state;
    assert_int_equal(read_text("group = role=bias lr=2x; 0.* lr=3x\n"
                               "   weight_decay=0;2.* frozen\n"
                               "   ;a comment\n"
                               "   lr=1;# and no more; 9.* frozen\n"),
                     DESCENT_OK);
    assert_string_equal(descent_recipe_get(recipe, "group"),
                        "role=bias lr=2x; 0.* lr=3x weight_decay=0; 2.* frozen lr=1");
    assert_int_equal(recipe->n_groups, 3);
}

static void mistakes_name_their_place(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *message;
    } c[] = {
        {"data = iris\nbach = 64\n", 2, 1, "a recipe has no key 'bach'; did you mean 'batch'?"},
        {"zzzzzz = 1\n", 1, 1,
         "a recipe has no key 'zzzzzz'; it has data, augment, context, model, loss, optimizer, "
         "group, "
         "schedule, "
         "batch, accumulate, epochs, steps, patience, seed, test, standardize, shuffle, clean, "
         "precision, shards"},
        {"seed = 1\nseed = 2\n", 2, 1, "'seed' was given twice"},
        {"seed =\n", 1, 1, "nothing after 'seed ='"},
        {"seed = # a comment\n", 1, 1, "nothing after 'seed ='"},
        {"data = a\x1f.csv\n", 1, 1, "a recipe can't hold the control character 1f"},
        {"[training]\nseed = 1\n", 2, 1, "a recipe has no sections, found [training]"},
        {"data = iris\njust words\n", 2, 1, "expected key = value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        assert_int_not_equal(read_text(c[i].text), DESCENT_OK);
        assert_string_equal(err.message, c[i].message);
        assert_string_equal(err.file, path);
        assert_int_equal(err.line, c[i].line);
        assert_int_equal(err.column, c[i].column);
    }
}

static void long_lines_and_binary_are_refused(void **state)
{
    char text[400] = "model = ";

    (void)state;
    memset(text + 8, 'x', 300);
    assert_int_equal(read_text(text), DESCENT_SYNTAX);
    assert_string_equal(err.message, "this line has 308 characters, a recipe line may have 198; go "
                                     "on in an indented line");
    assert_int_equal(err.line, 1);

    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fwrite("seed = \0 1\n", 1, 11, f);
    fclose(f);
    assert_int_equal(descent_recipe_read(recipe, path, &err), DESCENT_SYNTAX);
    assert_string_equal(err.message,
                        "'recipe-test.ini' is not a recipe: it has NUL bytes, expected "
                        "lines of key = value");
    assert_int_equal(descent_recipe_read(recipe, "no-such.ini", &err), DESCENT_IO);
    assert_string_equal(err.message, "cannot read 'no-such.ini': No such file or directory");
}

static void written_recipes_read_back(void **state)
{
    char model[1000] = "linear 100", optimizer[1000] = "adam  lr=0.1", group[1000] = "0.*";
    descent_recipe *again;

    (void)state;
    for (int i = 0; i < 40; i++)
        strcat(model, ", relu, linear 100");
    for (int i = 0; i < 40; i++) { /* two blanks stay two */
        strcat(optimizer, " beta1=0.9  eps=1");
        strcat(group, " lr=0.1x");
    }
    assert_int_equal(read_text("data = \"a b.csv\" target=x\nseed = 7\n"), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "model", model, "--model", &err), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "optimizer", optimizer, NULL, &err), DESCENT_OK);
    assert_int_equal(descent_recipe_set(recipe, "group", group, "--group", &err), DESCENT_OK);
    assert_int_equal(dsc_recipe_write(recipe, path, &err), DESCENT_OK);
    assert_int_equal(descent_recipe_create(&again, &err), DESCENT_OK);
    assert_int_equal(descent_recipe_read(again, path, &err), DESCENT_OK);
    assert_string_equal(descent_recipe_get(again, "model"), model);
    assert_string_equal(descent_recipe_get(again, "data"), "\"a b.csv\" target=x");
    assert_string_equal(descent_recipe_get(again, "seed"), "7");
    assert_string_equal(descent_recipe_get(again, "optimizer"), optimizer);
    assert_string_equal(descent_recipe_get(again, "group"), group);
    descent_recipe_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(reads_keys_comments_and_long_values, clean),
        cmocka_unit_test_teardown(quotes_hold_anything, clean),
        cmocka_unit_test_teardown(blanks_are_blanks, clean),
        cmocka_unit_test_teardown(groups_go_on, clean),
        cmocka_unit_test_teardown(mistakes_name_their_place, clean),
        cmocka_unit_test_teardown(long_lines_and_binary_are_refused, clean),
        cmocka_unit_test_teardown(written_recipes_read_back, clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
