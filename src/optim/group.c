/* group.c - parameter groups: "role=bias weight_decay=0", "layer2.* lr=0.1x". */
#include "base/memory.h"
#include "optim/object.h"

#include <stdio.h>
#include <string.h>

#define ROLE "role="

/* A glob of * and ?, without backtracking further than the last star. */
static bool glob_matches(const char *pattern, const char *name)
{
    const char *star = NULL, *retry = NULL;

    while (*name) {
        if (*pattern == '*') {
            star = pattern++;
            retry = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star + 1;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool dsc_group_matches(const dsc_group *group, const descent_segment *segment)
{
    const size_t length = sizeof ROLE - 1;

    if (strncmp(group->selector, ROLE, length) == 0)
        return strcmp(group->selector + length, segment->role) == 0;
    return glob_matches(group->selector, segment->name);
}

static const char *name_at(size_t i, void *user)
{
    return ((const descent_optimizer *)user)->segment[i].name;
}

static const char *role_at(size_t i, void *user)
{
    return ((const descent_optimizer *)user)->segment[i].role;
}

static descent_status matches_nothing(descent_optimizer *opt, const char *selector, dsc_place place,
                                      descent_error *err)
{
    const bool by_role = strncmp(selector, ROLE, sizeof ROLE - 1) == 0;
    const char *word = by_role ? selector + sizeof ROLE - 1 : selector;
    const char *name = by_role ? NULL : dsc_nearest(word, opt->n_segments, name_at, opt);
    const char *role = name ? NULL : dsc_nearest(word, opt->n_segments, role_at, opt);
    const char *nearest = name ? name : role;

    for (size_t i = 0; i < opt->n_segments && !by_role; i++) /* "bias" alone */
        if (strcmp(opt->segment[i].role, word) == 0)
            role = nearest = opt->segment[i].role;
    if (!opt->divided)
        return dsc_fail_at(err, DESCENT_INVALID, place,
                           "the group '%s' matches nothing: no segments were given", selector);
    if (!by_role && strchr(selector, '='))
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "a group begins with what it is for, role=ROLE or a name such as 2.*; "
                           "'%s' is a setting",
                           selector);
    return dsc_fail_at(err, DESCENT_UNKNOWN, place,
                       "the group '%s' matches no segment; they are called %s to %s%s%s%s%s",
                       selector, opt->segment[0].name, opt->segment[opt->n_segments - 1].name,
                       nearest ? "; did you mean '" : "", nearest && role ? ROLE : "",
                       nearest ? nearest : "", nearest ? "'?" : "");
}

/* Why a group can't say anything of parameter i, or NULL. */
static const char *not_in_groups(const descent_optimizer *opt, int i)
{
    switch (i - opt->rule->info.n_params) {
    case DSC_CLIP_NORM:
    case DSC_ZCLIP:
        return "looks at the norm of the whole gradient";
    case DSC_SKIPS:
        return "counts whole steps";
    case DSC_STATE:
        return "decides how memory is laid out";
    default:
        return opt->rule->fixed >> i & 1 ? "decides how memory is laid out" : NULL;
    }
}

/* Copies what the group's words say of the hyperparameters. */
static descent_status bind(descent_optimizer *opt, dsc_group *group, const dsc_spec *spec,
                           descent_error *err)
{
    dsc_value value[DSC_MAX_PARAMS];
    descent_info info = opt->joined.info;

    info.n_positional = 0;
    if (opt->rule->solve)
        return dsc_fail_at(err, DESCENT_INVALID, spec->place,
                           "%s moves all of w along one line, and no part of it can go another "
                           "way; leave out the groups",
                           info.name);
    if (spec->n_args == 0)
        return dsc_fail_at(err, DESCENT_SYNTAX, spec->place,
                           "the group '%s' says nothing; give it settings, such as lr=0.1x or "
                           "frozen",
                           group->selector);
    DSC_TRY(dsc_spec_bind(spec, &info, DSC_ACCEPT_FACTORS, value, err));
    for (int i = 0; i < info.n_params; i++) {
        const char *reason = value[i].given ? not_in_groups(opt, i) : NULL;
        if (reason)
            return dsc_fail_at(err, DESCENT_INVALID, dsc_place_of(spec, info.params[i].name),
                               "%s: %s %s and is the same for all segments; say it outside groups",
                               info.name, info.params[i].name, reason);
        group->param[i] = (dsc_override){value[i].given, value[i].factor, value[i].number};
    }
    return DESCENT_OK;
}

/* Every segment that the newest group matches must be left with settings that make sense. */
static descent_status check(const descent_optimizer *opt, const dsc_spec *spec, descent_error *err)
{
    const dsc_group *newest = &opt->group[opt->n_groups - 1];
    int at = 0;

    for (size_t i = 0; i < opt->n_segments; i++) {
        dsc_setting s = {.rate = 1.0};
        if (!dsc_group_matches(newest, &opt->segment[i]))
            continue;
        for (size_t g = 0; g < opt->n_groups; g++)
            if (dsc_group_matches(&opt->group[g], &opt->segment[i]))
                s.groups |= (uint64_t)1 << g;
        const char *reason = dsc_setting_refusal(opt, &s, &at);
        if (reason)
            return dsc_fail_at(err, DESCENT_INVALID, dsc_place_of(spec, opt->joined.param[at].name),
                               "%s: %s", opt->rule->info.name, reason);
    }
    return DESCENT_OK;
}

static bool matches_any(const descent_optimizer *opt, const dsc_group *group)
{
    for (size_t i = 0; i < opt->n_segments && opt->divided; i++)
        if (dsc_group_matches(group, &opt->segment[i]))
            return true;
    return false;
}

/* `rest` is the text with a word of the same length in the selector's place. */
static descent_status read_settings(descent_optimizer *opt, dsc_group *group, const char *rest,
                                    dsc_place origin, descent_error *err)
{
    dsc_spec_list *list;

    DSC_TRY(dsc_spec_parse_one(&list, rest, origin, err));
    descent_status status = bind(opt, group, &list->item[0], err);
    opt->n_groups++;
    if (status == DESCENT_OK)
        status = check(opt, &list->item[0], err);
    dsc_spec_free(list);
    return status;
}

/* The selector is the first word; the rest has the grammar of an optimizer's arguments. */
static descent_status read_group(descent_optimizer *opt, dsc_group *group, const char *text,
                                 dsc_place origin, descent_error *err)
{
    const size_t blanks = strspn(text, " \t"), length = strcspn(text + blanks, " \t");
    dsc_place place = origin;

    place.column += (int)blanks;
    if (length == 0)
        return dsc_fail_at(err, DESCENT_SYNTAX, place,
                           "a group needs a selector such as role=bias or 2.*, and settings");
    group->selector = dsc_copy_n(text + blanks, length);
    char *rest = dsc_copy(text);
    if (!group->selector || !rest) {
        dsc_free(rest);
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for the group '%s'", text);
    }
    memset(rest, ' ', blanks); /* columns stay what was typed */
    memset(rest + blanks, 'g', length);
    const descent_status status = matches_any(opt, group)
                                      ? read_settings(opt, group, rest, origin, err)
                                      : matches_nothing(opt, group->selector, place, err);
    dsc_free(rest);
    return status;
}

descent_status dsc_groups_read(descent_optimizer *opt, const char *const *groups,
                               const dsc_place *origin, size_t n, descent_error *err)
{
    if (n == 0)
        return DESCENT_OK;
    if (n > DSC_MAX_GROUPS)
        return dsc_fail(err, DESCENT_INVALID, "%zu groups, at most %d are possible", n,
                        DSC_MAX_GROUPS);
    opt->group = dsc_alloc(n, sizeof *opt->group);
    if (!opt->group)
        return dsc_fail(err, DESCENT_NOMEM, "out of memory for %zu groups", n);
    opt->groups_made = n;
    for (size_t i = 0; i < n; i++) {
        const char *text = groups[i] ? groups[i] : "";
        dsc_place place = {.file = "group", .line = 1, .column = 1};
        if (origin)
            place = origin[i];
        if (!place.line_text) /* never the text that is parsed, where the selector is blotted out */
            place.line_text = text;
        DSC_TRY(read_group(opt, &opt->group[i], text, place, err));
    }
    return DESCENT_OK;
}
