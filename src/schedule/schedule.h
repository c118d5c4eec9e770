/* schedule.h - what one schedule file provides; see descent/schedule.h for the public side. */
#ifndef DSC_SCHEDULE_SCHEDULE_H
#define DSC_SCHEDULE_SCHEDULE_H

#include "descent/expression.h"
#include "descent/schedule.h"

#include "base/spec.h"
#include "base/text.h"

#include <math.h>

/* A step, and the value that holds from there on (NaN in a list of steps alone). */
typedef struct dsc_point {
    double step, value;
} dsc_point;

typedef struct dsc_schedule_rule {
    /* The parameters end with DSC_SCHEDULE_FROM, _WARMUP and _FOR, as far as the schedule has no
     * `from` or `warmup` of its own. */
    descent_info info;
    /* The shape at step s >= 0 after warm-up; past the end s >= self->length. A pure function of s,
     * and of the memory where there is one. */
    double (*shape)(const descent_schedule *self, double s);
    /* NULL, or the momentum at step s, NaN when it is left alone. */
    double (*momentum)(const descent_schedule *self, double s);
    /* NULL, or reads what is more than a number, and checks what bounds cannot. self->from and
     * self->n are known. */
    descent_status (*prepare)(descent_schedule *self, const dsc_spec *item, descent_error *err);
    /* Where a schedule depends on the metrics, what it remembers of them. */
    int n_memory;
    void (*forget)(descent_schedule *self);
    void (*observe)(descent_schedule *self, double metric);
    bool has_length; /* `steps` is how long it is, 0 is to the end of the run */
    bool own_warmup; /* `warmup` is part of the shape */
    bool ends;       /* `from` is one end of the shape, which is the value itself */
    bool absolute;   /* its numbers are values: a hyperparameter's default does not scale them */
    bool has_parts;  /* takes "( schedule, schedule, ... )" */
} dsc_schedule_rule;

struct descent_schedule {
    const dsc_schedule_rule *rule;
    dsc_value value[DSC_MAX_PARAMS];
    double from, warmup, warmup_from;
    double base;   /* what stands for `from` in the parts */
    double lasts;  /* `for`; 0: to the end */
    double n;      /* steps of the run or part after the warm-up; 0: unknown */
    double length; /* where the rule has a length: `steps`, or else n */
    dsc_point *point;
    size_t n_points, points_capacity;
    descent_schedule **part;
    double *begin; /* of each part of a sequence */
    int n_parts;
    descent_expression *formula;
    double *memory; /* of this one, within the block of the outermost */
    double *memory_block;
    size_t n_memory;
};

/* clang-format off */
/* The rows that end every schedule's parameter table. */
#define DSC_SCHEDULE_FROM \
    {"from", 1.0, 0.0, 1e6, "what the shape is multiplied by", DESCENT_NUMBER, NULL}
#define DSC_SCHEDULE_WARMUP \
    {"warmup", 0.0, 0.0, (double)INFINITY, "steps of linear ascent in front, to the first value", \
     DESCENT_INTEGER, NULL}, \
    {"warmup_from", 0.0, 0.0, 1e6, "where that ascent begins, as a part of the first value", \
     DESCENT_NUMBER, NULL}
#define DSC_SCHEDULE_FOR \
    {"for", 0.0, 0.0, (double)INFINITY, \
     "steps it lasts as a part of a sequence; 0: to the end", DESCENT_INTEGER, NULL}
#define DSC_SCHEDULE_COMMON DSC_SCHEDULE_FROM, DSC_SCHEDULE_WARMUP, DSC_SCHEDULE_FOR
#define DSC_SCHEDULE_STEPS \
    {"steps", 0.0, 0.0, (double)INFINITY, "length after the warm-up; 0: to the end of the run", \
     DESCENT_INTEGER, NULL}
/* clang-format on */
#define DSC_SCHEDULE_PARAMS .params = params, .n_params = sizeof params / sizeof *params

/* The flag where it was given; else whether a bound of momentum was. The values of momentum,
 * momentum_low and momentum_high, in this order. */
static inline bool dsc_momentum_wanted(const dsc_value *v)
{
    return v[0].given ? v[0].number != 0.0 : v[1].given || v[2].given;
}

/* --- schedule.c ------------------------------------------------------------------------------- */

/* descent_schedule_create() with the place where the string was typed. */
descent_status dsc_schedule_create_at(descent_schedule **out, const char *spec, int64_t steps,
                                      dsc_place origin, descent_error *err);
/* The schedule in the "( ... )" of a hyperparameter, whose default is `base`: unless `from` is
 * given the values are multiples of base, so that the factor is the hyperparameter's value itself.
 * `steps` is the length of the run, 0 when it is unknown; a schedule that needs it then fails. The
 * list is borrowed for the call. */
descent_status dsc_schedule_from_list(descent_schedule **out, const dsc_spec_list *list,
                                      double base, int64_t steps, descent_error *err);
/* What the schedule remembers of the metrics: *n numbers to be saved, and restored in place. */
double *dsc_schedule_memory(descent_schedule *schedule, size_t *n);

/* --- end.c ------------------------------------------------------------------------------------ */

/* Fails when the value is 0 from some step on, well before the end of a run: nothing would move
 * any more. `place` is where the schedule was typed. */
descent_status dsc_schedule_check_end(const descent_schedule *schedule, int64_t run_steps,
                                      dsc_place place, descent_error *err);

/* --- build.c ---------------------------------------------------------------------------------- */

const dsc_schedule_rule *dsc_schedule_rule_at(size_t index); /* NULL past the end */

/* What stands around a schedule while it is built. */
typedef struct dsc_schedule_frame {
    double base;  /* stands for `from` where that is not given */
    double steps; /* of the run or part; 0: unknown */
    bool is_part; /* of a sequence, so that `for` means something */
} dsc_schedule_frame;

/* Builds one schedule and its parts; *out is NULL after a failure. */
descent_status dsc_schedule_build(descent_schedule **out, const dsc_spec *item,
                                  const dsc_schedule_frame *frame, descent_error *err);
/* Makes room for n parts. */
descent_status dsc_schedule_make_parts(descent_schedule *self, int n, descent_error *err);
/* Fails unless the length of the run is known; `remedy` tells what to give otherwise. */
descent_status dsc_schedule_need_length(const descent_schedule *self, const dsc_spec *item,
                                        const char *remedy, descent_error *err);
/* A cursor over the text of a text parameter, for messages that point into it. */
dsc_text dsc_schedule_text(const descent_schedule *self, const dsc_spec *item, int index);

/* --- points.c --------------------------------------------------------------------------------- */

/* Reads "30, 80" or (with values) "0:1e-3, 100:1e-4" of text parameter `index` into self->point,
 * in rising order. */
descent_status dsc_schedule_read_points(descent_schedule *self, const dsc_spec *item, int index,
                                        bool with_values, descent_error *err);

/* --- value.c ---------------------------------------------------------------------------------- */

/* The value and the momentum at step t >= 0, warm-up included. */
double dsc_schedule_value(const descent_schedule *self, double t);
double dsc_schedule_momentum(const descent_schedule *self, double t);
/* True when there is a step at which it moves momentum. */
bool dsc_schedule_moves_momentum(const descent_schedule *self);
/* From 1 at p = 0 down to 0 at p = 1, along half a cosine wave. */
double dsc_half_cosine(double p);

#endif
