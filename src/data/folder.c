/* folder.c - picture files in folders, one folder for each class:
 *
 *     animals/cat/1.png, animals/dog/1.png, ...
 *     animals/train/cat/..., animals/test/cat/...      with a test part of its own
 *
 * All pictures must be alike in size and colour. Pictures to predict need no classes. */
#include "base/file.h"
#include "base/memory.h"
#include "data/classes.h"
#include "data/names.h"
#include "data/picture.h"
#include "data/pile.h"

#include <stdio.h>
#include <string.h>

enum { PATH = 4352 };

/* While pictures are read: what they must be like, and which came first. */
typedef struct reading {
    dsc_pile pile;
    dsc_names classes;
    char first[PATH];
} reading;

static descent_status is_picture(const char *path, bool *yes, descent_error *err)
{
    (void)err;
    *yes = dsc_picture_named(path) && dsc_file_exists(path);
    return DESCENT_OK;
}

/* Whether any of the names that `wanted` takes is there; in no folder, or one that can't be read,
 * there is none. Fails only for lack of memory. */
static descent_status holds(const char *folder, dsc_name_test wanted, bool *any, descent_error *err)
{
    dsc_names names;

    *any = false;
    if (!dsc_folder_exists(folder))
        return DESCENT_OK;
    const descent_status status = dsc_names_read(&names, folder, wanted, err);
    if (status != DESCENT_OK)
        return status == DESCENT_NOMEM ? status : DESCENT_OK;
    *any = names.count > 0;
    dsc_names_free(&names);
    return DESCENT_OK;
}

static descent_status is_class(const char *path, bool *yes, descent_error *err)
{
    return holds(path, is_picture, yes, err);
}

/* How pictures lie in a folder. */
typedef struct layout {
    bool classes, pictures, parts; /* FOLDER/CLASS/1.png, FOLDER/1.png, FOLDER/train/CLASS/1.png */
} layout;

static descent_status find_layout(const char *folder, layout *found, descent_error *err)
{
    char path[PATH];

    *found = (layout){0};
    const int length = snprintf(path, sizeof path, "%s/train", folder);
    DSC_TRY(holds(folder, is_class, &found->classes, err));
    DSC_TRY(holds(folder, is_picture, &found->pictures, err));
    return length < PATH ? holds(path, is_class, &found->parts, err) : DESCENT_OK;
}

/* Without memory to look: it may be one, and opening it will say what is missing. */
static bool matches(const char *folder)
{
    layout found;

    return find_layout(folder, &found, NULL) != DESCENT_OK || found.classes || found.pictures ||
           found.parts;
}

static descent_status differs(const reading *r, const char *path, dsc_shape found,
                              descent_error *err)
{
    const dsc_shape s = r->pile.shape;

    return dsc_fail(err, DESCENT_SHAPE,
                    "'%s' is %s of %dx%d (height x width), '%s' is %s of %dx%d; all pictures must "
                    "be alike",
                    path, found.size[0] == 1 ? "grey" : "colour", found.size[1], found.size[2],
                    r->first, s.size[0] == 1 ? "grey" : "colour", s.size[1], s.size[2]);
}

static descent_status add_picture(reading *r, const char *path, int32_t label, descent_error *err)
{
    descent_status status = DESCENT_OK;
    dsc_picture picture;

    DSC_TRY(dsc_picture_read(&picture, path, err));
    if (r->pile.count == 0) {
        r->pile.shape = picture.shape;
        snprintf(r->first, sizeof r->first, "%s", path);
    }
    if (!dsc_shape_equal(picture.shape, r->pile.shape)) {
        status = differs(r, path, picture.shape, err);
    } else {
        uint8_t *to = dsc_pile_add(&r->pile, label);
        if (to)
            memcpy(to, picture.bytes, dsc_shape_count(picture.shape));
        else
            status = dsc_fail(err, DESCENT_NOMEM, "out of memory reading '%s'", path);
    }
    dsc_free(picture.bytes);
    return status;
}

