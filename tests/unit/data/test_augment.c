/* test_augment.c - changed pictures, pixel by pixel. */
#include "files.h"

#include "data/batch.h"

#include <math.h>

enum { SIDE = 9, COLOURS = 3, PIXELS = SIDE * SIDE, N = 40 };

static uint8_t bytes[N * COLOURS * PIXELS];
static float floats[N * COLOURS * PIXELS];

/* Pictures of any numbers from 10 to 249, as bytes or as floats, with 1 or 3 channels. */
static descent_dataset pictures(int channels, bool as_bytes)
{
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(10 + (i * 7919 + i / 13 * 31) % 240);
        floats[i] = bytes[i];
    }
    return (descent_dataset){.task = DESCENT_CLASSIFICATION,
                             .count = N,
                             .shape = {3, {channels, SIDE, SIDE}},
                             .dtype = as_bytes ? DSC_U8 : DSC_F32,
                             .features = as_bytes ? (const void *)bytes : (const void *)floats};
}

static void assert_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("found %g, expected %g", found, expected);
}

static dsc_augment options(const char *text, const descent_dataset *data)
{
    dsc_augment augment;
    descent_error err = {0};

    if (dsc_augment_parse(&augment, text, (dsc_place){0}, &err) != DESCENT_OK ||
        dsc_augment_fit(&augment, data, &err) != DESCENT_OK)
        fail_msg("%s", err.message);
    return augment;
}

static const char all[] = "shift=2 flip rotate=30 zoom=0.2 brightness=0.1 contrast=0.3 noise=0.1 "
                          "cutout=3";

/* The picture of one example in one epoch, seed 1, as it comes. */
static void show(const descent_dataset *data, const dsc_augment *augment, uint64_t epoch,
                 uint32_t index, float *out)
{
    const dsc_augmenting how = {augment, .seed = 1, .epoch = epoch};

    dsc_batch_gather_augmented(data, &how, NULL, DESCENT_F32, &index, 1, out, NULL);
}

static void test_only_what_is_asked_for(void **unused)
{
    const descent_dataset data = pictures(1, true);
    const uint32_t index[] = {3, 1, 4};
    float plain[3 * PIXELS], same[3 * PIXELS];

    (void)unused;
    dsc_batch_gather(&data, NULL, DESCENT_F32, index, 3, plain, NULL);
    static const char *const nothing[] = {"none", "shift=0 flip=no", "border=edge"};
    for (size_t i = 0; i < 3; i++) {
        const dsc_augment augment = options(nothing[i], &data);
        assert_false(augment.on);
        const dsc_augmenting how = {&augment, .seed = 1, .epoch = 0};
        dsc_batch_gather_augmented(&data, &how, NULL, DESCENT_F32, index, 3, same, NULL);
        assert_memory_equal(plain, same, sizeof plain);
    }
}

/* The pixel of a picture moved by (dx, dy); outside it is the background or the nearest one. */
static float moved(const float *x, int column, int row, int dx, int dy, bool edge)
{
    int c = column - dx, r = row - dy;
    const bool outside = c < 0 || c >= SIDE || r < 0 || r >= SIDE;

    if (outside && !edge)
        return 10;
    c = c < 0 ? 0 : c >= SIDE ? SIDE - 1 : c;
    r = r < 0 ? 0 : r >= SIDE ? SIDE - 1 : r;
    return x[r * SIDE + c];
}

/* The move that made `view` of x, as 5 (dy + 2) + dx + 2; -1: none of up to two pixels. */
static int find_move(const float *x, const float *view, bool edge)
{
    for (int move = 0; move < 25; move++) {
        bool same = true;
        for (int i = 0; i < PIXELS && same; i++)
            same = view[i] == moved(x, i % SIDE, i / SIDE, move % 5 - 2, move / 5 - 2, edge);
        if (same)
            return move;
    }
    return -1;
}

static void test_shift(void **unused)
{
    const descent_dataset data = pictures(COLOURS, false);
    float view[COLOURS * PIXELS];

    (void)unused;
    for (int edge = 0; edge < 2; edge++) {
        const dsc_augment augment = options(edge ? "shift=2 border=edge" : "shift=2", &data);
        int seen[25] = {0};
        for (uint64_t epoch = 0; epoch < 50; epoch++)
            for (uint32_t i = 0; i < N; i++) {
                show(&data, &augment, epoch, i, view);
                const float *x = floats + i * COLOURS * PIXELS;
                const int move = find_move(x, view, edge);
                assert_true(move >= 0);
                seen[move]++;
                for (int c = 1; c < COLOURS; c++) /* all colours move together */
                    assert_int_equal(find_move(x + c * PIXELS, view + c * PIXELS, edge), move);
            }
        for (int move = 0; move < 25; move++) /* 80 expected, deviation 8.8 */
            assert_in_range(seen[move], 45, 115);
    }
}

