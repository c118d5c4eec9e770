/* mean_loss.c - the mean loss over fixed examples; see mean_loss.h. */
#include "curvature/mean_loss.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "graph/op.h"

#include <string.h>

enum { MOST_ROWS = 32, LANES = 8 };

/* What one thread at a time works with. */
typedef struct lane {
    dsc_run *run;
    void *run_g; /* (n_w) of one chunk */
    double *g;   /* (n_w) of all the lane's chunks */
} lane;

struct dsc_mean_loss {
    const descent_model *model;
    const descent_dataset *data;
    dsc_network network;
    descent_type type;
    uint32_t *index;
    size_t n, rows; /* examples; of one chunk */
    size_t chunks;
    int lanes, threads;
    lane lane[LANES];
    void *w, *b;  /* where the runs read, of `type` */
    double *loss; /* (chunks) */
    double weight;
    bool backward; /* this time */
};

/* Fills the lane's inputs with a chunk. */
static dsc_pass begin_chunk(const dsc_mean_loss *m, const lane *l, size_t chunk)
{
    const size_t begin = chunk * m->rows, left = m->n - begin;
    const size_t rows = left < m->rows ? left : m->rows;

    dsc_batch_gather(m->data, &m->model->scaling, m->type, m->index + begin, rows,
                     dsc_run_input(l->run, m->network.x), dsc_run_input(l->run, m->network.target));
    return (dsc_pass){.rows = (int)rows, .first_row = (int64_t)begin};
}

static void run_chunk(dsc_mean_loss *m, lane *l, size_t chunk)
{
    dsc_pass pass = begin_chunk(m, l, chunk);
    const double *g = l->run_g;

    pass.loss_scale = 1.0 / m->weight;
    m->loss[chunk] = dsc_run_forward(l->run, &pass);
    if (!m->backward)
        return;
    dsc_run_backward(l->run);
    for (size_t i = 0; i < m->model->n_w; i++)
        l->g[i] += g[i];
}

static void run_lane(int index, void *user)
{
    dsc_mean_loss *m = user;
    lane *l = &m->lane[index];

    if (m->backward)
        memset(l->g, 0, m->model->n_w * sizeof *l->g);
    for (size_t chunk = (size_t)index; chunk < m->chunks; chunk += (size_t)m->lanes)
        run_chunk(m, l, chunk);
}

/* to <- from, in the network's precision */
static void put(const dsc_mean_loss *m, void *to, const double *from, size_t n)
{
    float *f = to;

    if (m->type == DESCENT_F64)
        memcpy(to, from, n * sizeof *from);
    else
        for (size_t i = 0; i < n; i++)
            f[i] = (float)from[i];
}

static void put_floats(const dsc_mean_loss *m, void *to, const float *from, size_t n)
{
    double *d = to;

    if (m->type == DESCENT_F32)
        memcpy(to, from, n * sizeof *from);
    else
        for (size_t i = 0; i < n; i++)
            d[i] = (double)from[i];
}

static double run_all(dsc_mean_loss *m, bool backward)
{
    double sum = 0.0;

    m->backward = backward;
    dsc_parallel_for(m->threads, m->lanes, run_lane, m);
    for (size_t chunk = 0; chunk < m->chunks; chunk++)
        sum += m->loss[chunk];
    return sum / m->weight;
}

double dsc_mean_loss_at(dsc_mean_loss *m, const double *w, const double *b)
{
    put(m, m->w, w, m->model->n_w);
    if (b)
        put(m, m->b, b, m->model->n_b);
    else
        put_floats(m, m->b, m->model->b, m->model->n_b);
    return run_all(m, false);
}

