// view_follow.js - the logs of the runs on the picture, and what a clock said of them. A run that is being trained is
// followed line by line (server-sent events). A browser keeps few connections to a server open, so only some runs are;
// the others are read whole, one after another, and again when they have changed.
import { tell } from "./log.js";

const MOST_STREAMS = 3;
let streams = 0;
let reading = Promise.resolve();

export class Followed {
  constructor(run, changed) {
    this.name = run.name;
    this.read = run.changed;
    this.changed = changed;
    this.clear();
    if (run.state === "running" && streams < MOST_STREAMS) this.stream();
    else this.fetch();
  }

  clear() {
    this.lists = { epoch: [], steps: [] };
    this.events = new Map(); // by kind and step
    this.times = new Map(); // what a clock said of them
  }

  stream() {
    streams++;
    this.source = new EventSource(`${this.address()}/events`);
    this.source.onmessage = (message) => {
      this.take(JSON.parse(message.data));
      this.changed();
    };
    this.source.addEventListener("timing", (message) => {
      this.time(JSON.parse(message.data));
      this.changed();
    });
  }

  address() {
    return `runs/${encodeURIComponent(this.name)}`;
  }

  fetch() {
    reading = reading.then(() => this.readAll()).catch(() => {}); // the list tells when the server is gone
  }

  async readAll() {
    if (this.closed) return;
    const [log, timing] = [await lines(`${this.address()}/log`), await lines(`${this.address()}/timing`)];
    this.clear();
    log.forEach((event) => this.take(event));
    timing.forEach((told) => this.time(told));
    this.changed();
  }

  // What the list says of the run now.
  refresh(run) {
    if (this.source || run.changed === this.read) return;
    this.read = run.changed;
    if (run.state === "running" && streams < MOST_STREAMS) {
      this.clear();
      this.stream();
    } else this.fetch();
  }

  time({ event, step, seconds, samples_per_second }) {
    const told = { seconds, samples_per_second }, key = `${event} ${step}`;
    this.times.set(key, told);
    Object.assign(this.events.get(key) ?? {}, told);
  }

  take(event) {
    if (event.event === "start") {
      this.lists = { epoch: [], steps: [] };
      this.events.clear();
    } else if (this.lists[event.event]) {
      const key = `${event.event} ${event.step}`;
      tell(this.lists[event.event], Object.assign(event, this.times.get(key)));
      this.events.set(key, event);
    }
  }

  // What the log tells of epochs and of stretches of steps that has both numbers.
  points(x, y) {
    return [...this.lists.epoch, ...this.lists.steps].filter((event) => typeof event[x] === "number" && typeof event[y] === "number")
      .sort((a, b) => a[x] - b[x]);
  }

  close() {
    this.closed = true;
    if (!this.source) return;
    this.source.close();
    streams--;
  }
}

// The objects of a file of JSON Lines; its last line may be half written.
async function lines(address) {
  const answer = await fetch(address);
  const text = answer.ok ? await answer.text() : "";
  return text.slice(0, text.lastIndexOf("\n") + 1).split("\n").filter((line) => line).map((line) => JSON.parse(line));
}
