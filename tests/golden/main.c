/* main.c - runs every case of a golden folder: golden [-v] DIR [KIND...].
 *
 * A case is a .json file in DIR or in a folder of DIR. Failures are printed with their reason, with
 * -v also skips and passes. The last line is "N passed, N failed, N skipped"; the exit status is 0
 * when none failed, 1 when one did or there was no case at all, 2 when DIR can't be read. */
#include "golden.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 1024 };

/* The kinds whose checkers are built; each is a file of this folder. */
static const struct kind {
    const char *name;
    golden_outcome (*check)(const json_t *root, golden_note *note);
} kinds[] = {
    {"optim", golden_optim},       {"schedule", golden_schedule}, {"layer", golden_layer},
    {"function", golden_function}, {"bowl", golden_bowl},         {"train", golden_train},
    {"util", golden_util},
};

/* --- the cases -------------------------------------------------------------------------------- */

typedef struct path_list {
    char (*path)[PATH_SIZE]; /* relative to DIR */
    size_t count, capacity;
} path_list;

static void add_path(path_list *list, const char *path)
{
    if (list->count == list->capacity) {
        const size_t capacity = 2 * list->capacity + 64;
        void *longer = realloc(list->path, capacity * sizeof *list->path);
        if (!longer) {
            fprintf(stderr, "golden: out of memory for %zu paths\n", capacity);
            exit(2);
        }
        list->path = longer;
        list->capacity = capacity;
    }
    snprintf(list->path[list->count++], PATH_SIZE, "%s", path);
}

static bool is_case(const char *name)
{
    const size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".json") == 0 && strcmp(name, "index.json") != 0;
}

/* The cases of DIR/folder, and of the folders in it unless it is one itself ("" is DIR). False when
 * it is no folder that can be read. */
static bool collect(path_list *list, const char *root, const char *folder)
{
    char path[PATH_SIZE];
    const struct dirent *entry;

    snprintf(path, sizeof path, "%s/%s", root, folder);
    DIR *dir = opendir(path);
    if (!dir)
        return false;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (is_case(entry->d_name))
            add_path(list, path);
        else if (!*folder)
            collect(list, root, entry->d_name);
    }
    closedir(dir);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* --- running ---------------------------------------------------------------------------------- */

typedef struct request {
    const char *root;
    char **kind; /* only these, unless there are none */
    int n_kinds;
    bool verbose;
} request;

static bool is_wanted(const request *r, const char *kind)
{
    for (int i = 0; i < r->n_kinds; i++)
        if (strcmp(r->kind[i], kind) == 0)
            return true;
    return r->n_kinds == 0;
}

static golden_outcome check(const json_t *root, const char *kind, golden_note *note)
{
    if (!*kind)
        return golden_say(note, GOLDEN_FAILED, "the file has no \"kind\"");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, kind) == 0)
            return kinds[i].check(root, note);
    return golden_say(note, GOLDEN_SKIPPED, "kind %s is not built", kind);
}

/* One file: counts it unless its kind was not asked for. A file that can't be read always counts,
 * because its kind is unknown. */
static void run_case(const request *r, const char *path, size_t count[3])
{
    static const char *const word[3] = {"pass", "FAIL", "skip"};
    char full[2 * PATH_SIZE];
    golden_note note = {""};
    golden_outcome outcome;
    json_error_t error;

    snprintf(full, sizeof full, "%s/%s", r->root, path);
    json_t *root = json_load_file(full, 0, &error);
    if (!root) {
        outcome = golden_say(&note, GOLDEN_FAILED, "line %d, column %d: %.160s", error.line,
                             error.column, error.text);
    } else {
        const char *kind = golden_string(root, "kind");
        if (*kind && !is_wanted(r, kind)) {
            json_decref(root);
            return;
        }
        outcome = check(root, kind, &note);
        json_decref(root);
    }
    count[outcome]++;
    if (outcome == GOLDEN_FAILED || r->verbose)
        printf("%s %s%s%s\n", word[outcome], path, *note.text ? ": " : "", note.text);
}

int main(int argc, char **argv)
{
    const bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const int first = verbose ? 2 : 1;
    size_t count[3] = {0};
    path_list list = {0};

    if (argc <= first) {
        fprintf(stderr, "usage: golden [-v] DIR [KIND...]\n");
        return 2;
    }
    const request r = {argv[first], argv + first + 1, argc - first - 1, verbose};
    if (!collect(&list, r.root, "")) {
        fprintf(stderr, "golden: cannot read the folder '%s': %s\n", r.root, strerror(errno));
        return 2;
    }
    if (list.count > 0)
        qsort(list.path, list.count, sizeof *list.path, by_name);
    for (size_t i = 0; i < list.count; i++)
        run_case(&r, list.path[i], count);
    free(list.path);
    printf("%zu passed, %zu failed, %zu skipped\n", count[GOLDEN_PASSED], count[GOLDEN_FAILED],
           count[GOLDEN_SKIPPED]);
    return count[GOLDEN_FAILED] == 0 && count[GOLDEN_PASSED] + count[GOLDEN_SKIPPED] > 0 ? 0 : 1;
}
