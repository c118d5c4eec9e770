/* view_runs.c - the run folders that are served, and what is told of each. */
#include "command.h"
#include "view.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_MOST = 4096, STILL = 60 /* seconds without a line after which a run is not running */ };

int view_open(const view_run *run, const char *file)
{
    char path[PATH_MOST];
    struct stat info;

    if (snprintf(path, sizeof path, "%s/%s", run->folder, file) >= (int)sizeof path)
        return -1;
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

const view_run *view_runs_named(const view_runs *runs, const char *name, size_t length)
{
    for (size_t i = 0; i < runs->n; i++)
        if (strlen(runs->run[i].name) == length && memcmp(runs->run[i].name, name, length) == 0)
            return &runs->run[i];
    return NULL;
}

/* --- finding ---------------------------------------------------------------------------------- */

static bool is_run(const char *folder)
{
    char path[PATH_MOST];
    struct stat info;

    return snprintf(path, sizeof path, "%s/log.jsonl", folder) < (int)sizeof path &&
           lstat(path, &info) == 0 && S_ISREG(info.st_mode);
}

static bool known(view_runs *runs, const char *folder)
{
    for (size_t i = 0; i < runs->n; i++) {
        const size_t at = (runs->expected + i) % runs->n;
        if (strcmp(runs->run[at].folder, folder) == 0) {
            runs->expected = at + 1;
            return true;
        }
    }
    return false;
}

/* The last part of a path, without slashes behind it. */
static void last_part(const char *path, char *out, size_t size)
{
    size_t end = strlen(path), begin;

    while (end > 1 && path[end - 1] == '/')
        end--;
    for (begin = end; begin > 0 && path[begin - 1] != '/';)
        begin--;
    snprintf(out, size, "%.*s", (int)(end - begin), path + begin);
}

/* What a run is called. "." and ".." mean something else in an address: there it is the name of the
 * folder that they stand for. */
static void name_of(const char *folder, char *out, size_t size)
{
    last_part(folder, out, size);
    if (strcmp(out, ".") != 0 && strcmp(out, "..") != 0)
        return;
    char *whole = realpath(folder, NULL);
    if (whole)
        last_part(whole, out, size);
    free(whole);
}

/* Adds a folder that is a run; a name that is taken gets a number. */
static void add(view_runs *runs, const char *folder)
{
    char part[256], name[300];

    if (known(runs, folder) || !is_run(folder))
        return;
    name_of(folder, part, sizeof part);
    snprintf(name, sizeof name, "%s", part);
    for (int n = 2; view_runs_named(runs, name, strlen(name)); n++)
        snprintf(name, sizeof name, "%s~%d", part, n);

    view_run *more = cli_need(runs->n + 1, sizeof *more);
    if (runs->n > 0)
        memcpy(more, runs->run, runs->n * sizeof *more);
    free(runs->run);
    runs->run = more;
    more[runs->n++] = (view_run){.name = cli_need_copy(name), .folder = cli_need_copy(folder)};
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_folders_in(view_runs *runs, const char *root)
{
    struct dirent **entry;
    char folder[PATH_MOST];
    const int n = scandir(root, &entry, NULL, by_name);

    if (n < 0 && errno == ENOMEM)
        cli_out_of_memory();
    for (int i = 0; i < n; i++) {
        if (entry[i]->d_name[0] != '.' &&
            snprintf(folder, sizeof folder, "%s/%s", root, entry[i]->d_name) < (int)sizeof folder)
            add(runs, folder);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

void view_runs_find(view_runs *runs)
{
    for (int i = 0; i < runs->n_roots; i++) {
        if (is_run(runs->root[i]))
            add(runs, runs->root[i]);
        else
            add_folders_in(runs, runs->root[i]);
    }
}

void view_runs_free(view_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++) {
        free(runs->run[i].name);
        free(runs->run[i].folder);
        json_decref(runs->run[i].told);
    }
    free(runs->run);
    runs->run = NULL;
    runs->n = 0;
}

/* --- telling ---------------------------------------------------------------------------------- */

/* Copies what the list shows of an event. */
static void take(json_t *run, const json_t *event)
{
    static const char *const shown[] = {
        "data",          "model",      "loss",       "optimizer",      "schedule",
        "batch",         "epochs",     "epoch",      "seed",           "steps",
        "step",          "parameters", "train_loss", "train_accuracy", "test_loss",
        "test_accuracy", "test_rmse",  "findings",   "seconds",        "samples_per_second",
        "stop"};

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        json_t *value = json_object_get(event, shown[i]);
        if (value && !json_is_null(value))
            json_object_set(run, shown[i], value);
    }
}

static void take_line(json_t *run, const char *line, size_t length, bool *ended)
{
    json_t *event = json_loadb(line, length, 0, NULL);
    const char *kind = json_string_value(json_object_get(event, "event"));

    if (kind &&
        (strcmp(kind, "start") == 0 || strcmp(kind, "epoch") == 0 || strcmp(kind, "result") == 0))
        take(run, event);
    if (kind) /* a run that was resumed has more behind its result */
        *ended = strcmp(kind, "result") == 0;
    json_decref(event);
}

/* Reads at most `size` bytes from `from` on, and hands out its whole lines. */
static void take_lines(json_t *run, int fd, off_t from, size_t size, bool *ended)
{
    char *text = cli_need(size, 1);
    const ssize_t n = pread(fd, text, size, from);
    const char *line = text, *const end = n > 0 ? text + n : text;

    if (from > 0 && n > 0) { /* the first piece is the end of a line */
        const char *next = memchr(line, '\n', (size_t)(end - line));
        line = next ? next + 1 : end;
    }
    while (line < end) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        if (!stop)
            break;
        take_line(run, line, (size_t)(stop - line), ended);
        line = stop + 1;
    }
    free(text);
}

static const char *state_of(const view_run *run)
{
    if (run->ended)
        return "done";
    return time(NULL) - run->seen[VIEW_LOG].st_mtime < STILL ? "running" : "stopped";
}

/* Whether a file is as it was, or still isn't there; notes how it is now. */
static bool is_same(view_run *run, int which)
{
    static const char *const name[VIEW_FILES] = {"log.jsonl", "timing.jsonl", "report.html"};
    const struct stat before = run->seen[which];
    struct stat *now = &run->seen[which];
    char path[PATH_MOST];

    if (snprintf(path, sizeof path, "%s/%s", run->folder, name[which]) >= (int)sizeof path ||
        lstat(path, now) != 0)
        *now = (struct stat){0};
    return now->st_size == before.st_size && now->st_ino == before.st_ino &&
           now->st_mtim.tv_sec == before.st_mtim.tv_sec &&
           now->st_mtim.tv_nsec == before.st_mtim.tv_nsec;
}

/* The beginning of a log says what is trained, its end how far that is. */
static json_t *read_run(view_run *run)
{
    enum { HEAD = 1 << 14, TAIL = 1 << 16 };
    json_t *object = json_pack("{s:s}", "name", run->name);
    const int fd = view_open(run, "log.jsonl"), report = view_open(run, "report.html");
    const int timing = view_open(run, "timing.jsonl");
    struct stat info;
    bool over;

    run->ended = false;
    if (fd >= 0 && fstat(fd, &info) == 0) {
        take_lines(object, fd, 0, HEAD, &run->ended);
        if (info.st_size > HEAD)
            take_lines(object, fd, info.st_size > TAIL ? info.st_size - TAIL : 0, TAIL,
                       &run->ended);
        json_object_set_new(object, "changed", json_integer((json_int_t)info.st_mtime));
    }
    if (timing >= 0 && fstat(timing, &info) == 0)
        take_lines(object, timing, info.st_size > TAIL ? info.st_size - TAIL : 0, TAIL, &over);
    json_object_set_new(object, "report", json_boolean(report >= 0));
    const int opened[] = {fd, timing, report};
    for (size_t i = 0; i < sizeof opened / sizeof *opened; i++)
        if (opened[i] >= 0)
            close(opened[i]);
    return object;
}

/* Most runs are as they were when they were asked for before: only what changed is read. */
static json_t *run_json(view_run *run)
{
    bool same = run->told != NULL;

    for (int i = 0; i < VIEW_FILES; i++)
        same = is_same(run, i) && same;
    if (!same) {
        json_decref(run->told);
        run->told = read_run(run);
    }
    json_object_set_new(run->told, "state", json_string(state_of(run)));
    return run->told;
}

json_t *view_runs_json(view_runs *runs)
{
    json_t *list = json_array();

    for (size_t i = 0; i < runs->n; i++)
        if (json_array_append(list, run_json(&runs->run[i])) != 0)
            break;
    return json_pack("{s:o}", "runs", list);
}
