/* cifar.c - colour pictures of 32x32 as CIFAR-10 and CIFAR-100 have them in their binary version.
 *
 * A record is one label (CIFAR-100: two, coarse and fine), then 1024 bytes each of red, green and
 * blue, row by row. There is no header: the length of a file says how many records it has. */
#include "base/file.h"
#include "base/memory.h"
#include "data/classes.h"
#include "data/inflate.h"
#include "data/pile.h"

#include <stdio.h>
#include <string.h>

enum { LABELS, N_PARAMS };
enum { PATH = 4352 }; /* the longest path there is, and a file name behind it */
enum { SIDE = 32, PIXELS = 3 * SIDE * SIDE };

static const descent_param params[N_PARAMS] = {
    [LABELS] = {"labels", 0, 0, 1, "CIFAR-100: its 100 fine classes or the 20 coarse ones",
                DESCENT_CHOICE, "fine|coarse"},
};

/* One of the two sets, and the classes asked for. */
typedef struct version {
    const char *names; /* the file of class names */
    int labels, label; /* bytes of labels in a record, and which is meant */
    int classes;
} version;

static const version cifar_10 = {"batches.meta.txt", 1, 0, 10};
static const version fine_100 = {"fine_label_names.txt", 2, 1, 100};
static const version coarse_100 = {"coarse_label_names.txt", 2, 0, 20};

/* FOLDER/NAME.bin, plain or compressed; false when there is none. */
static bool find_file(const char *folder, const char *name, char out[PATH])
{
    for (int compressed = 0; compressed < 2; compressed++) {
        snprintf(out, PATH, "%s/%s.bin%s", folder, name, compressed ? ".gz" : "");
        if (dsc_file_exists(out))
            return true;
    }
    return false;
}

static bool has_names(const char *folder, const version *v)
{
    char path[PATH];

    snprintf(path, sizeof path, "%s/%s", folder, v->names);
    return dsc_file_exists(path);
}

/* train.bin alone may be anybody's: CIFAR-100 is told by its names. */
static bool is_100(const char *folder)
{
    char path[PATH];

    return find_file(folder, "train", path) &&
           (has_names(folder, &fine_100) || has_names(folder, &coarse_100));
}

static bool matches(const char *folder)
{
    char path[PATH];

    return dsc_folder_exists(folder) && (find_file(folder, "data_batch_1", path) || is_100(folder));
}

static descent_status read_records(dsc_pile *pile, dsc_inflate *file, const char *path,
                                   const version *v, descent_error *err)
{
    const size_t length = (size_t)v->labels + PIXELS;
    unsigned char record[2 + PIXELS];

    for (size_t n = 0;; n++) {
        size_t got;
        DSC_TRY(dsc_inflate_read(file, record, length, &got, err));
        if (got == 0 && n > 0)
            return DESCENT_OK;
        if (got == 0)
            return dsc_fail(err, DESCENT_SYNTAX, "'%s' is empty, expected pictures of %zu bytes",
                            path, length);
        if (got < length)
            return dsc_fail(err, DESCENT_SYNTAX,
                            "'%s' ends too early: picture %zu has %zu bytes, expected %zu", path,
                            n + 1, got, length);
        const int label = record[v->label];
        if (label >= v->classes)
            return dsc_fail(err, DESCENT_SYNTAX,
                            "'%s': the label of picture %zu is %d, expected 0 to %d", path, n + 1,
                            label, v->classes - 1);
        uint8_t *to = dsc_pile_add(pile, label);
        if (!to)
            return dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
        memcpy(to, record + v->labels, PIXELS);
    }
}

static descent_status read_file(dsc_pile *pile, const char *folder, const char *name,
                                const version *v, descent_error *err)
{
    dsc_inflate *file;
    char path[PATH];

    if (!find_file(folder, name, path))
        return dsc_fail(err, DESCENT_IO, "'%s' has no %s.bin (or .gz)", folder, name);
    DSC_TRY(dsc_inflate_open(&file, path, err));
    const descent_status status = read_records(pile, file, path, v, err);
    dsc_inflate_close(file);
    return status;
}

/* One class name a line; empty lines count for nothing. */
static descent_status take_names(descent_dataset *data, char *text, const char *path,
                                 descent_error *err)
{
    int found = 0;
    char *rest = NULL;

    data->class_name = dsc_alloc((size_t)data->outputs, sizeof *data->class_name);
    bool ok = data->class_name != NULL;
    for (char *line = strtok_r(text, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest))
        if (ok && found++ < data->outputs)
            ok = (data->class_name[found - 1] = dsc_copy(line)) != NULL;
    if (!ok)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the classes of '%s'", data->name);
    if (found != data->outputs)
        return dsc_fail(err, DESCENT_SYNTAX, "'%s' names %d classes, expected %d", path, found,
                        data->outputs);
    return DESCENT_OK;
}

/* Without the file of names classes are called 0, 1, ... */
static descent_status name_classes(descent_dataset *data, const char *folder, const version *v,
                                   descent_error *err)
{
    enum { LIMIT = 1 << 16 };
    char path[PATH], *text;
    size_t length;

    data->outputs = v->classes;
    snprintf(data->target_name, sizeof data->target_name, "class");
    if (!has_names(folder, v))
        return dsc_classes_number(data, err);
    snprintf(path, sizeof path, "%s/%s", folder, v->names);
    DSC_TRY(dsc_file_read(path, LIMIT, &text, &length, err));
    const descent_status status = take_names(data, text, path, err);
    dsc_free(text);
    return status;
}

static descent_status read_parts(dsc_pile *pile, const char *folder, const version *v,
                                 descent_error *err)
{
    const bool is_10 = v == &cifar_10;
    char name[32], path[PATH];

    if (!is_10)
        DSC_TRY(read_file(pile, folder, "train", v, err));
    for (int batch = 1; is_10 && batch <= 5; batch++) {
        snprintf(name, sizeof name, "data_batch_%d", batch);
        DSC_TRY(read_file(pile, folder, name, v, err));
    }
    const size_t n_train = pile->count;
    const char *test = is_10 ? "test_batch" : "test";
    if (find_file(folder, test, path)) /* else a part is held out */
        DSC_TRY(read_file(pile, folder, test, v, err));
    pile->test_count = pile->count - n_train;
    return DESCENT_OK;
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    const char *folder = spec->name;
    const version *v = &cifar_10;
    dsc_pile pile = {.shape = {3, {3, SIDE, SIDE}}};

    if (is_100(folder))
        v = values[LABELS].number > 0.0 ? &coarse_100 : &fine_100;
    else if (values[LABELS].given)
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "labels=fine or coarse goes with CIFAR-100, but '%s' holds CIFAR-10",
                           folder);
    const descent_status status = read_parts(&pile, folder, v, err);
    if (status == DESCENT_OK)
        dsc_pile_give(&pile, data);
    dsc_pile_free(&pile);
    DSC_TRY(status);
    DSC_TRY(name_classes(data, folder, v, err));
    return features_only ? DESCENT_OK : dsc_classes_check(data, err);
}

const dsc_source dsc_source_cifar = {
    .info = {.name = "cifar",
             .summary = "32x32 colour pictures: the folder of CIFAR-10's or CIFAR-100's binary "
                        "version",
             .reference = "Krizhevsky 2009, Learning multiple layers of features from tiny images",
             .params = params,
             .n_params = N_PARAMS},
    .pictures = true,
    .matches = matches,
    .open = open,
};
