/* dataset.c - opening a data set by name or path, and letting go of it. */
#include "data/dataset.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/tokens.h"

#include "source_list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define X(name) extern const dsc_source dsc_source_##name;
DSC_SOURCE_LIST(X)
#undef X

static const dsc_source *const sources[] = {
#define X(name) &dsc_source_##name,
    DSC_SOURCE_LIST(X)
#undef X
};
enum {
#define X(name) SOURCE_##name,
    DSC_SOURCE_LIST(X)
#undef X
        N_SOURCES
};

const dsc_source *dsc_source_at(size_t index)
{
    return index < N_SOURCES ? sources[index] : NULL;
}

const descent_info *descent_dataset_info(size_t index)
{
    return index < N_SOURCES ? &sources[index]->info : NULL;
}

const descent_info *descent_dataset_common(void)
{
    return &dsc_augment_info;
}

static const char *built_in_name(size_t i, void *user)
{
    (void)user;
    return sources[i]->info.name;
}

static size_t built_ins(void)
{
    size_t n = 0;

    while (n < N_SOURCES && sources[n]->built_in)
        n++;
    return n;
}

/* No built-in set of that name, and no file: say which of the two was probably meant. */
static descent_status unknown(const dsc_spec *spec, descent_error *err)
{
    const char *name = spec->name;
    struct stat info;

    if (stat(name, &info) == 0)
        return dsc_fail_at(
            err, DESCENT_UNKNOWN, spec->place,
            "'%s' holds no data that descent knows; expected a CSV file, a .txt or "
            ".npy file, or a folder of IDX files such as train-images-idx3-ubyte, of CIFAR's .bin "
            "files, of x_train.npy and y_train.npy, or of one folder of PNG, PPM or PGM pictures "
            "for each class",
            name);
    if (strpbrk(name, "./"))
        return dsc_fail_at(err, DESCENT_IO, spec->place, "cannot read '%s': %s", name,
                           strerror(errno));
    const char *nearest = dsc_nearest(name, built_ins(), built_in_name, NULL);
    return dsc_fail_at(
        err, DESCENT_UNKNOWN, spec->place, "no data set or file is called '%s'%s%s%s", name,
        nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* "book.md text": the first word behind a file may name its format. */
static const dsc_source *named_format(const dsc_spec *spec)
{
    for (size_t i = 0; spec->n_args > 0 && !spec->arg[0].key && i < N_SOURCES; i++)
        if (!sources[i]->built_in && spec->arg[0].text &&
            strcmp(sources[i]->info.name, spec->arg[0].text) == 0)
            return sources[i];
    return NULL;
}

/* *spec loses the word that chose a format. */
static descent_status choose(dsc_spec *spec, const dsc_source **source, descent_error *err)
{
    *source = named_format(spec);
    if (*source) {
        spec->arg++;
        spec->n_args--;
        return DESCENT_OK;
    }
    for (size_t i = 0; i < N_SOURCES; i++) {
        *source = sources[i];
        if (sources[i]->built_in ? strcmp(sources[i]->info.name, spec->name) == 0
                                 : sources[i]->matches(spec->name))
            return DESCENT_OK;
    }
    return unknown(spec, err);
}

/* Opens what `spec` names; its name is that of a built-in set, or a path without a slash behind. */
static descent_status open_source(descent_dataset **out, dsc_spec *spec, const dsc_source *source,
                                  bool features_only, const char *target, descent_error *err)
{
    dsc_value values[DSC_MAX_PARAMS];
    dsc_augment augment;

    DSC_TRY(dsc_augment_bind(&augment, spec, &source->info, source->pictures, values, err));
    descent_dataset *data = dsc_alloc(1, sizeof *data);
    if (!data)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", spec->name);
    data->owned = true;
    data->augment = augment;
    snprintf(data->name, sizeof data->name, "%s", spec->source);
    if (target)
        snprintf(data->target_name, sizeof data->target_name, "%s", target);
    const descent_status status = source->open(data, spec, values, features_only, err);
    if (status != DESCENT_OK) {
        descent_dataset_free(data);
        return status;
    }
    *out = data;
    return DESCENT_OK;
}

/* "pictures/" is the folder "pictures", so that paths of its files have one slash. */
static size_t length_without_slashes(const char *path)
{
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

static descent_status open_item(descent_dataset **out, const dsc_spec *typed, bool features_only,
                                const char *target, descent_error *err)
{
    dsc_spec item = *typed;
    const dsc_source *source;

    DSC_TRY(choose(&item, &source, err));
    char *name = dsc_copy_n(item.name, length_without_slashes(item.name));
    if (!name)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", item.name);
    item.name = name;
    const descent_status status = open_source(out, &item, source, features_only, target, err);
    dsc_free(name);
    return status;
}

descent_status dsc_dataset_check_count(const char *name, size_t count, descent_error *err)
{
    if (count <= UINT32_MAX)
        return DESCENT_OK;
    return dsc_fail(err, DESCENT_INVALID, "'%s' has %zu examples, at most 2^32 - 1 are allowed",
                    name, count);
}

/* A file whose name holds what the grammar would take apart may be typed as it is: the whole text
 * is then its name, as if it were quoted. *quoted is NULL where it is nothing of the kind. */
static descent_status quote_path(char **quoted, const char *spec, descent_error *err)
{
    const size_t length = strlen(spec);
    struct stat info;

    *quoted = NULL;
    if (!strpbrk(spec, " ,=()") || strchr(spec, '"') || stat(spec, &info) != 0)
        return DESCENT_OK;
    char *text = dsc_alloc(length + 3, 1);
    if (!text)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", spec);
    text[0] = text[length + 1] = '"';
    memcpy(text + 1, spec, length);
    *quoted = text;
    return DESCENT_OK;
}

descent_status dsc_dataset_open_at(descent_dataset **out, const char *spec, dsc_place origin,
                                   bool features_only, const char *target, descent_error *err)
{
    dsc_spec_list *list;

    char *quoted;

    *out = NULL;
    DSC_TRY(quote_path(&quoted, spec, err));
    descent_status status = dsc_spec_parse_one(&list, quoted ? quoted : spec, origin, err);
    dsc_free(quoted);
    if (status != DESCENT_OK)
        return status;
    status = open_item(out, &list->item[0], features_only, target, err);
    dsc_spec_free(list);
    return status;
}

descent_status descent_dataset_open(descent_dataset **out, const char *spec, descent_error *err)
{
    return dsc_dataset_open_at(out, spec, (dsc_place){.line_text = spec}, false, NULL, err);
}

descent_status descent_dataset_open_features(descent_dataset **out, const char *spec,
                                             const char *target, descent_error *err)
{
    return dsc_dataset_open_at(out, spec, (dsc_place){.line_text = spec}, true, target, err);
}

/* Arrays are const to their readers; here is their owner. */
static void release(const void *block)
{
    union {
        const void *given;
        void *owned;
    } u = {block};
    dsc_free(u.owned);
}

void dsc_dataset_drop_features(descent_dataset *data)
{
    release(data->features);
    data->features = NULL;
}

/* What is mapped lies in no block. */
static void release_features(descent_dataset *data)
{
    if (!data->map[0].bytes)
        release(data->features);
    if (!data->map[1].bytes)
        release(data->test_features);
    dsc_map_close(&data->map[0]);
    dsc_map_close(&data->map[1]);
}

static void free_names(char **names, size_t n)
{
    for (size_t i = 0; names && i < n; i++)
        dsc_free(names[i]);
    dsc_free(names);
}

void descent_dataset_free(descent_dataset *data)
{
    if (!data)
        return;
    free_names(data->class_name, (size_t)data->outputs);
    free_names(data->feature_name, dsc_shape_count(data->shape));
    if (data->owned) {
        release_features(data);
        release(data->labels);
        release(data->targets);
        dsc_tokens_free(data->tokens);
    }
    dsc_free(data);
}
