// view_follow.js - one run's log as it grows: server-sent events, a line each; and what a clock said of them.
import { tell } from "./log.js";

export class Followed {
  constructor(name, changed) {
    this.lists = { epoch: [], steps: [] };
    this.times = new Map(); // of events, by kind and step
    this.source = new EventSource(`runs/${encodeURIComponent(name)}/events`);
    this.source.onmessage = (message) => {
      this.take(JSON.parse(message.data));
      changed();
    };
    this.source.addEventListener("timing", (message) => {
      this.time(JSON.parse(message.data));
      changed();
    });
  }

  time({ event, step, seconds, samples_per_second }) {
    const told = { seconds, samples_per_second };
    this.times.set(`${event} ${step}`, told);
    const line = this.lists[event]?.findLast((one) => one.step === step);
    if (line) Object.assign(line, told);
  }

  take(event) {
    if (event.event === "start") this.lists = { epoch: [], steps: [] };
    else if (this.lists[event.event]) tell(this.lists[event.event], Object.assign(event, this.times.get(`${event.event} ${event.step}`)));
  }

  // What the log tells of epochs and of stretches of steps that has both numbers.
  points(x, y) {
    return [...this.lists.epoch, ...this.lists.steps].filter((event) => typeof event[x] === "number" && typeof event[y] === "number")
      .sort((a, b) => a[x] - b[x]);
  }

  close() {
    this.source.close();
  }
}
