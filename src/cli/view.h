/* view.h - inside `descent view`: the runs it knows, what it answers, and the logs it follows.
 *
 * Everything happens on one thread: the command's loop lets the HTTP library work for a moment and
 * then looks whether a log has grown. */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* --- view_runs.c: run folders ----------------------------------------------------------------- */

enum { VIEW_LOG, VIEW_TIMING, VIEW_REPORT, VIEW_FILES };

typedef struct view_run {
    char *name;   /* what addresses call it: the folder's name, made unique */
    char *folder; /* its path */
    json_t *told; /* what the list shows of it, as its files were when they were `seen`; or NULL */
    struct stat seen[VIEW_FILES];
    bool ended; /* the last line of its log is its result */
} view_run;

typedef struct view_runs {
    const char *const *root; /* run folders, or folders of them, as given; borrowed */
    int n_roots;
    view_run *run;
    size_t n;
    size_t expected; /* which run is likely to be found next: folders keep their order */
} view_runs;

/* Looks for runs: folders with a log.jsonl. Those there are stay if memory runs out. */
void view_runs_find(view_runs *runs);
void view_runs_free(view_runs *runs);
/* The run of that name, or NULL. Names are compared, never made into paths. */
const view_run *view_runs_named(const view_runs *runs, const char *name, size_t length);
/* What a list shows of all runs: name, settings, where each stands. New reference; NULL: no memory.
 */
json_t *view_runs_json(view_runs *runs);
/* A file of the run, opened for reading; -1 when it is not there or is no plain file of its own. */
int view_open(const view_run *run, const char *file);

/* --- view_stream.c: logs as they grow --------------------------------------------------------- */

typedef struct view_stream view_stream;

/* A response that hands out the lines of a log from byte `from` on and then waits for more; it
 * joins *streams. NULL: no memory, or no log. */
struct MHD_Response *view_stream_open(view_stream **streams, struct MHD_Connection *connection,
                                      const view_run *run, unsigned long long from);
/* Wakes the streams whose logs have grown, and those that should show a sign of life. */
void view_streams_wake(view_stream *streams);
/* Before the end: all are resumed, as the library asks for. */
void view_streams_end(view_stream *streams);

/* --- view_log.c: logs as they are ------------------------------------------------------------- */

/* A response with the whole lines of a log; closes fd, at once or in the end. NULL: no memory. */
struct MHD_Response *view_log(int fd);
/* Does a line begin there, as it did when what stands before it was sent? Not where a log was cut
 * and has grown again. */
bool view_begins_line(int fd, uint64_t at);

/* --- view_serve.c: requests ------------------------------------------------------------------- */

typedef struct view_server {
    view_runs runs;
    view_stream *streams;
    const char *host;
    unsigned port;
    char *page;    /* HTML */
    bool loopback; /* only names of this machine are answered to */
} view_server;

/* The library's handler; cls is the server. */
enum MHD_Result view_answer(void *cls, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *upload,
                            size_t *upload_size, void **state);

#endif
