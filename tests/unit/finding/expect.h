/* expect.h - what a finding must say of a case, or must not. */
#ifndef TESTS_FINDING_EXPECT_H
#define TESTS_FINDING_EXPECT_H

#include "healthy.h"

static inline void says(const dsc_finding *finding, const dsc_case *c, const char *evidence,
                        const char *remedy, const char *flags)
{
    const descent_finding found = healthy_judge(finding, c);

    assert_true(found.confidence > 0.25 && found.confidence <= 1.0);
    assert_string_equal(found.evidence, evidence);
    assert_string_equal(found.remedy, remedy);
    assert_string_equal(found.flags, flags);
    assert_true(found.cause[0] != '\0');
}

static inline void finds(const dsc_finding *finding, const dsc_case *c)
{
    assert_true(healthy_judge(finding, c).confidence > 0.25);
}

static inline void finds_nothing(const dsc_finding *finding, const dsc_case *c)
{
    assert_true(healthy_judge(finding, c).confidence == 0.0);
}

/* Sets the losses of the steps from share `from` to `to`, in a straight line. */
static inline void losses(healthy *h, double from, double to, double begin, double end)
{
    const int first = (int)(from * STEP_LOSSES), last = (int)(to * STEP_LOSSES);

    for (int i = first; i < last; i++) {
        const double t = (double)(i - first) / (double)(last - first);
        h->step_loss[i] = (float)(begin + t * (end - begin));
    }
}

#endif
