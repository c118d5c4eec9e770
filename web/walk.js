// walk.js - the runs of a minimization, and where each of them is at a step.

// The steps that the player goes through: those of the run that has the most points.
export function timeline(runs) {
  return runs.reduce((longest, run) => (run.points.step.at(-1) > longest.at(-1) ? run.points.step : longest), runs[0].points.step);
}

// The last point of a run that is not after `step`; a run that has ended stays where it is.
export function indexAt(run, step) {
  const steps = run.points.step;
  let low = 0, high = steps.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle] <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}

// A point is shown where the picture reaches: a run that flies away leaves it.
export function inside(x, axis) {
  return x !== null && x >= axis[0] && x <= axis.at(-1);
}