double dsc_mean_loss_gradient(size_t n, const double *w, double *g, void *user)
{
    dsc_mean_loss *m = user;

    put(m, m->w, w, n);
    put_floats(m, m->b, m->model->b, m->model->n_b);
    const double loss = run_all(m, g != NULL);
    for (size_t i = 0; g && i < n; i++) {
        g[i] = m->lane[0].g[i];
        for (int l = 1; l < m->lanes; l++)
            g[i] += m->lane[l].g[i];
    }
    return loss;
}

static descent_status make_lane(dsc_mean_loss *m, lane *l, bool gradients, descent_error *err)
{
    const size_t n = gradients ? m->model->n_w : 0;

    l->run_g = dsc_alloc(n, sizeof(double));
    l->g = dsc_alloc(n, sizeof *l->g);
    if (!l->run_g || !l->g)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the gradients of %zu parameters", n);
    return dsc_run_create(&l->run, m->network.graph, gradients, m->w, m->b, l->run_g, err);
}

static descent_status make(dsc_mean_loss *m, const uint32_t *index, bool gradients,
                           descent_error *err)
{
    const descent_model *model = m->model;
    const size_t size = m->type == DESCENT_F64 ? sizeof(double) : sizeof(float);
    const int most = model->predict_rows < MOST_ROWS ? model->predict_rows : MOST_ROWS;
    const dsc_backend backend = m->type == DESCENT_F64 ? DSC_BACKEND_REF : DSC_BACKEND_AUTO;

    m->rows = most > 2 ? (size_t)most : 2; /* batch_norm is built for two at least */
    m->chunks = (m->n + m->rows - 1) / m->rows;
    m->lanes = m->chunks < LANES ? (int)m->chunks : LANES;
    DSC_TRY(dsc_network_build(&m->network, &model->options, m->type, (int)m->rows, backend,
                              (dsc_place){0}, NULL, err));
    if (m->type == DESCENT_F32)
        DSC_TRY(dsc_network_expect(&m->network, &model->scaling, err));
    m->index = dsc_alloc(m->n, sizeof *m->index);
    m->w = dsc_alloc(model->n_w, size);
    m->b = dsc_alloc(model->n_b, size);
    m->loss = dsc_alloc(m->chunks, sizeof *m->loss);
    if (!m->index || !m->w || !m->b || !m->loss)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the loss over %zu examples", m->n);
    memcpy(m->index, index, m->n * sizeof *index);
    for (int i = 0; i < m->lanes; i++)
        DSC_TRY(make_lane(m, &m->lane[i], gradients, err));
    for (size_t chunk = 0; chunk < m->chunks; chunk++) {
        const dsc_pass pass = begin_chunk(m, &m->lane[0], chunk);
        m->weight += dsc_run_loss_weight(m->lane[0].run, &pass);
    }
    m->weight = m->weight > 0.0 ? m->weight : 1.0;
    return DESCENT_OK;
}

descent_status dsc_mean_loss_create(dsc_mean_loss **out, const descent_model *model,
                                    const descent_dataset *data, const uint32_t *index, size_t n,
                                    descent_type type, bool gradients, int threads,
                                    descent_error *err)
{
    *out = NULL;
    dsc_mean_loss *m = dsc_alloc(1, sizeof *m);
    if (!m)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the loss over %zu examples", n);
    m->model = model;
    m->data = data;
    m->type = type;
    m->n = n;
    m->threads = dsc_threads(threads);
    const descent_status status = make(m, index, gradients, err);
    if (status != DESCENT_OK) {
        dsc_mean_loss_free(m);
        return status;
    }
    *out = m;
    return DESCENT_OK;
}

void dsc_mean_loss_free(dsc_mean_loss *m)
{
    if (!m)
        return;
    for (int i = 0; i < LANES; i++) {
        dsc_run_free(m->lane[i].run);
        dsc_free(m->lane[i].run_g);
        dsc_free(m->lane[i].g);
    }
    dsc_network_free(&m->network);
    dsc_free(m->index);
    dsc_free(m->w);
    dsc_free(m->b);
    dsc_free(m->loss);
    dsc_free(m);
}
