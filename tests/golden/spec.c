/* spec.c - from an implementation's name and hyperparameters to our optimizer string. */
#include "golden.h"

#include "descent/optimizer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names of cases that are a rule of ours with some settings. */
static const struct alias {
    const char *theirs, *ours;
} aliases[] = {
    {"lion_ext", "lion"},
    {"muon_aux_adam", "muon"},
    {"nadam_torch113", "nadam doubled"},
    {"rmsprop_tf", "rmsprop eps_inside start=1"},
};

/* Hyperparameters under another name. */
static const struct alias renamed[] = {
    {"initial_accumulator", "start"},
    {"initial_accumulator_value", "start"},
    {"caution", "cautious"},
    {"history_size", "history"},
    {"preconditioning_compute_steps", "every"},
    {"precondition_frequency", "every"},
    {"graft_type", "graft"},
    {"la_steps", "every"},
    {"la_alpha", "alpha"},
};

/* Lists, whose elements have names of their own. */
static const struct {
    const char *theirs, *ours[4];
} lists[] = {
    {"betas", {"beta1", "beta2", "beta3", "beta4"}},
    {"nus", {"nu1", "nu2", NULL, NULL}},
    {"etas", {"etaminus", "etaplus", NULL, NULL}},
    {"step_sizes", {"step_min", "step_max", NULL, NULL}},
};

/* Decoupled or coupled decay is a mode of every optimizer here. */
static const char *const decoupled[] = {"decouple", "decouple_decay", "weight_decouple",
                                        "decouple_weight_decay", "decoupled_decay"};

/* Constants that all recorded runs share, or that choose how, not what, is computed. */
static const char *const fixed[] = {"ns_coefficients", "ns_eps", "optimizer"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *find_alias(const struct alias *list, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].theirs, word) == 0)
            return list[i].ours;
    return word;
}

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

typedef struct writer {
    const descent_info *info;
    char *out;
    size_t size;
    const char *prefix; /* "adam_" for the partner of muon */
} writer;

static bool has_param(const descent_info *info, const char *name)
{
    for (int i = 0; i < info->n_params; i++)
        if (strcmp(info->params[i].name, name) == 0)
            return true;
    return false;
}

static bool put(const writer *w, const char *name, const char *value)
{
    const size_t used = strlen(w->out);
    char full[64];

    snprintf(full, sizeof full, "%s%s", w->prefix, name);
    if (!has_param(w->info, full) && !has_param(descent_optimizer_common(), full))
        return false;
    const int length = snprintf(w->out + used, w->size - used, " %s=%s", full, value);
    return length > 0 && (size_t)length < w->size - used;
}

static bool put_value(const writer *w, const char *name, const json_t *value)
{
    char number[32];

    if (json_is_boolean(value))
        return put(w, name, json_is_true(value) ? "yes" : "no");
    if (json_is_string(value) && strcmp(json_string_value(value), "inf") != 0)
        return put(w, name, json_string_value(value));
    descent_number_text(golden_number(value), number);
    const size_t length = strlen(number);
    if (length > 2 && strcmp(number + length - 2, ".0") == 0) /* a count is not written 3.0 */
        number[length - 2] = '\0';
    return put(w, name, number);
}

static bool put_list(const writer *w, const char *const *names, const json_t *value)
{
    if (json_array_size(value) > 4)
        return false;
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!names[i] || !put_value(w, names[i], json_array_get(value, i)))
            return false;
    /* aggmo's list may be shorter than what it starts with */
    if (strcmp(w->info->name, "aggmo") == 0)
        for (size_t i = json_array_size(value); i < 4; i++)
            if (!put(w, names[i], "-1"))
                return false;
    return true;
}

/* Lookahead's reset is written for optimizers with a momentum buffer and leaves others as they are;
 * ours clears Adam's mean of g too. */
static bool put_pullback(const writer *w, const char *text, const json_t *base)
{
    const bool buffer = golden_get(base, "momentum", 0.0) != 0.0;

    if (strcmp(text, "none") != 0 && strcmp(text, "reset") != 0)
        return false;
    return put(w, "reset", buffer && strcmp(text, "reset") == 0 ? "yes" : "no");
}