static void test_flip(void **unused)
{
    const descent_dataset data = pictures(1, true);
    const dsc_augment augment = options("flip", &data);
    float view[PIXELS];
    int flipped = 0;

    (void)unused;
    for (uint64_t epoch = 0; epoch < 50; epoch++)
        for (uint32_t i = 0; i < N; i++) {
            show(&data, &augment, epoch, i, view);
            const float *x = floats + i * PIXELS;
            const bool mirrored = view[0] != x[0];
            for (int p = 0; p < PIXELS; p++)
                assert_true(view[p] ==
                            x[p / SIDE * SIDE + (mirrored ? SIDE - 1 - p % SIDE : p % SIDE)]);
            flipped += mirrored;
        }
    assert_in_range(flipped, 900, 1100); /* of 2000, deviation 22 */
}

/* A ramp 20 + 3 column + 5 row is mixed exactly, so every inner pixel tells where it came from: the
 * same distance from the centre, over the zoom, turned by the same angle. */
static void test_rotate_and_zoom(void **unused)
{
    static float ramp[2 * PIXELS]; /* channels: column and row */
    const descent_dataset data = {
        .count = 1, .shape = {3, {2, SIDE, SIDE}}, .dtype = DSC_F32, .features = ramp};
    const double c = (SIDE - 1) / 2.0;
    double largest = 0, widest = 0;

    (void)unused;
    for (int i = 0; i < PIXELS; i++) {
        ramp[i] = (float)(i % SIDE);
        ramp[PIXELS + i] = (float)(i / SIDE);
    }
    const dsc_augment augment = options("rotate=20 zoom=0.25 border=edge", &data);
    for (uint64_t epoch = 0; epoch < 300; epoch++) {
        float view[2 * PIXELS];
        show(&data, &augment, epoch, 0, view);
        const int right = SIDE / 2 * SIDE + SIDE / 2 + 2; /* two pixels right of the centre */
        const double dx = (double)view[right] - c, dy = (double)view[PIXELS + right] - c;
        const double zoom = 2 / hypot(dx, dy), angle = atan2(dy, dx) * 180 / 3.14159265358979;
        assert_near((double)view[PIXELS / 2], c, 1e-4);
        assert_true(fabs(angle) < 20.01 && fabs(zoom - 1) < 0.251);
        largest = fmax(largest, fabs(angle));
        widest = fmax(widest, fabs(zoom - 1));
        for (int row = 3; row < SIDE - 3; row++)
            for (int column = 3; column < SIDE - 3; column++) {
                const double a = (column - c) / 2, b = (row - c) / 2;
                assert_near((double)view[row * SIDE + column], c + a * dx - b * dy, 1e-3);
                assert_near((double)view[PIXELS + row * SIDE + column], c + a * dy + b * dx, 1e-3);
            }
    }
    assert_true(largest > 19 && widest > 0.23);
}

static void test_brightness_and_contrast(void **unused)
{
    const descent_dataset data = pictures(1, true); /* values 10 to 249: a range of 239 */
    const dsc_augment bright = options("brightness=0.2", &data);
    const dsc_augment hard = options("contrast=0.5", &data);
    double most = 0, least = 2, largest = 0;

    (void)unused;
    for (uint64_t epoch = 0; epoch < 50; epoch++)
        for (uint32_t i = 0; i < N; i++) {
            const float *x = floats + i * PIXELS;
            float view[PIXELS];
            double mean = 0;
            show(&data, &bright, epoch, i, view);
            const double lift = (double)view[0] - (double)x[0];
            for (int p = 0; p < PIXELS; p++) {
                assert_near((double)view[p], (double)x[p] + lift, 1e-3);
                mean += (double)x[p] / PIXELS;
            }
            largest = fmax(largest, fabs(lift));
            show(&data, &hard, epoch, i, view);
            const double gain = ((double)view[0] - mean) / ((double)x[0] - mean);
            for (int p = 0; p < PIXELS; p++)
                assert_near((double)view[p], mean + gain * ((double)x[p] - mean), 0.02);
            most = fmax(most, gain);
            least = fmin(least, gain);
        }
    assert_true(largest > 45 && largest <= 0.2 * 239);
    assert_true(most > 1.47 && most < 1.51 && least < 0.53 && least > 0.49);
}

