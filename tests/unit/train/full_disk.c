/* full_disk.c - a training whose files have no room. A limit on the size of files stands for the
 * full disk: the system writes what fits, and fails then. */
#include "files.h"
#include "runs.h"

#include <signal.h>
#include <sys/resource.h>

/* Too little for a log of 30 steps; or room for it, and none for a checkpoint, as lines of the log
 * go out by the clock: they may be out before the disk is full. */
enum { LITTLE = 2000, SOME = 16000 };

static void set_limit(rlim_t bytes)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

typedef struct disk {
    int64_t full_at, free_at; /* steps; -1: never */
    rlim_t room;              /* bytes of a file while the disk is full */
    int told;
    char message[512];
} disk;

static int fill_and_free(const descent_train_progress *now, void *user)
{
    const disk *d = user;

    if (now->step == d->full_at)
        set_limit(d->room);
    if (now->step == d->free_at)
        set_limit(RLIM_INFINITY);
    return 0;
}

static void note(const descent_error *why, void *user)
{
    disk *d = user;

    d->told++;
    snprintf(d->message, sizeof d->message, "%s", why->message);
}

static descent_train_options options_for(const char *folder, disk *d)
{
    descent_train_options options = descent_train_defaults();

    options.folder = folder;
    options.checkpoint_seconds = 1e-9; /* after every step */
    options.on_progress = d ? fill_and_free : NULL;
    options.on_write_error = d ? note : NULL;
    options.user = d;
    return options;
}

static descent_recipe *digits(void)
{
    return RECIPE("data", "digits", "model", "linear 8, relu, linear", "epochs", "4");
}

static void make_whole_run(descent_recipe *recipe)
{
    descent_train_result result;

    descent_model_free(run(recipe, options_for("disk-whole", NULL), &result));
}

static void a_training_goes_on_until_there_is_room(void **state)
{
    disk d = {.full_at = 30, .free_at = 100, .room = LITTLE};
    descent_recipe *recipe = digits();
    descent_train_result result;

    (void)state;
    make_whole_run(recipe);
    descent_model_free(run(recipe, options_for("disk-full", &d), &result));
    assert_int_equal(d.told, 1);
    assert_non_null(strstr(d.message, "cannot write 'disk-full/"));
    assert_non_null(strstr(d.message, "File too large"));
    assert_same_file_in("disk-whole", "disk-full", "model.safetensors");
    assert_same_file_in("disk-whole", "disk-full", "log.jsonl");
    descent_recipe_free(recipe);
}

/* The last checkpoint stays, and goes on to the same end. */
static void check_end(int stop_on_write_error, rlim_t room, const char *message)
{
    disk d = {.full_at = 30, .free_at = -1, .room = room};
    descent_train_options options = options_for("disk-full", &d);
    descent_recipe *recipe = digits();
    descent_train_result result;
    descent_error err;
    descent_model *model;

    make_whole_run(recipe);
    options.stop_on_write_error = stop_on_write_error;
    assert_int_equal(descent_train(&model, recipe, NULL, &options, &result, &err), DESCENT_IO);
    set_limit(RLIM_INFINITY);
    assert_null(model);
    assert_string_equal(err.message, message);
    assert_int_equal(d.told, stop_on_write_error ? 0 : 1);
    assert_false(is_there("disk-full/model.safetensors"));
    d.full_at = -1;
    options.resume = 1;
    descent_model_free(run(recipe, options, &result));
    assert_int_equal(result.steps, 180);
    assert_same_file_in("disk-whole", "disk-full", "model.safetensors");
    assert_same_file_in("disk-whole", "disk-full", "log.jsonl");
    descent_recipe_free(recipe);
}

static void the_end_wants_its_files(void **state)
{
    (void)state;
    check_end(0, LITTLE, "cannot write 'disk-full/log.jsonl': File too large");
}

static void or_it_stops_at_once(void **state)
{
    (void)state;
    check_end(1, SOME, "cannot write 'disk-full/checkpoint.safetensors': File too large");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_goes_on_until_there_is_room),
        cmocka_unit_test(the_end_wants_its_files),
        cmocka_unit_test(or_it_stops_at_once),
    };

    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
