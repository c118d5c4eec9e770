// view_follow.js - one run's log as it grows: server-sent events, a line each.
import { tell } from "./log.js";

export class Followed {
  constructor(name, changed) {
    this.lists = { epoch: [], steps: [] };
    this.source = new EventSource(`runs/${encodeURIComponent(name)}/events`);
    this.source.onmessage = (message) => {
      this.take(JSON.parse(message.data));
      changed();
    };
  }

  take(event) {
    if (event.event === "start") this.lists = { epoch: [], steps: [] };
    else if (this.lists[event.event]) tell(this.lists[event.event], event);
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
