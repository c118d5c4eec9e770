/* steps.h - what findings about steps read off a course: losses of steps, learning rates, probe.
 * Shares are of the steps taken, from 0 to 1; NaN where nothing is known. */
#ifndef DSC_FINDING_STEPS_H
#define DSC_FINDING_STEPS_H

#include "finding/finding.h"

/* Mean loss of the steps from share `from` to `to`. */
double dsc_steps_loss(const dsc_case *c, double from, double to);
/* The highest mean loss of some steps in a row there, three or half a percent of all, as single
 * batches may be hard; *at gets the share where they end, unless NULL. NaN: too few steps. */
double dsc_steps_peak(const dsc_case *c, double from, double to, double *at);
/* The largest rise of such means above the lowest before, over the first loss; *at as above, and
 * *low gets that lowest, over the first loss. */
double dsc_steps_rise(const dsc_case *c, double from, double to, double *at, double *low);
/* The share of the run at which such means are below `part` of the first loss for good. */
double dsc_steps_settles(const dsc_case *c, double part);
/* Deviation of the losses there from a straight line through them. */
double dsc_steps_noise(const dsc_case *c, double from, double to);
/* Of the untrained network, or of guessing where that has more. */
double dsc_steps_first(const dsc_case *c);
/* What is known to be learned: from the first loss down to the lowest that the last steps or the
 * probe saw. Above 0, or NaN: nothing was learned. */
double dsc_steps_learned(const dsc_case *c);
/* What guessing gives: entropy of the labels, variance of the targets; NaN: unknown,
 * or the loss is another one. */
double dsc_steps_chance(const dsc_case *c);
/* The same, and of text how often each token is there: what is soon learned, and no more by steps
 * that jump. */
double dsc_steps_guessing(const dsc_case *c);

/* The largest learning rate, the last one, and their mean, as shares of the largest. */
double dsc_steps_largest_lr(const dsc_case *c);
double dsc_steps_last_lr(const dsc_case *c);
double dsc_steps_mean_lr(const dsc_case *c);
/* The share of the run after which lr stays below `part` of the largest; 1: it never does. */
double dsc_steps_lr_below(const dsc_case *c, double part);

/* How long the first step is over the weights, at the largest lr of the run and once so much
 * momentum has built up; adaptive rules as they are. */
double dsc_steps_first_update(const dsc_case *c, double momentum);
/* 0 where steps like the first cannot have moved the weights far by share `at` of the run, so that
 * a higher loss there is that of a harder batch; 1 where they can. */
double dsc_steps_moved(const dsc_case *c, double at);
/* A learning rate whose first step is of good length, at most a third of the plan's, with
 * one digit. */
double dsc_steps_lower_lr(const dsc_case *c);
/* A learning rate that a bowl like that of the walk can take. */
double dsc_steps_walk_lr(const dsc_walk *w);
/* x with one digit, for people to read. */
double dsc_steps_round(double x);

/* By how much the loss would fall further ahead on the way, as a share of what was learned then. */
double dsc_steps_gain_ahead(const dsc_case *c);
/* The same, as a share of what is left of the loss at the last weights. */
double dsc_steps_part_ahead(const dsc_case *c);
/* Four steps in one, against the last gradient: by how much the loss would rise, as a share of the
 * first loss; below 0: it would fall. Next to 0 where the first step was next to nothing. */
double dsc_steps_rise_longer(const dsc_case *c);

/* The longest part of the run over which the loss stays the same, high up, as a share of the run;
 * *level is that loss, where it is asked for. */
double dsc_steps_standstill(const dsc_case *c, double *level);
/* The loss left every bound: the training gave up, or ended far above the first loss. */
bool dsc_steps_diverged(const dsc_case *c);
/* True when the loss blew up on the way and nothing is learned, though the training part hides it
 * (its units died): test examples have ten thousand times the first loss. */
bool dsc_steps_lost_test(const dsc_case *c);
/* How far the loss is from better than guessing: 0 where it is well below chance, 1 where it is
 * not. */
double dsc_steps_stuck(const dsc_case *c);
/* 0 where few units are dead in the second half of the run, 1 where most are. */
double dsc_steps_dead(const dsc_case *c);

/* Deep networks of residual blocks under an adaptive rule can be thrown off for good by first steps
 * of a length that they take well later: how surely that happened, 0 to 1. */
double dsc_steps_thrown_off(const dsc_case *c);
/* Does the schedule begin with a lower rate? */
bool dsc_steps_warms_up(const dsc_case *c);

/* 1 where nothing in the plan shortens the steps; less where much of the gradient is clipped away,
 * eps rules them, or weights are frozen: findings of their own. */
double dsc_steps_unhindered(const dsc_case *c);

/* Adds --schedule with a warm-up of a tenth of the steps before the plan's. */
void dsc_steps_warm_up(const dsc_case *c, descent_finding *out);

#endif
