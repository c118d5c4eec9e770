/* generate.c - descent generate: how a text goes on, token by token as it comes. */
#include "command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROMPT, LENGTH, TEMPERATURE, TOP_K, TOP_P, SEED, JSON, N_OPTIONS };

static const cli_option options[N_OPTIONS] = {
    [PROMPT] = {"prompt", "TEXT", "what goes on (default: a new line)"},
    [LENGTH] = {"length", "N", "characters (or bytes) to write (default: 500)"},
    [TEMPERATURE] = {"temperature", "T",
                     "1: as likely as the model says (default); 0.5: bolder; 0: the likeliest"},
    [TOP_K] = {"top-k", "K", "draw among the K likeliest only (default: all)"},
    [TOP_P] = {"top-p", "P",
               "draw among the likeliest that together have probability P (default: 1)"},
    [SEED] = {"seed", "S", "another seed, another text (default: 1)"},
    [JSON] = {"json", NULL, "one JSON object on standard output, when the text is done"},
};

/* The text so far, for --json; and how fast it came. */
typedef struct writing {
    char *text;
    size_t bytes;
    int64_t tokens, length;
    double seconds;
    bool json, odd; /* odd: the model says what is no number */
} writing;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int read_options(const cli_args *args, descent_generate_options *o, int64_t *length)
{
    int64_t top_k = 0, seed = 1;

    *o = descent_generate_defaults();
    *length = 500;
    o->prompt = args->value[PROMPT];
    if (cli_read_whole("--length", args->value[LENGTH], 1, 1000000000, length) ||
        cli_read_number("--temperature", args->value[TEMPERATURE], 0, &o->temperature) ||
        cli_read_whole("--top-k", args->value[TOP_K], 1, INT32_MAX, &top_k) ||
        cli_read_number("--top-p", args->value[TOP_P], 0, &o->top_p) ||
        cli_read_whole("--seed", args->value[SEED], 0, INT64_MAX, &seed))
        return EXIT_USAGE;
    o->top_k = (int)top_k;
    o->seed = (uint64_t)seed;
    return EXIT_DONE;
}

/* Writes until the length is reached, somebody interrupts or nobody reads any more. */
static void write_on(writing *w, descent_generator *generator)
{
    const double start = now();
    char text[8];

    for (; w->tokens < w->length && !cli_interrupted() && !ferror(stdout); w->tokens++) {
        const size_t n = descent_generator_next(generator, text);
        w->odd = n == 0;
        if (w->odd)
            break;
        if (w->json) {
            memcpy(w->text + w->bytes, text, n);
            w->bytes += n;
        } else {
            fwrite(text, 1, n, stdout);
            fflush(stdout);
        }
    }
    w->seconds = now() - start;
}

/* JSON is UTF-8: bytes that are none become the mark that stands for them. */
static json_t *json_text(const char *text, size_t length)
{
    json_t *whole = json_stringn(text, length);
    char *marked = whole ? NULL : cli_need(3 * length + 1, 1);
    size_t used = 0;

    for (size_t i = 0, n; marked && i < length; i += n) {
        for (n = 4; n > 0; n--) { /* the longest character that stands here */
            json_t *one = n <= length - i ? json_stringn(text + i, n) : NULL;
            const bool fits = one && (n == 1 || (unsigned char)text[i] >= 0xC0);
            json_decref(one);
            if (fits)
                break;
        }
        memcpy(marked + used, n ? text + i : "\xEF\xBF\xBD", n ? n : 3);
        used += n ? n : 3;
        n = n ? n : 1;
    }
    if (marked)
        whole = json_stringn(marked, used);
    free(marked);
    return whole ? whole : json_null();
}

static void print_json(const writing *w, const descent_generate_options *o)
{
    cli_json_line(
        json_pack("{s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:s}", "event", "result", "prompt",
                  json_text(o->prompt ? o->prompt : "", strlen(o->prompt ? o->prompt : "")), "text",
                  json_text(w->text, w->bytes), "tokens", (json_int_t)w->tokens, "seed",
                  (json_int_t)o->seed, "seconds", cli_number(w->seconds), "tokens_per_second",
                  cli_number(w->seconds > 0 ? (double)w->tokens / w->seconds : 0.0), "stop",
                  w->odd                  ? "not finite"
                  : w->tokens < w->length ? "interrupted"
                                          : "length"));
}

static int generate(const descent_model *model, const descent_generate_options *o, writing *w)
{
    descent_generator *generator;
    descent_error err;

    if (descent_generator_create(&generator, model, o, &err)) {
        if (err.file[0]) /* a fault in the prompt */
            snprintf(err.file, sizeof err.file, "--prompt");
        return cli_fail(&err);
    }
    w->text = cli_need(w->json ? (size_t)w->length : 1, sizeof(char[8]));
    cli_catch_interrupts();
    if (!w->json && o->prompt)
        fputs(o->prompt, stdout);
    write_on(w, generator);
    if (w->json)
        print_json(w, o);
    else
        putchar('\n');
    free(w->text);
    descent_generator_free(generator);
    if (!w->odd)
        return EXIT_DONE;
    cli_complain("what the model says is not finite after %lld tokens: its weights are too large",
                 (long long)w->tokens);
    return EXIT_RAN_BADLY;
}

static int run(const cli_args *args)
{
    writing w = {.json = args->value[JSON] != NULL};
    descent_generate_options o;
    descent_model *model;
    descent_error err;

    if (read_options(args, &o, &w.length))
        return EXIT_USAGE;
    if (descent_model_load(&model, args->word[0], &err))
        return cli_fail(&err);
    const int status = generate(model, &o, &w);
    descent_model_free(model);
    return status;
}

const cli_command cli_command_generate = {
    .name = "generate",
    .summary = "writes how a text goes on, with a model that was trained on text",
    .usage = "MODEL [--prompt TEXT] [--length N] [--temperature T]",
    .about =
        "Writes the prompt and what follows, as it comes; Ctrl-C ends it. The same seed gives the\n"
        "same text.\n\n"
        "  descent generate runs/shakespeare-1/model.safetensors --prompt \"ROMEO:\"\n"
        "  descent generate MODEL --temperature 0.8 --top-p 0.95 --length 2000 --seed 7 > text.txt",
    .options = options,
    .n_options = N_OPTIONS,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
