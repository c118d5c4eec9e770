/* generate.c - a text that goes on token by token. */
#include "descent/generate.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "graph/op.h"
#include "model/model.h"
#include "model/sample.h"

#include <float.h>
#include <math.h>
#include <string.h>

struct descent_generator {
    const descent_model *model;
    dsc_sampling sampling;
    uint64_t seed;
    bool recompute;
    dsc_network reader;  /* one token a pass; its run keeps what came before */
    dsc_run *run;        /* of the reader, or of the model's own network */
    int32_t *window;     /* (context) the newest tokens */
    int context, n;      /* tokens in the window: at most context */
    int read;            /* of these the run has read */
    const float *logits; /* of what comes after the window; NULL before the first */
    dsc_candidate *scratch;
    uint64_t generated;
};

descent_generate_options descent_generate_defaults(void)
{
    return (descent_generate_options){.temperature = 1.0, .top_p = 1.0, .seed = 1};
}

static descent_status check(const descent_model *model, const descent_generate_options *o,
                            descent_error *err)
{
    if (model->vocabulary.count == 0)
        return dsc_fail(err, DESCENT_INVALID,
                        "the model does not read text; text comes from models that were trained on "
                        "a .txt file");
    if (!(o->temperature >= 0.0 && isfinite(o->temperature)))
        return dsc_fail(err, DESCENT_INVALID, "temperature = %g, must be 0 or more",
                        o->temperature);
    if (o->top_k < 0)
        return dsc_fail(err, DESCENT_INVALID, "top_k = %d, must be 0 (all) or more", o->top_k);
    if (!(o->top_p > 0.0 && o->top_p <= 1.0))
        return dsc_fail(err, DESCENT_INVALID, "top_p = %g, must be above 0 and at most 1",
                        o->top_p);
    return DESCENT_OK;
}

/* --- the window ------------------------------------------------------------------------------- */

/* A full window forgets its older half; the rest is read again, at its new places. */
static void append(descent_generator *g, int32_t token)
{
    if (g->n == g->context) {
        const int kept = g->context / 2;
        memmove(g->window, g->window + g->n - kept, (size_t)kept * sizeof *g->window);
        g->n = kept;
        g->read = 0;
    }
    g->window[g->n++] = token;
}

/* Where a prompt is at fault: lines and bytes, from 1. */
static dsc_place place_in(const char *prompt, size_t at)
{
    dsc_place place = {.file = "prompt", .line = 1, .line_text = prompt};

    for (size_t i = 0; i < at; i++)
        if (prompt[i] == '\n') {
            place.line++;
            place.line_text = prompt + i + 1;
        }
    place.column = (int)(prompt + at - place.line_text) + 1;
    return place;
}

static descent_status take_prompt(descent_generator *g, const char *prompt, descent_error *err)
{
    const dsc_vocabulary *v = &g->model->vocabulary;
    const size_t length = strlen(prompt);

    for (size_t at = 0, n; at < length; at += n) {
        uint32_t code = 0;
        n = dsc_vocabulary_next(v, prompt + at, length - at, &code);
        if (n == 0)
            return dsc_fail_at(err, DESCENT_SYNTAX, place_in(prompt, at),
                               "byte 0x%02X is no UTF-8 text here",
                               (unsigned)(unsigned char)prompt[at]);
        const int32_t token = dsc_vocabulary_find(v, code);
        if (token < 0)
            return dsc_vocabulary_unknown(v, code, place_in(prompt, at), err);
        append(g, token);
    }
    if (g->n == 0) { /* a model must be asked something: after a new line anything may come */
        const int32_t newline = dsc_vocabulary_find(v, '\n');
        append(g, newline < 0 ? 0 : newline);
    }
    return DESCENT_OK;
}

/* --- making ----------------------------------------------------------------------------------- */

/* Attention that sees what comes later has no such form. */
static descent_status make_reader(descent_generator *g, descent_error *err)
{
    const descent_model *m = g->model;
    descent_error why = {0};
    const descent_status status =
        dsc_network_build_reader(&g->reader, &m->options, DESCENT_F32, 1, m->backend, &why);

    if (status == DESCENT_OK)
        return status;
    return dsc_fail(err, status, "the model cannot read a text token by token (%s)", why.message);
}