static void test_noise(void **unused)
{
    const descent_dataset data = pictures(COLOURS, true);
    const dsc_augment augment = options("noise=0.1", &data);
    const double n = 50.0 * N * COLOURS * PIXELS;
    double sum = 0, squares = 0, neighbours = 0;

    (void)unused;
    for (uint64_t epoch = 0; epoch < 50; epoch++)
        for (uint32_t i = 0; i < N; i++) {
            float view[COLOURS * PIXELS];
            double before = 0;
            show(&data, &augment, epoch, i, view);
            for (int p = 0; p < COLOURS * PIXELS; p++) {
                const double d = (double)view[p] - (double)bytes[i * COLOURS * PIXELS + (size_t)p];
                sum += d;
                squares += d * d;
                neighbours += d * before;
                before = d;
            }
        }
    assert_near(sum / n, 0, 0.15);               /* deviation 23.9 / sqrt(n) = 0.034 */
    assert_near(sqrt(squares / n), 23.9, 0.1);   /* ... 0.02 */
    assert_near(neighbours / squares, 0, 0.007); /* ... 0.0014 */
}

static void test_cutout(void **unused)
{
    const descent_dataset data = pictures(COLOURS, false);
    const dsc_augment augment = options("cutout=4", &data);
    int smallest = PIXELS, largest = 0;

    (void)unused;
    for (uint64_t epoch = 0; epoch < 20; epoch++)
        for (uint32_t i = 0; i < N; i++) {
            const float *x = floats + i * COLOURS * PIXELS;
            float view[COLOURS * PIXELS];
            int top = SIDE, left = SIDE, bottom = 0, right = 0, cut = 0;
            show(&data, &augment, epoch, i, view);
            for (int p = 0; p < PIXELS; p++) {
                if (view[p] == x[p] && view[PIXELS + p] == x[PIXELS + p])
                    continue;
                for (int c = 0; c < COLOURS; c++) /* the same square in all colours */
                    assert_true(view[c * PIXELS + p] == 10);
                const int row = p / SIDE, column = p % SIDE;
                top = row < top ? row : top;
                left = column < left ? column : left;
                bottom = row > bottom ? row : bottom;
                right = column > right ? column : right;
                cut++;
            }
            assert_true(bottom - top < 4 && right - left < 4);
            assert_true(cut <= (bottom - top + 1) * (right - left + 1));
            smallest = cut < smallest ? cut : smallest;
            largest = cut > largest ? cut : largest;
        }
    assert_true(largest == 16 && smallest >= 2 && smallest < 9);
}

/* A picture is the same alone and in a batch, and another in another epoch or with another seed. */
static void test_pure(void **unused)
{
    const descent_dataset data = pictures(COLOURS, true);
    const dsc_augment augment = options(all, &data);
    const dsc_augmenting how = {&augment, .seed = 1, .epoch = 7};
    const dsc_augmenting reseeded = {&augment, .seed = 2, .epoch = 7};
    float batch[N * COLOURS * PIXELS], alone[COLOURS * PIXELS];
    uint32_t index[N];

    (void)unused;
    for (uint32_t i = 0; i < N; i++)
        index[i] = (i * 17 + 5) % N;
    dsc_batch_gather_augmented(&data, &how, NULL, DESCENT_F32, index, N, batch, NULL);
    for (uint32_t i = 0; i < N; i++) {
        show(&data, &augment, 7, index[i], alone);
        assert_memory_equal(alone, batch + i * COLOURS * PIXELS, sizeof alone);
        show(&data, &augment, 8, index[i], alone);
        assert_memory_not_equal(alone, batch + i * COLOURS * PIXELS, sizeof alone);
        dsc_batch_gather_augmented(&data, &reseeded, NULL, DESCENT_F32, &index[i], 1, alone, NULL);
        assert_memory_not_equal(alone, batch + i * COLOURS * PIXELS, sizeof alone);
    }
}