/* What stands for itself in no table. */
static bool put_special(const writer *w, const char *key, const json_t *value, const json_t *hyper,
                        bool *known)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "";

    *known = true;
    if (strcmp(key, "no_prox") == 0)
        return put(w, "prox", json_is_true(value) ? "no" : "yes");
    if (strcmp(key, "clip_lambda") == 0)
        return json_is_null(value) ? put(w, "clip", "0")
                                   : strchr(text, '^') && put(w, "clip", strrchr(text, '^') + 1);
    if (strcmp(key, "line_search_fn") == 0)
        return put(w, "line_search", json_is_null(value) ? "none" : text) &&
               put(w, "min_curvature", "1e-10");
    if (strcmp(key, "max_grad_norm") == 0 && json_is_null(value))
        return put(w, key, "0");
    if (strcmp(key, "pullback_momentum") == 0)
        return put_pullback(w, text, json_object_get(hyper, "base"));
    if (strcmp(key, "weight_decay_type") == 0)
        return put(w, "decay", strcmp(text, "direct") == 0 ? "lr" : "l2");
    if (strcmp(key, "fixed_decay") == 0) /* a kind of decoupled decay, see there */
        return true;
    if (strcmp(key, "precondition_1d") == 0)
        return json_is_false(value);
    if (strcmp(key, "scale") == 0)
        return put(w, "scale", "original");
    *known = false;
    return true;
}

/* True: the mode is the one the rule's own decay=auto stands for. */
static bool put_decoupled(const writer *w, const json_t *hyper, bool on)
{
    const char *own[] = {"prodigy", "dadapt_adam", "madgrad"};

    if (on && json_is_true(json_object_get(hyper, "fixed_decay")))
        return put(w, "decay", "independent");
    if (is_one_of(w->info->name, own, COUNT(own)))
        return put(w, "decay", on ? "auto" : "l2");
    if (strcmp(w->info->name, "lamb") == 0)
        return put(w, "decay", on ? "lr" : "auto");
    return put(w, "decay", on ? "lr" : "l2");
}

static bool add_setting(const writer *w, const char *key, const json_t *value, const json_t *hyper)
{
    bool known;

    if (is_one_of(key, fixed, COUNT(fixed)))
        return true;
    if (!put_special(w, key, value, hyper, &known))
        return false;
    if (known || json_is_null(value)) /* not set */
        return true;
    if (is_one_of(key, decoupled, COUNT(decoupled)))
        return put_decoupled(w, hyper, json_is_true(value));
    for (size_t i = 0; i < COUNT(lists); i++)
        if (strcmp(lists[i].theirs, key) == 0)
            return put_list(w, lists[i].ours, value);
    return put_value(w, find_alias(renamed, COUNT(renamed), key), value);
}

static bool add_settings(const writer *w, const json_t *hyper)
{
    /* jansson's own macro takes the object without const */
    for (void *at = json_object_iter((json_t *)(uintptr_t)hyper); at;
         at = json_object_iter_next((json_t *)(uintptr_t)hyper, at)) {
        const char *key = json_object_iter_key(at);
        const json_t *value = json_object_iter_value(at);
        const bool is_base =
            strcmp(key, "base") == 0 || strcmp(key, "muon") == 0 || strcmp(key, "adam") == 0;
        if (!is_base && !add_setting(w, key, value, hyper)) {
            char reason[160];
            snprintf(reason, sizeof reason, "%s of optimizer %s is not built", key, w->info->name);
            snprintf(w->out, w->size, "%s", reason);
            return false;
        }
    }
    return true;
}

static const descent_info *find_optimizer(const char *name)
{
    const descent_info *info;
    const size_t length = strcspn(name, " ");

    for (size_t i = 0; (info = descent_optimizer_info(i)) != NULL; i++)
        if (strlen(info->name) == length && memcmp(info->name, name, length) == 0)
            return info;
    return NULL;
}

/* "torch.optim.RMSprop" to "rmsprop"; a name without dots is taken as it is. */
static void rule_name(const char *implementation, char *out, size_t size)
{
    const char *dot = strrchr(implementation, '.');

    snprintf(out, size, "%s", dot ? dot + 1 : implementation);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

bool golden_optimizer_spec(const char *implementation, const json_t *hyper, char *out, size_t size)
{
    const json_t *base = json_object_get(hyper, "base");
    char name[64], inner[512] = "";

    rule_name(implementation, name, sizeof name);
    const char *ours = find_alias(aliases, COUNT(aliases), name);
    writer w = {find_optimizer(ours), out, size, ""};
    if (!w.info) {
        snprintf(out, size, "optimizer %s is not built", name);
        return false;
    }
    if (base) {
        if (!golden_optimizer_spec(golden_string(base, "optimizer"), base, inner, sizeof inner)) {
            snprintf(out, size, "%.200s", inner);
            return false;
        }
        snprintf(out, size, "%s (%s)", ours, inner);
        return add_settings(&w, hyper);
    }
    snprintf(out, size, "%s decay_all", ours);
    if (json_object_get(hyper, "muon")) {
        if (!add_settings(&w, json_object_get(hyper, "muon")))
            return false;
        w.prefix = "adam_";
        return add_settings(&w, json_object_get(hyper, "adam"));
    }
    return add_settings(&w, hyper);
}
