/* finding.h - what one finding provides. Private; see descent/finding.h for the public side.
 *
 * A finding looks at a case and says how sure it is that this is what went wrong. It never touches
 * the training. To add one: write NAME.c (with '_' for '-') and put NAME in meson.build's list. */
#ifndef DSC_FINDING_FINDING_H
#define DSC_FINDING_FINDING_H

#include "descent/finding.h"

#include "finding/case.h"

/* Where in a training a cause sits. Of two findings of like confidence the earlier comes first, as
 * what goes wrong early shows in all that is later. */
typedef enum dsc_origin {
    DSC_IN_DATA,  /* examples and labels */
    DSC_IN_PLAN,  /* loss, model, decay, batch, schedule */
    DSC_IN_START, /* initial weights */
    DSC_IN_STEPS, /* how the steps go */
    DSC_IN_RESULT /* what came out */
} dsc_origin;

/* When a case says enough. */
enum {
    DSC_BEFORE = 1,  /* with plan, audit and start alone */
    DSC_DURING = 2,  /* at the end of epochs */
    DSC_AFTER = 4,   /* when the training is over */
    DSC_ON_WALK = 8, /* when a walk down a function is over: reads plan and walk alone */
    DSC_AT_ONCE = 16 /* at the end of every stretch of steps, some thousandths of the training */
};

typedef struct dsc_finding {
    descent_info info; /* summary: what it means; formula: the threshold in words and numbers;
                        * reference: its source; advice: the remedy */
    dsc_origin origin;
    unsigned when;
    /* names of findings that this one brings about, divided by blanks: found together, they step
     * behind it; or NULL */
    const char *explains;
    bool reads_clock; /* so it may differ from run to run, and stands in no log */
    /* Leaves confidence 0 when there is nothing to find; else fills *out but for its name. */
    void (*judge)(const dsc_case *c, descent_finding *out);
} dsc_finding;

/* NULL past the end. */
const dsc_finding *dsc_finding_at(size_t index);
/* Of the finding of that name. */
bool dsc_finding_reads_clock(const char *name);

/* Judges the case by all findings that speak at `when`, and puts what was found into out[], the
 * most important first; returns how many. */
size_t dsc_findings_judge(const dsc_case *c, unsigned when, descent_finding out[DESCENT_FINDINGS]);

/* Bytes of a finding's flags: a string that is longer has no room there. */
enum { DSC_FLAGS = sizeof((descent_finding *)0)->flags };

/* Is `word` one of a list's, which are divided by blanks? NULL is a list without any. */
bool dsc_has_word(const char *list, const char *word);

/* --- remedy*.c: changes as flags to copy ------------------------------------------------------ */

/* out->flags <- --optimizer "adam lr=0.0003 beta2=0.95": the plan's optimizer with one
 * hyperparameter set to another value. Further calls of one finding change what is there. */
void dsc_remedy_optimizer(const dsc_case *c, descent_finding *out, const char *param, double value);
/* Where the value of `--flag` stands in the flags so far; NULL: it is not there. */
const char *dsc_remedy_value(const char *flags, const char *flag, size_t *length);
/* What a change begins with: the value of `--flag` in the flags so far, else the plan's; false: it
 * is too long for any flag. */
bool dsc_remedy_begin(const descent_finding *out, const char *flag, const char *plan,
                      char value[DSC_FLAGS]);
/* The plan's optimizer without a flag or hyperparameter: dsc_remedy_without(c, out, "decay_all").
 */
void dsc_remedy_without(const dsc_case *c, descent_finding *out, const char *word);
/* Adds a flag: dsc_remedy_flag(out, "--batch", "%lld", batch). Values with blanks are quoted. A
 * value that has no room, or that quotes cannot hold, leaves the flags as they are: half a model
 * would be another one. So it is with all that is added here. */
void dsc_remedy_flag(descent_finding *out, const char *flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds --model with every layer `from` of the plan's model, or of the model in out->flags (its name
 * with its arguments, between commas or parentheses) replaced by `to`; "": it is taken out. Nothing
 * where there is no such layer. */