/* All pictures of one folder. */
static descent_status add_class(reading *r, const char *folder, int32_t label, descent_error *err)
{
    descent_status status = DESCENT_OK;
    dsc_names files;
    char path[PATH];

    DSC_TRY(dsc_names_read(&files, folder, is_picture, err));
    for (size_t i = 0; i < files.count && status == DESCENT_OK; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files.name[i]);
        status = add_picture(r, path, label, err);
    }
    dsc_names_free(&files);
    return status;
}

/* The pictures of all classes in r->classes; one that has none is no class of this part. */
static descent_status add_part(reading *r, const char *folder, descent_error *err)
{
    char path[PATH];

    for (size_t c = 0; c < r->classes.count; c++) {
        const int length = snprintf(path, sizeof path, "%s/%s", folder, r->classes.name[c]);
        if (length < PATH && dsc_folder_exists(path))
            DSC_TRY(add_class(r, path, (int32_t)c, err));
    }
    return DESCENT_OK;
}

/* Every class of the test part must be one of the training part. */
static descent_status check_classes(const reading *r, const char *train, const char *test,
                                    descent_error *err)
{
    descent_status status = DESCENT_OK;
    dsc_names names;

    DSC_TRY(dsc_names_read(&names, test, is_class, err));
    for (size_t i = 0, c = 0; i < names.count && status == DESCENT_OK; i++) {
        while (c < r->classes.count && strcmp(r->classes.name[c], names.name[i]) != 0)
            c++; /* both in the same order */
        if (c == r->classes.count)
            status = dsc_fail(err, DESCENT_INVALID, "'%s' has a class '%s', but '%s' has none",
                              test, names.name[i], train);
    }
    dsc_names_free(&names);
    return status;
}

static descent_status read_all(reading *r, const char *folder, bool parts, descent_error *err)
{
    char train[PATH], test[PATH];

    snprintf(train, sizeof train, "%s/train", folder);
    snprintf(test, sizeof test, "%s/test", folder);
    if (!parts)
        snprintf(train, sizeof train, "%s", folder);
    DSC_TRY(dsc_names_read(&r->classes, train, is_class, err));
    DSC_TRY(add_part(r, train, err));
    if (!parts || !dsc_folder_exists(test))
        return DESCENT_OK;
    const size_t n_train = r->pile.count;
    DSC_TRY(check_classes(r, train, test, err));
    DSC_TRY(add_part(r, test, err));
    r->pile.test_count = r->pile.count - n_train;
    return DESCENT_OK;
}

static descent_status open(descent_dataset *data, const dsc_spec *spec, const dsc_value *values,
                           bool features_only, descent_error *err)
{
    reading r = {0};
    layout found;

    (void)values;
    DSC_TRY(find_layout(spec->name, &found, err));
    const bool classes = found.classes || found.parts;
    if (!classes && !features_only)
        return dsc_fail_at(
            err, DESCENT_INVALID, spec->place,
            "the pictures in '%s' lie in no folders of classes, such as %s/cat/1.png", spec->name,
            spec->name);
    const descent_status status =
        classes ? read_all(&r, spec->name, found.parts, err) : add_class(&r, spec->name, 0, err);
    if (!classes) {
        dsc_free(r.pile.labels);
        r.pile.labels = NULL;
    }
    if (status == DESCENT_OK) {
        dsc_pile_give(&r.pile, data);
        data->outputs = (int)r.classes.count;
        data->class_name = r.classes.name;
        r.classes = (dsc_names){0};
        snprintf(data->target_name, sizeof data->target_name, "class");
    }
    dsc_pile_free(&r.pile);
    dsc_names_free(&r.classes);
    DSC_TRY(status);
    return features_only ? DESCENT_OK : dsc_classes_check(data, err);
}

const dsc_source dsc_source_folder = {
    .info = {.name = "folder",
             .summary = "PNG, PPM or PGM pictures, one folder for each class: FOLDER/CLASS/*.png"},
    .pictures = true,
    .matches = matches,
    .open = open,
};
