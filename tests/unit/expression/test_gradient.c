/* test_gradient.c - derivatives of formulas against differences, and at kinks and edges. */
#include "formula.h"

#include "expression/function.h"

#include <stdio.h>
#include <string.h>

/* Five-point central difference along variable v: error h^4. */
static double difference(descent_expression *e, const double *w, int v, double h)
{
    const size_t n = descent_expression_variables(e);
    double f[4];

    for (int k = 0; k < 4; k++) {
        double moved[2] = {w[0], w[1]};
        moved[v] += (k < 2 ? k - 2 : k - 1) * h;
        f[k] = descent_expression_evaluate(n, moved, NULL, e);
    }
    return (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h);
}

static void check(const char *text, double a, double b)
{
    const double w[2] = {a, b};
    descent_expression *e = parse(text);
    const size_t n = descent_expression_variables(e);
    double g[2];

    descent_expression_evaluate(n, w, g, e);
    for (int v = 0; v < (int)n; v++) {
        const double d = difference(e, w, v, 1e-3);
        if (!(fabs(g[v] - d) <= 1e-9 * (1 + fabs(d))))
            fail_msg("%s at %g, %g: derivative %d is %.15g, difference %.15g", text, a, b, v, g[v],
                     d);
    }
    descent_expression_free(e);
}

static void test_every_function(void **unused)
{
    static const double point[][2] = {{0.7, 1.3}, {1.9, 0.4}, {0.35, 0.9}, {2.6, 1.1}};
    static const char *const operators[] = {
        "-x",   "x + y", "x - y", "x*y", "x/y", "x^y",       "x^2",          "x^3",
        "x^-2", "x^0.5", "2^x",   "x^1", "x*x", "x^2*y - y", "sin(x)^2/x^y", "(-x)^3*(-y)^-2"};
    const dsc_function *function;
    char text[32];

    (void)unused;
    for (size_t p = 0; p < sizeof point / sizeof *point; p++) {
        for (size_t i = 0; (function = dsc_function_at(i)) != NULL; i++) {
            snprintf(text, sizeof text, function->arity == 2 ? "%s(x, y)" : "%s(x)",
                     function->name);
            check(text, point[p][0], point[p][1]);
        }
        for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
            check(operators[i], point[p][0], point[p][1]);
    }
    check("abs(x) + tanh(x) + cos(x)", -0.8, 0);
    check("min(x, y)*max(x^2, y)", -0.8, 0.3);
}

/* The squares that formulas are full of are exact: the gradient of x^2 is 2x to the last bit. */
static void test_exact(void **unused)
{
    static const double x[] = {5.0, 1.0485760000000002, -0.1, 1e-170, 3e99};
    double g[2];

    (void)unused;
    for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
        gradient_at("x^2", x[i], 0, g);
        assert_true(g[0] == 2 * x[i]);
        gradient_at("x^1", x[i], 0, g);
        assert_true(g[0] == 1);
        gradient_at("x^0", x[i], 0, g);
        assert_true(g[0] == 0);
    }
}

static void test_edges(void **unused)
{
    static const struct {
        const char *text;
        double x, y, gx, gy;
    } row[] = {
        {"x^3", 0, 0, 0, 0},
        {"x^2", 0, 0, 0, 0},
        {"x^1", 0, 0, 1, 0},
        {"x^0", 0, 0, 0, 0},
        {"x^4", -2, 0, -32, 0},
        {"x^-1", -2, 0, -0.25, 0},
        {"abs(x)", 0, 0, 0, 0},
        {"abs(x)", -3, 0, -1, 0},
        {"abs(x)^1.5", 0, 0, 0, 0},
        {"x^y", 0, 2, 0, 0},
        {"max(x, -x)", 0, 0, 0, 0},
        {"min(x, y)", 1, 1, 0.5, 0.5},
        {"max(x, y)", 1, 1, 0.5, 0.5},
        {"max(x, y)", 2, 1, 1, 0},
        {"min(x, y)", 2, 1, 0, 1},
        {"sqrt(x)", 0, 0, HUGE_VAL, 0},
        {"tanh(x)", 400, 0, 0, 0},
        {"min(x, sqrt(y))", -1, 0, 1, 0}, /* the slope of the other branch is infinite */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        double g[2];
        gradient_at(row[i].text, row[i].x, row[i].y, g);
        if (g[0] != row[i].gx || g[1] != row[i].gy)
            fail_msg("%s at %g, %g: gradient %g, %g", row[i].text, row[i].x, row[i].y, g[0], g[1]);
    }
}

/* Beside 0.999... its slope is still exact, where 1 - tanh^2 has lost all digits. */
static void test_tanh_tail(void **unused)
{
    double g[2];

    (void)unused;
    gradient_at("tanh(x)", 20, 0, g);
    assert_true(fabs(g[0] / (4 * exp(-40.0)) - 1) < 1e-12);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A random formula of x and y in `out`, without poles and kinks. */
static void write_random(char *out, size_t size, uint32_t *state, int depth)
{
    static const char *const leaf[] = {"x", "y", "0.5", "2", "pi/4"};
    static const char *const frame[] = {"(%s + %s)",         "(%s - %s)",         "%s*%s",
                                        "(%s)/(2 + (%s)^2)", "sin(%s)*cos(%s)",   "tanh(%s - %s)",
                                        "sqrt(1 + (%s)^2)",  "exp(-(%s)^2)",      "log(2 + (%s)^2)",
                                        "-(%s)^3",           "(2 + sin(%s))^(%s)"};
    char a[512], b[512];

    if (depth == 0) {
        snprintf(out, size, "%s", leaf[next_random(state) % 5]);
        return;
    }
    write_random(a, sizeof a, state, depth - 1);
    write_random(b, sizeof b, state, depth - 1);
    const char *form = frame[next_random(state) % (sizeof frame / sizeof *frame)];
    size_t used = 0;
    int operand = 0;
    for (const char *c = form; *c && used + 1 < size; c++) {
        if (*c != '%') {
            out[used++] = *c;
            continue;
        }
        const char *part = operand++ ? b : a;
        used += (size_t)snprintf(out + used, size - used, "%s", part);
        used = used < size ? used : size - 1;
        c++;
    }
    out[used] = '\0';
}

static void test_random_formulas(void **unused)
{
    uint32_t state = 11;
    int checked = 0;

    (void)unused;
    for (int i = 0; i < 2000; i++) {
        const double w[2] = {next_random(&state) % 1000 / 500.0 - 1,
                             next_random(&state) % 1000 / 500.0 - 1};
        char text[1024];
        double g[2] = {0};
        write_random(text, sizeof text, &state, 1 + i % 4);
        descent_expression *e = parse(text);
        const int n = (int)descent_expression_variables(e);
        descent_expression_evaluate((size_t)n, w, g, e);
        for (int v = 0; v < n; v++) {
            const double d = difference(e, w, v, 1e-3), finer = difference(e, w, v, 5e-4);
            /* two widths agree where the formula is tame enough for differences */
            if (!(fabs(d - finer) <= 1e-7 * (1 + fabs(d))))
                continue;
            if (!(fabs(g[v] - finer) <= 1e-6 * (1 + fabs(d))))
                fail_msg("%s at %g, %g: derivative %d is %.12g, difference %.12g", text, w[0], w[1],
                         v, g[v], finer);
            checked++;
        }
        descent_expression_free(e);
    }
    assert_true(checked > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_function),  cmocka_unit_test(test_exact),
        cmocka_unit_test(test_edges),           cmocka_unit_test(test_tanh_tail),
        cmocka_unit_test(test_random_formulas),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