void dsc_remedy_model(const dsc_case *c, descent_finding *out, const char *from, const char *to);
/* The same of every layer of that kind, whatever its arguments; false: there is none. */
bool dsc_remedy_layer(const dsc_case *c, descent_finding *out, const char *kind, const char *to);

/* Adds --model without what was said about first weights (init=..., gain=...), and tells whether
 * there was any. */
bool dsc_remedy_init(const dsc_case *c, descent_finding *out);
/* The same of batch_norm's momentum=... */
bool dsc_remedy_momentum(const dsc_case *c, descent_finding *out);
/* Adds --model without its last layer, if that is not in parentheses. */
void dsc_remedy_last(const dsc_case *c, descent_finding *out);
/* Adds --model with every activation of the plan's model that squeezes (sigmoid, tanh ...) replaced
 * by `to`; false: there is none. */
bool dsc_remedy_squeezing(const dsc_case *c, descent_finding *out, const char *to);
/* Adds --model with four times the units in every hidden layer, or a hidden layer where there is
 * none; false: that cannot be said in a line. */
bool dsc_remedy_wider(const dsc_case *c, descent_finding *out);
/* Adds --data with a column of the table left out; nothing where the data are no table or the name
 * cannot be typed. */
void dsc_remedy_ignore(const dsc_case *c, descent_finding *out, const char *column);

/* --- depth.c: what several findings read off layers ---------------------------------------------
 */

/* Gradients of layers with weights, each as the root of the mean square of its numbers. */
typedef struct dsc_depth {
    int layers;
    double ratio;  /* the first layer's over the last's */
    double factor; /* from one layer to the one before it, by a line through all of them */
    const char *first, *last;
} dsc_depth;

/* Means (of logarithms) over the first step and the moments up to share `to` of the run; false:
 * nothing is known, or there are fewer than two such layers. */
bool dsc_depth_read(const dsc_case *c, double to, dsc_depth *out);
/* Lengths of the layers' gradients at the first step: their geometric mean, with targets that are
 * scaled; NaN: unknown. Where signals and gradients grow or shrink alike, no layer stands out. */
double dsc_depth_length(const dsc_case *c);
/* The layer whose field is the largest at one moment (c->layers of them; NULL is fine); NULL: none
 * has it. */
const dsc_layer_facts *dsc_layer_largest(const dsc_case *c, const dsc_layer_moment *at,
                                         size_t field, double *value);
/* rnn, lstm or gru: deep by itself, and reads its inputs one after the other. */
bool dsc_layer_recurs(const dsc_layer_facts *layer);

/* --- course.c: what several findings read off a course ------------------------------------------
 */

/* The mean of a field over the measured moments from share `from` to `to` of the run, 0 to 1,
 * without NaN: dsc_course_mean(c, offsetof(dsc_moment, grad_cosine), 0.5, 1). NaN: there is none.
 */
double dsc_course_mean(const dsc_case *c, size_t field, double from, double to);
/* The largest, in the same way; *at gets the moment's index unless it is NULL. */
double dsc_course_largest(const dsc_case *c, size_t field, double from, double to, size_t *at);
/* Mean batch loss of the steps from share `from` to `to` of the run. */
double dsc_course_loss(const dsc_case *c, double from, double to);
/* The lowest test loss of any epoch, and which it was; NaN: none. */
double dsc_course_best_test(const dsc_case *c, size_t *epoch);

/* How sure a number makes: 0 at `nothing`, 1 at `certain`, in between in proportion (log: of the
 * logarithm). Either way round. NaN makes 0. */
double dsc_sure(double x, double nothing, double certain);
double dsc_sure_log(double x, double nothing, double certain);

/* Formats into one of a finding's texts; what is too long is cut at a word. */
void dsc_tell(char *text, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#define DSC_TELL(text, ...) dsc_tell((text), sizeof(text), __VA_ARGS__)

#endif
