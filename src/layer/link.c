/* link.c - from a network's outputs to predictions. */
#include "layer/loss.h"

#include <math.h>

static void softmax(float *x, size_t n)
{
    double largest = (double)x[0], sum = 0;

    for (size_t i = 1; i < n; i++)
        largest = (double)x[i] > largest ? (double)x[i] : largest;
    for (size_t i = 0; i < n; i++)
        sum += exp((double)x[i] - largest);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(exp((double)x[i] - largest) / sum);
}

double dsc_link_value(dsc_link link, double x)
{
    switch (link) {
    case DSC_LINK_SIGMOID:
        return 1.0 / (1.0 + exp(-x));
    case DSC_LINK_EXP:
        return exp(x);
    case DSC_LINK_IDENTITY:
    case DSC_LINK_SOFTMAX:
        break;
    }
    return x;
}

void dsc_link_apply(dsc_link link, float *x, size_t n)
{
    if (link == DSC_LINK_SOFTMAX)
        softmax(x, n);
    else
        for (size_t i = 0; link != DSC_LINK_IDENTITY && i < n; i++)
            x[i] = (float)dsc_link_value(link, (double)x[i]);
}
