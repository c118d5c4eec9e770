/* object.h - inside the optimizer: a rule, its settings, how w is divided, and the state. */
#ifndef DSC_OPTIM_OBJECT_H
#define DSC_OPTIM_OBJECT_H

#include "base/spec.h"
#include "descent/schedule.h"
#include "optim/common.h"
#include "optim/optimizer.h"
#include "optim/pipeline.h"

/* What a group says of one hyperparameter. */
typedef struct dsc_override {
    bool given, factor;
    double value;
} dsc_override;

/* One line of options.groups. */
typedef struct dsc_group {
    char *selector;
    dsc_override param[DSC_MAX_PARAMS]; /* by the joined table */
} dsc_group;

/* Hyperparameters that some segments share. Segments of a group that decay and those that don't,
 * and those of different layers under layer_decay, have settings of their own. */
typedef struct dsc_setting {
    dsc_step step;
    uint64_t groups; /* which groups matched, as bits; later ones override earlier ones */
    double rate;     /* factor on lr, from layer_decay */
    int64_t applied; /* steps taken before this one: what schedules are asked for */
    bool decays;
    bool frozen;
    bool aside;            /* has the rule's aside_lr and aside_decay */
    double l2, clip_value; /* of this step */
} dsc_setting;

/* A stretch of w that goes through the passes as one: a segment, or neighbours of one setting where
 * the rule doesn't ask for segments. */
typedef struct dsc_span {
    size_t begin, count;
    int setting;
    size_t rows, cols;              /* of its (first) segment */
    int rank;                       /* likewise */
    bool whole;                     /* goes by rule->matrix */
    size_t state_at[DSC_MAX_STATE]; /* first element in each state vector */
    bool odd[DSC_MAX_STATE];        /* that vector has not one element for each of w's */
    size_t first_chunk, n_chunks;
    double sum[DSC_MAX_SUMS]; /* totals of the survey */
    double scale;             /* of the deferred direction: cautious, stable */
} dsc_span;

/* A piece of a span; its borders don't depend on the number of threads. */
typedef struct dsc_chunk {
    size_t span, begin, count; /* begin counts from the span's */
} dsc_chunk;

enum { DSC_MAX_WRAP_PARAMS = 4 };

typedef struct dsc_wrap {
    const dsc_wrapper *kind;
    dsc_step step;
    descent_schedule *schedule[DSC_MAX_WRAP_PARAMS];
    void *vector; /* kind->n_vectors vectors of n elements */
} dsc_wrap;

enum { DSC_MAX_WRAPS = DSC_MAX_RINGS, DSC_MAX_GROUPS = 64 };
_Static_assert(DSC_MAX_PARTS >= 2 + DSC_MAX_WRAPS, "numbers, state, and a part for each wrapper");

struct descent_optimizer {
    const dsc_optim *rule;
    dsc_optim own; /* what `rule` points to when it came from the caller */
    const descent_rule *own_rule;
    const dsc_pipeline *pipeline;
    const dsc_kernels *kernels;
    descent_type type;
    size_t n, element; /* elements of w, and bytes of each */
    int threads;
    int64_t run_steps, examples;
    bool gives_objective, gives_curvature;

    dsc_joined joined;
    double base[DSC_MAX_PARAMS]; /* outside groups; in the order of the joined table */
    descent_schedule *schedule[DSC_MAX_PARAMS];
    uint64_t set; /* which parameters descent_optimizer_set() has taken from their schedules */
    int lr, weight_decay, beta2, eps; /* their places in the table; -1: none */
    double first_lr; /* outside groups when it was created: the highest of a schedule's */
    dsc_group *group;
    size_t n_groups, groups_made; /* read without fault; allocated */
    char *segment_words;          /* copies of names and roles, one after another */
    descent_segment *segment;
    size_t n_segments; /* at least 1 */
    bool divided;      /* the caller said how */

    dsc_setting *setting;
    size_t n_settings;
    unsigned states; /* vectors that some setting needs, as bits */
    dsc_span *span;
    size_t n_spans;
    dsc_chunk *chunk;
    size_t n_chunks;
    double (*chunk_sum)[DSC_MAX_SUMS];
    dsc_facts *chunk_facts;
    size_t *whole; /* spans that go by rule->matrix */
    size_t n_whole;

    dsc_storage storage[DSC_MAX_STATE];
    void *state; /* the vectors in use, one after another */
    size_t state_bytes;
    size_t state_count[DSC_MAX_STATE], state_begin[DSC_MAX_STATE]; /* elements; bytes into state */

