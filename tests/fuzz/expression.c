/* expression.c - fuzz: formulas. What can be parsed is evaluated, with its gradient, at a few
 * points; the value is the same with and without. */
#include "fuzz.h"

#include "descent/expression.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST = 1000 };
    static double w[MOST], g[MOST];
    char *text = fuzz_text(data, size);
    descent_error err = {0};
    descent_expression *e;

    if (fuzz_judge(descent_expression_parse(&e, text, &err), &err)) {
        const size_t n = descent_expression_variables(e);
        fuzz_require(n <= MOST);
        for (int point = 0; point < 3; point++) {
            for (size_t i = 0; i < n; i++)
                w[i] = point == 0 ? 0.0 : (double)(i + 1) * (point == 1 ? 0.5 : -1e200);
            const double f = descent_expression_evaluate(n, w, NULL, e);
            const double again = descent_expression_evaluate(n, w, g, e);
            fuzz_require(f == again || (isnan(f) && isnan(again)));
        }
        for (size_t i = 0; i < n; i++)
            fuzz_require(descent_expression_variable(e, i)[0] != '\0');
        fuzz_require(descent_expression_variable(e, n) == NULL);
    } else {
        fuzz_require(e == NULL);
    }
    descent_expression_free(e);
    free(text);
    return 0;
}