static descent_status make_run(descent_generator *g, descent_error *err)
{
    const descent_model *m = g->model;

    if (!g->recompute)
        DSC_TRY(make_reader(g, err));
    return dsc_run_create(&g->run, g->recompute ? m->network.graph : g->reader.graph, false, m->w,
                          m->b, NULL, err);
}

static descent_status fill(descent_generator *g, const char *prompt, descent_error *err)
{
    g->window = dsc_alloc((size_t)g->context, sizeof *g->window);
    g->scratch = dsc_alloc((size_t)g->model->vocabulary.count, sizeof *g->scratch);
    if (!g->window || !g->scratch)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a text");
    DSC_TRY(take_prompt(g, prompt ? prompt : "", err));
    return make_run(g, err);
}

descent_status descent_generator_create(descent_generator **out, const descent_model *model,
                                        const descent_generate_options *options, descent_error *err)
{
    const descent_generate_options o = options ? *options : descent_generate_defaults();

    *out = NULL;
    DSC_TRY(check(model, &o, err));
    descent_generator *g = dsc_alloc(1, sizeof *g);
    if (!g)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for a text");
    g->model = model;
    g->sampling = (dsc_sampling){o.temperature, o.top_k, o.top_p};
    g->seed = o.seed;
    g->recompute = o.recompute != 0;
    g->context = model->options.shape[0];
    const descent_status status = fill(g, o.prompt, err);
    if (status != DESCENT_OK) {
        descent_generator_free(g);
        return status;
    }
    *out = g;
    return DESCENT_OK;
}

void descent_generator_free(descent_generator *g)
{
    if (!g)
        return;
    dsc_run_free(g->run);
    dsc_network_free(&g->reader);
    dsc_free(g->window);
    dsc_free(g->scratch);
    dsc_free(g);
}

/* --- going on --------------------------------------------------------------------------------- */

/* What the run has not seen of the window, token by token. */
static void read_on(descent_generator *g)
{
    while (g->read < g->n) {
        const dsc_pass pass = {.rows = 1, .past = g->read};
        ((int32_t *)dsc_run_input(g->run, g->reader.x))[0] = g->window[g->read++];
        dsc_run_forward(g->run, &pass);
    }
    g->logits = dsc_run_value(g->run, g->reader.output);
}

/* All of the window in one pass; what stands behind its end no place before it sees. */
static void read_all(descent_generator *g)
{
    const dsc_network *net = &g->model->network;
    const size_t classes = (size_t)g->model->vocabulary.count;
    int32_t *x = dsc_run_input(g->run, net->x);

    memset(x, 0, (size_t)g->context * sizeof *x);
    memset(dsc_run_input(g->run, net->target), 0, (size_t)g->context * sizeof *x);
    memcpy(x, g->window, (size_t)g->n * sizeof *x);
    dsc_run_forward(g->run, &(dsc_pass){.rows = 1, .loss_scale = 1.0});
    g->logits = (const float *)dsc_run_value(g->run, net->output) + (size_t)(g->n - 1) * classes;
}

static void advance(int index, void *user)
{
    descent_generator *g = user;

    (void)index;
    if (g->recompute)
        read_all(g);
    else
        read_on(g);
}

static bool has_odd(const float *logits, int n)
{
    bool odd = false;

    for (int i = 0; i < n; i++)
        odd |= isnan(logits[i]) || logits[i] > FLT_MAX; /* -inf is a token that never comes */
    return odd;
}

size_t descent_generator_next(descent_generator *g, char text[8])
{
    dsc_parallel_for(1, 1, advance, g);
    text[0] = '\0';
    if (has_odd(g->logits, g->model->vocabulary.count))
        return 0;
    const double uniform = dsc_random_uniform(g->seed, DSC_RNG_SAMPLE, g->generated++, 0);
    const int32_t token =
        dsc_sample(&g->sampling, g->logits, g->model->vocabulary.count, uniform, g->scratch);
    append(g, token);
    return dsc_vocabulary_text(&g->model->vocabulary, token, text);
}

const float *descent_generator_logits(const descent_generator *g)
{
    return g->logits;
}