    void *prepared, *delta, *g;   /* vectors of n elements where the settings need them */
    void *work;                   /* of `matrix`, for each thread: x, d, and what the rule wants */
    size_t work_stride;           /* bytes */
    size_t largest_whole;         /* elements */
    dsc_wrap wrap[DSC_MAX_WRAPS]; /* innermost first */
    int n_wraps;

    double *numbers; /* all else there is to save: see save.c */
    int64_t count, skipped, skipped_in_a_row, culprit;
    int64_t evaluations, iterations;         /* of rules that evaluate the objective themselves */
    double zclip_mean, zclip_variance, norm; /* norm: of the last gradient, before clipping */
    int64_t zclip_count;
    double clip; /* what the last gradient was multiplied by, to make it as short as it may be */
};

/* --- create.c, layout.c, group.c, storage.c --------------------------------------------------- */

/* Takes values from the string, and makes the schedules of those that have one. */
descent_status dsc_schedules_read(descent_optimizer *opt, const dsc_value *value,
                                  descent_error *err);
descent_status dsc_wrap_schedules_read(const descent_optimizer *opt, dsc_wrap *wrap,
                                       const dsc_value *value, descent_error *err);
descent_status dsc_segments_copy(descent_optimizer *opt, const descent_optimizer_options *options,
                                 descent_error *err);
descent_status dsc_groups_read(descent_optimizer *opt, const char *const *groups,
                               const dsc_place *origin, size_t n, descent_error *err);
bool dsc_group_matches(const dsc_group *group, const descent_segment *segment);
/* scratch.c */
bool dsc_prepares(const descent_optimizer *opt); /* some setting wants the gradient prepared */
bool dsc_defers(const descent_optimizer *opt);   /* ... or the direction deferred */
descent_status dsc_scratch_make(descent_optimizer *opt, descent_error *err);
descent_status dsc_no_state_memory(const descent_optimizer *opt, descent_error *err);
/* Divides w and sets aside the memory for state. */
descent_status dsc_layout_make(descent_optimizer *opt, descent_error *err);
/* storage.c: elements of state vector k for segment i. */
size_t dsc_state_elements(const descent_optimizer *opt, size_t i, int k);
void dsc_storage_choose(descent_optimizer *opt); /* sets opt->storage */
descent_status dsc_storage_check(const descent_optimizer *opt, descent_error *err);
/* Counts elements nobody uses, up to where the next span of vector k may begin. */
void dsc_storage_fill(descent_optimizer *opt, int k);
descent_status dsc_storage_make(descent_optimizer *opt, descent_error *err);
/* Hyperparameter `param` of a setting, at the step that comes next. */
double dsc_setting_value(const descent_optimizer *opt, const dsc_setting *setting, int param);
/* The largest value it will have: what memory is set aside by. */
double dsc_setting_largest(const descent_optimizer *opt, const dsc_setting *setting, int param);
/* True when `param` follows a schedule, and nobody has set it since. */
bool dsc_follows_schedule(const descent_optimizer *opt, int param);
/* All hyperparameters of a setting at that step. */
void dsc_setting_values(const descent_optimizer *opt, const dsc_setting *setting, double *param);
/* A wrapper's hyperparameters after so many steps. */
void dsc_wrap_values(dsc_wrap *wrap, int64_t applied);
/* Why a setting makes no sense, if so; where: the index of the parameter. */
const char *dsc_setting_refusal(const descent_optimizer *opt, const dsc_setting *setting,
                                int *where);
/* Vectors that a setting needs, as bits. */
unsigned dsc_setting_states(const descent_optimizer *opt, const dsc_setting *setting);
/* True when `param` decides how memory is laid out or which segments are treated alike: it stays
 * as it was when the optimizer was made. */
bool dsc_is_settled(const descent_optimizer *opt, int param);
/* create.c: where parameter `name` was typed: "name=value", or the bare name of a flag. */
dsc_place dsc_place_of(const dsc_spec *spec, const char *name);

/* A common hyperparameter of a setting. */
static inline double dsc_setting_common(const descent_optimizer *opt, const dsc_setting *s,
                                        dsc_common which)
{
    return dsc_setting_value(opt, s, opt->rule->info.n_params + (int)which);
}

/* How many doubles save.c keeps. */
size_t dsc_optimizer_numbers(const descent_optimizer *opt);

static inline double dsc_common_value(const descent_optimizer *opt, dsc_common which)
{
    return opt->base[opt->rule->info.n_params + (int)which];
}

#endif
