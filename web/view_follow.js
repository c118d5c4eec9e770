// view_follow.js - one run's log as it grows: server-sent events, a line each.

export class Followed {
  constructor(name, changed) {
    this.events = [];
    this.source = new EventSource(`runs/${encodeURIComponent(name)}/events`);
    this.source.onmessage = (message) => {
      this.take(JSON.parse(message.data));
      changed();
    };
  }

  // A run that was resumed tells some steps twice: the later telling counts.
  take(event) {
    const { event: kind } = event;
    if (kind === "start") this.events = [];
    if (kind !== "epoch" && kind !== "steps") return;
    const from = event.first ?? event.step;
    const again = this.events.findIndex((one) => one.event === kind && one.step >= from);
    if (again >= 0) this.events = this.events.filter((one) => one.event !== kind || one.step < from);
    this.events.push(event);
  }

  close() {
    this.source.close();
  }
}
