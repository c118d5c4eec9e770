/* idx.c - pictures as MNIST has them: a folder of IDX files, or one file of pictures. */
#include "data/idx.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/classes.h"
#include "data/inflate.h"
#include "data/numbers.h"

#include <stdio.h>
#include <string.h>

enum { LABELS, MAP, N_PARAMS };
enum { PATH = 4352 }; /* the longest path there is, and a file name behind it */

static const descent_param params[N_PARAMS] = {
    [LABELS] = {"labels", 0, 0, 0,
                "the file of labels; otherwise the name with labels and idx1 in place of images "
                "and idx3",
                DESCENT_TEXT, NULL},
    [MAP] = DSC_MAP_PARAM,
};

/* FOLDER/PART-images-idx3-ubyte in one of its usual spellings; false when there is none. */
static bool find_part(const char *folder, const char *part, const char *kind, char out[PATH])
{
    for (int form = 0; form < 4; form++) {
        snprintf(out, PATH, "%s/%s%c%s-ubyte%s", folder, part, form < 2 ? '-' : '.', kind,
                 form % 2 ? ".gz" : "");
        if (dsc_file_exists(out))
            return true;
    }
    return false;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Also a file of another name, when it begins as IDX files of bytes do. */
static bool has_magic(const char *path)
{
    unsigned char head[4];
    size_t got = 0;
    dsc_inflate *file;

    if (dsc_inflate_open(&file, path, NULL) != DESCENT_OK)
        return false;
    const bool read = dsc_inflate_read(file, head, sizeof head, &got, NULL) == DESCENT_OK;
    dsc_inflate_close(file);
    return read && got == sizeof head && memcmp(head, "\0\0\x8", 3) == 0;
}

static bool matches(const char *path)
{
    char found[PATH];

    if (dsc_folder_exists(path))
        return find_part(path, "train-images", "idx3", found);
    if (!dsc_file_exists(path))
        return false;
    return strstr(base_name(path), "idx3") || strstr(base_name(path), "idx1") || has_magic(path);
}

/* The labels beside a file of pictures; false when its name does not tell. */
static bool labels_name(const char *images, char out[PATH])
{
    static const char from[] = "images";
    const char *word = strstr(base_name(images), from);

    if (!word)
        return false;
    snprintf(out, PATH, "%.*slabels%s", (int)(word - images), images, word + strlen(from));
    char *kind = strstr(out + (base_name(out) - out), "idx3");
    if (kind)
        kind[3] = '1';
    return true;
}

/* Pictures and labels of one part. */
typedef struct part {
    dsc_idx images, labels;
    size_t room;         /* bytes free behind the pictures */
    const uint8_t *rows; /* the pictures where they are mapped; else NULL */
} part;

static void free_part(part *p)
{
    dsc_free(p->images.bytes);
    dsc_map_close(&p->images.map);
    dsc_free(p->labels.bytes);
    *p = (part){0};
}

/* `map`: the option; `room`: bytes to be kept free behind the pictures. */
static descent_status read_part(part *p, const char *images, const char *labels, double map,
                                size_t room, descent_error *err)
{
    bool mapped;

    *p = (part){.room = room};
    DSC_TRY(dsc_idx_is_mapped(&mapped, images, map, err));
    descent_status status = mapped ? dsc_idx_map(&p->images, &p->rows, images, err)
                                   : dsc_idx_read(&p->images, images, 3, room, err);
    if (status == DESCENT_OK && labels)
        status = dsc_idx_read(&p->labels, labels, 1, 0, err);
    if (status == DESCENT_OK && labels && p->labels.count != p->images.count)
        status = dsc_fail(err, DESCENT_SHAPE, "'%s' has %zu pictures, but '%s' has %zu labels",
                          images, p->images.count, labels, p->labels.count);
    if (status != DESCENT_OK)
        free_part(p);
    return status;
}

/* b's numbers behind a's, in one block: a's, if it has the room. */
static bool append(uint8_t **a, size_t length, size_t room, const uint8_t *b, size_t more)
{
    if (more > 0 && more <= room) {
        memcpy(*a + length, b, more);
        return true;
    }
    uint8_t *joined = dsc_alloc(length + more, 1);

    if (!joined)
        return false;
    memcpy(joined, *a, length);
    if (more > 0)
        memcpy(joined + length, b, more);
    dsc_free(*a);
    *a = joined;
    return true;
}

static descent_status take_labels(descent_dataset *data, const uint8_t *label, descent_error *err)
{
    int32_t *labels = dsc_alloc(data->count, sizeof *labels);
    int classes = 0;

    data->labels = labels;
    if (!labels)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu labels", data->count);
    for (size_t i = 0; i < data->count; i++) {
        labels[i] = label[i];
        classes = label[i] >= classes ? label[i] + 1 : classes;
    }
    data->outputs = classes;
    snprintf(data->target_name, sizeof data->target_name, "label");
    return dsc_classes_number(data, err);
}

/* Pictures that are mapped stay where they are; then those of the test part lie apart. */
static void take_apart(descent_dataset *data, part *train, part *test)
{
    part *const parts[2] = {train, test};
    const void **const rows[2] = {&data->features, &data->test_features};

    for (int i = 0; i < 2; i++) {
        *rows[i] = parts[i]->rows ? parts[i]->rows : parts[i]->images.bytes;
        data->map[i] = parts[i]->images.map;
        parts[i]->images.bytes = NULL;
        parts[i]->images.map = (dsc_map){0};
    }
}

/* The pictures of train and, when there is one, the test part behind them. */
static bool take_together(descent_dataset *data, part *train, const part *test)
{
    const size_t pixels = dsc_shape_count(train->images.shape);

    if (data->test_count > 0 &&
        !append(&train->images.bytes, train->images.count * pixels, train->room, test->images.bytes,
                test->images.count * pixels))
        return false;
    data->features = train->images.bytes;
    train->images.bytes = NULL;
    return true;
}

/* The pictures and labels of both parts, which give them up. */
static descent_status join(descent_dataset *data, part *train, part *test, descent_error *err)
{
    const dsc_shape s = train->images.shape;

    if (test->images.count > 0 && !dsc_shape_equal(s, test->images.shape))
        return dsc_fail(err, DESCENT_SHAPE,
                        "'%s': training pictures are %dx%d, test pictures %dx%d", data->name,
                        s.size[0], s.size[1], test->images.shape.size[0],
                        test->images.shape.size[1]);
    data->count = train->images.count + test->images.count;
    data->test_count = test->images.count;
    data->shape = (dsc_shape){3, {1, s.size[0], s.size[1]}};
    data->task = DESCENT_CLASSIFICATION;
    data->dtype = DSC_U8;
    DSC_TRY(dsc_dataset_check_count(data->name, data->count, err));
    bool ok = true;
    if (train->rows || test->rows)
        take_apart(data, train, test);
    else
        ok = take_together(data, train, test);
    ok = ok && (data->test_count == 0 || append(&train->labels.bytes, train->labels.count, 0,
                                                test->labels.bytes, test->labels.count));
    if (!ok)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for '%s'", data->name);
    return train->labels.bytes ? take_labels(data, train->labels.bytes, err) : DESCENT_OK;
}

static descent_status missing(const char *folder, const char *what, descent_error *err)
{
    return dsc_fail(err, DESCENT_IO, "'%s' has no %s-ubyte (or .gz)", folder, what);
}

static descent_status open_folder(descent_dataset *data, const char *folder, double map,
                                  descent_error *err)
{
    char images[PATH], labels[PATH], test_images[PATH];
    part train, test = {0};

    if (!find_part(folder, "train-images", "idx3", images))
        return missing(folder, "train-images-idx3", err);
    if (!find_part(folder, "train-labels", "idx1", labels))
        return missing(folder, "train-labels-idx1", err);
    const bool has_test = find_part(folder, "t10k-images", "idx3", test_images);
    bool mapped = false;
    if (has_test)
        DSC_TRY(dsc_idx_is_mapped(&mapped, test_images, map, err));
    const size_t room = has_test && !mapped ? dsc_idx_content(test_images, 3) : 0;
    DSC_TRY(read_part(&train, images, labels, map, room, err));
    descent_status status = DESCENT_OK;
    if (has_test)
        status = find_part(folder, "t10k-labels", "idx1", labels)
                     ? read_part(&test, test_images, labels, map, 0, err)
                     : missing(folder, "t10k-labels-idx1", err);
    if (status == DESCENT_OK)
        status = join(data, &train, &test, err);
    free_part(&train);
    free_part(&test);
    return status;
}

/* One file of pictures; the labels may be missing only when they are not needed. */
static descent_status open_file(descent_dataset *data, const char *images, const char *labels,
                                double map, bool features_only, descent_error *err)
{
    char guessed[PATH];
    part all, none = {0};

    if (!labels) {
        const bool known = labels_name(images, guessed);
        if (!known && !features_only)
            return dsc_fail(err, DESCENT_INVALID,
                            "the labels of '%s' are not known; add labels=FILE", images);
        if (known && (!features_only || dsc_file_exists(guessed)))
            labels = guessed;
    }
    DSC_TRY(read_part(&all, images, labels, map, 0, err));
    const descent_status status = join(data, &all, &none, err);
    free_part(&all);
    return status;
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    const char *labels = values[LABELS].text;

    if (!dsc_folder_exists(spec->name))
        DSC_TRY(open_file(data, spec->name, labels, values[MAP].number, features_only, err));
    else if (!labels)
        DSC_TRY(open_folder(data, spec->name, values[MAP].number, err));
    else
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "labels=FILE goes with one file of pictures, but '%s' is a folder",
                           spec->name);
    return features_only ? DESCENT_OK : dsc_classes_check(data, err);
}

const dsc_source dsc_source_idx = {
    .info = {.name = "idx",
             .summary = "pictures as MNIST has them: a folder, or FILE-images-idx3-ubyte[.gz]",
             .params = params,
             .n_params = N_PARAMS},
    .pictures = true,
    .matches = matches,
    .open = open,
};
