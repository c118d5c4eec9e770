/* outer.c - a gradient of which some matrices are outer products, piece by piece; see loops.h. */
#include "base/real.h"
#include "optim/loops.h"

dsc_pieces DSC_R(dsc_pieces_from)(const dsc_job *job, size_t i)
{
    const dsc_outer *end = job->outer + job->n_outer;
    dsc_pieces p = {.job = job, .outer = job->outer, .at = job->first + i};

    while (p.outer < end && dsc_outer_end(p.outer) <= p.at)
        p.outer++;
    if (p.outer < end && p.outer->begin < p.at) {
        p.row = (p.at - p.outer->begin) / p.outer->cols;
        p.col = (p.at - p.outer->begin) % p.outer->cols;
    }
    return p;
}

/* What is left of a row of the matrix. */
static dsc_piece rest_of_row(dsc_pieces *p, size_t most)
{
    const dsc_outer *o = p->outer;
    const size_t left = o->cols - p->col;
    const dsc_piece piece = {.x = (const real *)o->row + p->col,
                             .factor = ((const real *)o->column)[p->row],
                             .n = left < most ? left : most};

    p->col += piece.n;
    if (p->col < o->cols)
        return piece;
    p->col = 0;
    if (++p->row == o->rows) {
        p->row = 0;
        p->outer++;
    }
    return piece;
}

dsc_piece DSC_R(dsc_next_piece)(dsc_pieces *p, size_t most)
{
    const dsc_job *job = p->job;
    const bool more = p->outer < job->outer + job->n_outer;
    dsc_piece piece;

    if (more && p->outer->begin <= p->at) {
        piece = rest_of_row(p, most);
    } else {
        const size_t gap = more ? p->outer->begin - p->at : most;
        piece = (dsc_piece){.x = (const real *)job->g + (p->at - job->first),
                            .factor = 1,
                            .n = gap < most ? gap : most};
    }
    p->at += piece.n;
    return piece;
}

static void scale(real factor, const real *restrict x, size_t n, real *restrict out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = factor * x[i];
}

void DSC_R(dsc_make_gradient)(const dsc_job *job, size_t i, size_t n, real *out)
{
    dsc_pieces pieces = DSC_R(dsc_pieces_from)(job, i);

    for (size_t done = 0; done < n;) {
        const dsc_piece p = DSC_R(dsc_next_piece)(&pieces, n - done);
        scale(p.factor, p.x, p.n, out + done);
        done += p.n;
    }
}