#define DECLARE(level)                                                                             \
  void dsc_view_show_f32_##level(const descent_dataset *data, const dsc_augment *augment,          \
                                 const dsc_view *view, const dsc_scaling *scaling, uint32_t index, \
                                 void *out);                                                       \
  void dsc_view_show_f64_##level(const descent_dataset *data, const dsc_augment *augment,          \
                                 const dsc_view *view, const dsc_scaling *scaling, uint32_t index, \
                                 void *out);
DSC_LEVELS(DECLARE)
#undef DECLARE

/* All instruction sets give the same bits; double and float agree, and bytes and floats. */
static void test_variants(void **unused)
{
#define ROW(level) {dsc_view_show_f32_##level, dsc_view_show_f64_##level},
    static const dsc_view_show variants[][2] = {DSC_LEVELS(ROW)};
#undef ROW
    float shift = 100, scale = 0.01f;
    const dsc_scaling scaling = {.n = 1, .shift = &shift, .scale = &scale};
    enum { WIDTH = COLOURS * PIXELS };
    float first[WIDTH], other[WIDTH];
    double exact[WIDTH], again[WIDTH];

    (void)unused;
    for (int kind = 0; kind < 2; kind++) {
        const descent_dataset data = pictures(COLOURS, kind == 0);
        const dsc_augment augment = options(all, &data);
        for (uint32_t i = 0; i < N; i++) {
            const dsc_view view = dsc_augment_draw(&augment, data.shape, 3, 4, i);
            variants[0][0](&data, &augment, &view, &scaling, i, first);
            variants[0][1](&data, &augment, &view, &scaling, i, exact);
            for (int p = 0; p < WIDTH; p++)
                assert_near((double)first[p], exact[p], 1e-5);
            for (dsc_level level = 1; level <= dsc_level_choose(); level++) {
                variants[level][0](&data, &augment, &view, &scaling, i, other);
                variants[level][1](&data, &augment, &view, &scaling, i, again);
                assert_memory_equal(first, other, sizeof first);
                assert_memory_equal(exact, again, sizeof exact);
            }
            const descent_dataset twin = pictures(COLOURS, kind == 1);
            variants[0][0](&twin, &augment, &view, &scaling, i, other);
            assert_memory_equal(first, other, sizeof first);
        }
    }
}

static void test_messages(void **unused)
{
    (void)unused;
    open_bad("iris shift=2", DESCENT_INVALID,
             "iris: shift changes pictures, and these examples are none");
    open_bad("iris flip", DESCENT_INVALID,
             "iris: flip changes pictures, and these examples are none");
    open_bad("digits rotat=2", DESCENT_UNKNOWN,
             "digits has no parameter 'rotat'; it has shift, flip, rotate, zoom, brightness, "
             "contrast, noise, cutout, border; did you mean 'rotate'?");
    open_bad("digits rotate=200", DESCENT_INVALID,
             "digits: rotate = 200, must be between 0 and "
             "180");
    open_bad("digits border=dark", DESCENT_INVALID,
             "digits: border = 'dark', must be one of background|edge");
    descent_dataset_free(open_good("spiral noise=0.5")); /* its own */
    descent_dataset *data = open_good("digits flip shift=1 border=edge");
    assert_true(data->augment.on);
    assert_int_equal((int)data->augment.value[DSC_AUGMENT_SHIFT], 1);
    assert_int_equal((int)data->augment.value[DSC_AUGMENT_BORDER], 1);
    descent_dataset_free(data);
}

/* What is wrong on a second line is shown with that line, which is there until it was shown. */
static void test_second_line(void **unused)
{
    dsc_augment augment;
    descent_error err = {0};

    (void)unused;
    assert_int_equal(dsc_augment_parse(&augment, "rotate=1\n  cozoom=2.9", (dsc_place){0}, &err),
                     DESCENT_UNKNOWN);
    assert_string_equal(err.message,
                        "augment has no parameter 'cozoom'; it has shift, flip, rotate, zoom, "
                        "brightness, contrast, noise, cutout, border; did you mean 'zoom'?");
    assert_string_equal(err.excerpt, "  cozoom=2.9");
    assert_int_equal(err.column, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_what_is_asked_for),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_flip),
        cmocka_unit_test(test_rotate_and_zoom),
        cmocka_unit_test(test_brightness_and_contrast),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_cutout),
        cmocka_unit_test(test_pure),
        cmocka_unit_test(test_variants),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_second_line),
    };

    return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
