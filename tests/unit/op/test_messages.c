/* test_messages.c - what does not fit together is said in one sentence with op and shapes. */
#include "cases.h"

typedef struct mistake {
    row row;
    const char *message;
} mistake;

#define POOL(...)           \
  {                         \
    __VA_ARGS__, 1, 1, 0, 0 \
  }
#define TRANSPOSE(stride, pad, output_pad, groups)                 \
  {                                                                \
    stride, stride, pad, pad, output_pad, output_pad, 1, 1, groups \
  }
#define PICTURE      \
  {                  \
    'x', S3(3, 8, 8) \
  }

static const mistake mistakes[] = {
    {{"linear", {{'x', S1(4)}, {'w', S2(3, 5)}}, {0}, true},
     "linear: the weight is 3x5 and needs 5 numbers on the last axis, found 4"},
    {{"linear", {{'x', S1(5)}, {'w', S2(3, 5)}, {'w', S1(5)}}, {0}, true},
     "linear: 3 units need a bias of 3 numbers, found 5"},
    {{"linear", {{'x', S1(4)}}, {0}, true}, "linear takes 2 to 3 inputs, found 1"},
    {{"conv", {{'x', S1(64)}, {'w', S4(8, 1, 3, 3)}}, {1, 1, 0, 0, 1, 1, 1}, true},
     "conv needs pictures (channels x height x width), found 64 numbers"},
    {{"conv", {PICTURE, {'w', S4(8, 3, 9, 9)}}, {1, 1, 0, 0, 1, 1, 1}, true},
     "conv: a kernel of 9x9 does not fit into a picture of 8x8 with padding 0x0"},
    {{"conv", {PICTURE, {'w', S4(1, 3, 60000, 1)}}, {1, 1, 0, 0, 60000, 1, 1}, true},
     "conv: a kernel of 60000x1 does not fit into a picture of 8x8 with padding 0x0"},
    {{"conv", {PICTURE, {'w', S4(8, 1, 3, 3)}}, {1, 1, 0, 0, 1, 1, 1}, true},
     "conv: a weight of 8x1x3x3 needs 1 channels in every group, found 3"},
    {{"conv", {PICTURE, {'w', S4(8, 1, 3, 3)}}, {1, 1, 0, 0, 1, 1, 3}, true},
     "conv: 3 groups must divide 3 channels and 8 filters"},
    {{"conv", {PICTURE, {'w', S3(8, 3, 3)}}, {1, 1, 0, 0, 1, 1, 1}, true},
     "conv needs a weight of filters x channels x height x width, found 8x3x3"},
    {{"conv", {PICTURE, {'w', S4(8, 3, 3, 3)}, {'w', S1(3)}}, {1, 1, 0, 0, 1, 1, 1}, true},
     "conv: 8 filters need a bias of 8 numbers, found 3"},
    {{"conv", {PICTURE, {'w', S4(8, 3, 3, 3)}}, {1, 0, 0, 0, 1, 1, 1}, true},
     "conv: stride_w = 0 is too small"},
    {{"max_pool", {{'x', S1(8)}}, POOL(2, 2, 2, 2, 0, 0), true},
     "max_pool needs pictures (channels x height x width) or sequences (channels x length), found "
     "8 numbers"},
    {{"max_pool", {{'x', S2(8, 8)}}, POOL(2, 2, 2, 2, 0, 0), true},
     "max_pool: sequences have no height, found a window of 2x2 and padding 0x0"},
    {{"max_pool", {PICTURE}, POOL(2, 2, 2, 2, 0, 2), true},
     "max_pool: padding 0x2 is more than half of the window 2x2"},
    {{"avg_pool", {PICTURE}, POOL(9, 2, 2, 2, 0, 0), true},
     "avg_pool: a window of 9x2 does not fit into a picture of 8x8"},
    {{"avg_pool", {PICTURE}, POOL(2, 2, 0, 2, 0, 0), true},
     "avg_pool: stride_h = 0, must be at least 1"},
    {{"avg_pool", {PICTURE}, {2, 2, 2, 2, 0, 0, 2, 1, 0, 0}, true},
     "avg_pool has no dilation, found 2x1"},
    {{"conv1d", {PICTURE, {'w', S3(8, 3, 3)}}, {1, 0, 1, 1}, true},
     "conv1d needs sequences (channels x length), found 3x8x8"},
    {{"conv1d", {{'x', S2(3, 8)}, {'w', S2(8, 3)}}, {1, 0, 1, 1}, true},
     "conv1d needs a weight of filters x channels x size, found 8x3"},
    {{"conv1d", {{'x', S2(3, 8)}, {'w', S3(8, 3, 5)}}, {1, 0, 2, 1}, true},
     "conv1d: a kernel of 5 does not fit into a sequence of 8 with padding 0"},
    {{"conv1d", {{'x', S2(3, 8)}, {'w', S3(8, 3, 5)}}, {1, -1, 1, 1}, true},
     "conv1d: pad = -1 is too small"},
    {{"conv1d", {{'x', S2(4, 8)}, {'w', S3(8, 3, 5)}}, {1, 0, 1, 2}, true},
     "conv1d: a weight of 8x3x5 needs 3 channels in every group, found 2"},
    {{"conv1d", {{'x', S2(4, 8)}, {'w', S3(8, 2, 5)}}, {1, 0, 1, 3}, true},
     "conv1d: 3 groups must divide 4 channels and 8 filters"},
    {{"conv1d", {{'x', S2(3, 8)}, {'w', S3(8, 3, 3)}, {'w', S1(3)}}, {1, 0, 1, 1}, true},
     "conv1d: 8 filters need a bias of 8 numbers, found 3"},
    {{"conv_transpose", {{'x', S2(3, 8)}, {'w', S4(3, 2, 3, 3)}}, TRANSPOSE(1, 0, 0, 1), true},
     "conv_transpose needs pictures (channels x height x width), found 3x8"},
    {{"conv_transpose", {PICTURE, {'w', S3(3, 3, 3)}}, TRANSPOSE(1, 0, 0, 1), true},
     "conv_transpose needs a weight of channels x filters x height x width, found 3x3x3"},
    {{"conv_transpose", {PICTURE, {'w', S4(2, 3, 3, 3)}}, TRANSPOSE(1, 0, 0, 1), true},
     "conv_transpose: a weight of 2x3x3x3 needs 2 channels, found 3"},
    {{"conv_transpose", {PICTURE, {'w', S4(3, 2, 3, 3)}}, TRANSPOSE(1, 0, 0, 2), true},
     "conv_transpose: 2 groups must divide 3 channels"},
    {{"conv_transpose",
      {PICTURE, {'w', S4(3, 2, 3, 3)}, {'w', S1(2)}},
      TRANSPOSE(1, 0, 0, 3),
      true},
     "conv_transpose: 6 filters need a bias of 6 numbers, found 2"},
    {{"conv_transpose", {PICTURE, {'w', S4(3, 2, 3, 3)}}, TRANSPOSE(2, 0, 2, 1), true},
     "conv_transpose: output_pad_h = 2, must be below the stride (2) or the dilation (1)"},
    {{"conv_transpose", {PICTURE, {'w', S4(3, 2, 3, 3)}}, TRANSPOSE(0, 0, 0, 1), true},
     "conv_transpose: stride_h = 0 is too small"},
    {{"conv_transpose", {PICTURE, {'w', S4(3, 2, 3, 3)}}, TRANSPOSE(1, 5, 0, 1), true},
     "conv_transpose: padding 5x5 leaves nothing of what a kernel of 3x3 makes of a picture of "
     "8x8"},
    {{"adaptive_avg_pool", {{'x', S1(8)}}, {1, 1}, true},
     "adaptive_avg_pool needs pictures (channels x height x width) or sequences (channels x "
     "length), found 8 numbers"},
    {{"adaptive_max_pool", {PICTURE}, {0, 1}, true},
     "adaptive_max_pool: 0x1 cells, must be at least 1x1"},
    {{"adaptive_max_pool", {{'x', S2(3, 8)}}, {2, 3}, true},
     "adaptive_max_pool: sequences have no height to divide by 2; write 1x3"},
    {{"upsample", {PICTURE}, {0.5, 2}, true}, "upsample: a scale of 0.5x2, must be at least 1x1"},
    {{"upsample", {{'x', S2(3, 8)}}, {2, 3}, true},
     "upsample: sequences have no height to scale by 2; write 1x3"},
    {{"upsample", {PICTURE}, {1e9, 2}, true},
     "upsample: a picture of 8x8 cannot grow by 1e+09x2: a side has at most 2147483647 pixels"},
    {{"group_norm", {PICTURE}, {2, 1e-5}, true}, "group_norm: 2 groups must divide 3 channels"},
    {{"group_norm", {PICTURE, {'w', S1(2)}}, {3, 1e-5}, true},
     "group_norm: 3 channels need 3 numbers each, found 2"},
    {{"group_norm", {{'x', S1(4)}}, {4, 1e-5}, true},
     "group_norm: 4 groups of 4 numbers have one number each, which has no deviation"},
    {{"add", {{'x', S1(4)}, {'x', S1(5)}}, {0}, true},
     "add needs two shapes that are alike, or 1 where they differ, found 4 and 5"},
    {{"softplus", {{'x', S1(4)}}, {0, 20}, true}, "softplus: beta = 0, must be above 0"},
    {{"prelu", {PICTURE, {'w', S1(8)}}, {0}, true},
     "prelu: 3 channels need as many slopes or one for all, found 8"},
    {{"sum", {PICTURE}, {8, 0}, true}, "sum: there is no axis 3 in 3x8x8"},
    {{"var", {{'x', S2(4, 1)}}, {2, 0, 1}, true},
     "var: one number has no unbiased variance; reduce an axis of at least 2"},
    {{"softmax", {{'x', S1(4)}}, {1}, true}, "softmax: there is no axis 1 in 4"},
    {{"expand", {{'x', S2(2, 3)}}, {2, 4, 3}, true}, "expand: 2x3 cannot be repeated to 4x3"},
    {{"reshape", {PICTURE}, {1, 100}, true},
     "reshape: 100 holds 100 numbers, found 3x8x8 with 192"},
    {{"permute", {PICTURE}, {0, 0, 1}, true},
     "permute: every axis of 3x8x8 must be named once, from 0 to 2, found 0 at place 1"},
    {{"slice", {{'x', S1(5)}}, {2, 6, 1}, true},
     "slice: 2 to 6 by 1 along axis 0, must be a part of 0 to 5"},
    {{"pad", {{'x', S1(5)}}, {-3, -2}, true},
     "pad: -3 before and -2 after leave nothing of 5 along axis 0"},
    {{"concat", {PICTURE, {'x', S3(2, 8, 9)}}, {0}, true},
     "concat along axis 0 needs shapes that are alike in the others, found 3x8x8 and 2x8x9"},
    {{"concat", {PICTURE, {'w', S3(2, 8, 8)}}, {0}, true},
     "concat: input 2 lacks a batch axis, input 1 doesn't agree"},
    {{"stack", {{'x', S1(5)}, {'x', S1(4)}}, {0}, true},
     "stack needs shapes that are alike, found 5 and 4"},
    {{"index_select", {{'x', S1(5)}, {'x', S1(4)}}, {0}, true},
     "index_select needs one list of places for all examples, found 4"},
    {{"matmul", {{'x', S2(3, 4)}, {'w', S2(3, 4)}}, {0}, true},
     "matmul needs (..., m, k) and (..., k, n), found 3x4 and 3x4"},
    {{"cosine_similarity", {{'x', S1(5)}, {'x', S1(4)}}, {1e-8}, true},
     "cosine_similarity needs two of the same shape, found 5 and 4"},
    {{"dropout", {{'x', S1(4)}}, {1}, true}, "dropout: p = 1, must be at least 0 and below 1"},
    {{"batch_norm", {PICTURE, {'m', S1(3)}, {'v', S1(4)}}, {1e-5}, true},
     "batch_norm: 3 channels need 3 numbers each, found 4"},
    {{"batch_norm", {PICTURE, {'m', S1(3)}}, {1e-5}, true},
     "batch_norm takes 3 to 5 inputs, found 2"},
    {{"cross_entropy", {{'x', S2(4, 3)}, {'l', S1(4)}}, {0, -100}, true},
     "cross_entropy needs targets of shape 3, found 4"},
    {{"cross_entropy", {{'x', S1(4)}, {'p', S1(3)}}, {0, -100}, true},
     "cross_entropy needs targets of shape 4, found 3"},
    {{"cross_entropy", {{'x', S1(4)}, {'l', {0, {0}}}, {'s', S1(3)}}, {0, -100}, true},
     "cross_entropy: 4 classes need 4 weights, found 3"},
    {{"cross_entropy", {{'x', S1(4)}, {'s', S1(4)}}, {0, -100}, true},
     "cross_entropy needs a target for every example"},
    {{"mse", {{'x', S1(4)}, {'x', S1(5)}}, {0}, true}, "mse needs targets of shape 4, found 5"},
    {{"mse", {{'x', S1(4)}, {'s', S1(4)}}, {0}, true}, "mse needs a target for every example"},
    {{"bce_with_logits", {{'x', S1(4)}, {'p', S1(5)}}, {0, 0}, true},
     "bce_with_logits needs targets of shape 4, found 5"},
    {{"bce_with_logits", {{'x', S1(4)}, {'s', S1(4)}}, {0, 0}, true},
     "bce_with_logits needs a target for every example"},
    {{"bce_with_logits", {{'x', S1(4)}, {'p', S1(4)}}, {0, 1}, true},
     "bce_with_logits takes 3 inputs here, found 2"},
    {{"cross_entropy", {{'x', S2(3, 4)}, {'l', S1(4)}}, {0, -100, 1}, true},
     "cross_entropy needs targets of shape 3, found 4"},
    {{"huber", {{'x', S1(4)}, {'x', S1(4)}}, {0}, true}, "huber: delta = 0.0, must be above 0"},
    {{"hinge", {{'x', S1(4)}, {'x', S1(4)}}, {0.5}, true}, "hinge: p = 0.5, must be at least 1"},
    {{"l1", {{'x', S1(4)}, {'x', S1(5)}}, {0}, true}, "l1 needs targets of shape 4, found 5"},
    {{"bce", {{'x', S1(4)}, {'p', S1(4)}, {'s', S1(3)}}, {0}, true},
     "bce needs weights of shape 4, found 3"},
    {{"nll", {{'x', S1(4)}, {'p', S1(4)}}, {0}, true}, "nll needs labels, found numbers"},
    {{"multi_margin", {{'x', S1(4)}, {'l', {0, {0}}}}, {3, 1}, true},
     "multi_margin: p = 3.0, must be 1 or 2"},
    {{"rnn", {PICTURE, {'w', S2(4, 8)}, {'w', S2(4, 4)}}, {0}, true},
     "rnn needs a sequence (steps x numbers), found 3x8x8"},
    {{"lstm", {{'x', S2(5, 3)}, {'w', S2(8, 2)}, {'w', S2(8, 2)}}, {0}, true},
     "lstm: 3 numbers a step need weights of 4 units x 3 and 4 units x units, found 8x2 and 8x2"},
    {{"gru", {{'x', S2(5, 3)}, {'w', S2(6, 3)}, {'w', S2(6, 2)}}, {1}, true},
     "gru takes 5 inputs here, found 3"},
    {{"gru", {{'x', S2(5, 3)}, {'w', S2(6, 3)}, {'w', S2(6, 2)}, {'s', S1(2)}}, {0, 1}, true},
     "gru needs a first state for every example"},
    {{"rnn",
      {{'x', S2(5, 3)}, {'w', S2(2, 3)}, {'w', S2(2, 2)}, {'w', S1(2)}, {'w', S1(3)}},
      {1},
      true},
     "rnn needs biases of 2 numbers, found 3"},
    {{"embedding", {{'x', S1(4)}, {'w', S2(5, 3)}}, {-1}, true},
     "embedding needs whole numbers, found 4 numbers"},
    {{"embedding", {{'l', S1(4)}, {'w', S1(5)}}, {-1}, true},
     "embedding needs a table of entries x width, found 5 numbers"},
    {{"position", {{'x', S2(4, 3)}, {'w', S2(3, 3)}}, {0}, true},
     "position: a table of 3x3 (places x width) does not fit a sequence of 4x3"},
    {{"sinusoid", {{'x', S1(4)}}, {8}, true},
     "sinusoid needs a sequence (length x width), found 4 numbers"},
    {{"sinusoid", {{'x', S2(4, 2)}}, {3}, true},
     "sinusoid: 3 places are too few for a sequence of 4"},
    {{"layer_norm", {{'x', S2(4, 3)}, {'w', S1(4)}}, {1e-5, 1}, true},
     "layer_norm over the last 1 axes does not fit 4x3"},
    {{"layer_norm", {{'x', S2(4, 3)}, {'w', S1(3)}, {'w', S1(4)}}, {1e-5, 1}, true},
     "layer_norm needs a bias of shape 3, found 4"},
    {{"rms_norm", {{'x', S1(3)}, {'w', S2(2, 3)}}, {1e-6}, true},
     "rms_norm over the last 2 axes does not fit 3 numbers"},
    {{"sdpa", {{'x', S3(2, 4, 3)}, {'x', S3(2, 4, 3)}, {'x', S3(2, 5, 3)}}, {0, 0}, true},
     "sdpa: queries 2x4x3, keys 2x4x3 and values 2x5x3 (heads x places x depth) do not fit "
     "together"},
    {{"attention", {{'x', S2(4, 12)}}, {4, 3, 0, 0, 0}, true},
     "attention: kv_heads = 3 must divide heads = 4, and both be positive"},
    {{"attention", {{'x', S2(4, 10)}}, {2, 2, 0, 0, 0}, true},
     "attention with 2 heads and 2 kv_heads needs a sequence of a multiple of 6 columns, found "
     "4x10"},
    {{"attention", {{'x', S2(4, 18)}}, {2, 2, 0, 100, 0}, true},
     "attention: rotary turns pairs of columns, found 3 columns a head"},
    {{"attention", {{'x', S2(4, 12)}}, {2, 2, 1, 0, 3}, true},
     "attention: a cache of 3 places needs causal and a sequence of at most as many, found 4"},
};

static void mistakes_name_op_and_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        const row *r = &mistakes[i].row;
        dsc_graph *graph = dsc_graph_new(DESCENT_F32, ROWS, DSC_BACKEND_AUTO, dsc_op_find);
        descent_error err = {0};
        dsc_id id[DSC_MAX_INPUTS];
        int n = 0;

        for (; n < DSC_MAX_INPUTS && r->input[n].kind; n++)
            id[n] = add_input(graph, &r->input[n], n);
        assert_int_equal(dsc_graph_status(graph, &err), DESCENT_OK);
        const int n_attributes = dsc_op_find(r->op, DESCENT_F32, DSC_LEVEL_base)->n_attributes;
        assert_int_equal(dsc_graph_op(graph, r->op, n, id, n_attributes, r->attribute), -1);
        assert_int_not_equal(dsc_graph_status(graph, &err), DESCENT_OK);
        assert_string_equal(err.message, mistakes[i].message);
        dsc_graph_free(graph);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_name_op_and_shapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
