// log.js - the events of a run's log, sorted by what they are.

// Adds an event to those of its kind. Who follows a log while its run is resumed is told some steps
// twice: the later telling counts.
export function tell(list, event) {
  const first = event.first ?? event.step;
  while (list.length > 0 && list.at(-1).step >= first) list.pop();
  list.push(event);
}

export function readLog(events) {
  const log = { start: {}, epochs: [], steps: [], skips: [], histograms: [], result: null };
  const lists = { epoch: log.epochs, steps: log.steps, skip: log.skips, histogram: log.histograms };
  for (const event of events) {
    const list = lists[event.event];
    if (list) list.push(event);
    else if (event.event === "start") log.start = event;
    else if (event.event === "result") log.result = event;
  }
  return log;
}

// Values of one key over events; what isn't there is a gap.
export function values(events, key) {
  return events.map((event) => event[key] ?? null);
}

export function hasNumbers(list) {
  return list.some((x) => typeof x === "number");
}

// A running mean that forgets: each value counts less by the factor `keep` with every later one.
export function smoothed(list, keep) {
  let sum = 0, weight = 0;
  return list.map((x) => {
    if (typeof x !== "number") return null;
    sum = keep * sum + (1 - keep) * x;
    weight = keep * weight + (1 - keep);
    return sum / weight;
  });
}
