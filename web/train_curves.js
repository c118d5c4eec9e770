// train_curves.js - how a training went: loss, scores, lr.
import { element } from "./dom.js";
import { hasNumbers, smoothed, values } from "./log.js";
import { Picture } from "./picture.js";
import { colour } from "./theme.js";

const MOST_MARKERS = 200;

// Smoothing and the unit of the horizontal axis hold for all curves.
export class Curves {
  constructor(main, log) {
    this.log = log;
    this.keep = 0.9;
    this.by = "step";
    this.pictures = [];
    this.addControls(main);
    this.grid = element("div", { class: "grid" });
    main.append(this.grid);
    this.addLoss();
    this.addScore("accuracy", "Accuracy", "part that is right");
    if (hasNumbers(values(log.epochs, "test_rmse"))) this.addScore("rmse", "Root mean square error", "rmse");
    this.add("Learning rate", "lr", () => this.single("lr"), { log: true });
    this.addInstruments();
  }

  addControls(main) {
    const smoothing = element("input", { type: "range", id: "smoothing", min: "0", max: "0.99", step: "0.01", value: String(this.keep),
      oninput: () => { this.keep = Number(smoothing.value); this.redraw(); } });
    const by = element("select", { id: "by", onchange: () => { this.by = by.value; this.redraw(); } },
      ...["step", "epoch"].map((name) => element("option", { value: name }, name)));
    main.append(element("div", { class: "player panel", role: "group", "aria-label": "all curves" },
      element("label", { for: "smoothing" }, "Smoothing"), smoothing,
      element("label", { for: "by" }, "Against"), by));
  }

  redraw() {
    for (const picture of this.pictures) if (picture.drawn) picture.draw();
  }

  add(title, y, traces, { log = false, note } = {}) {
    if (traces().length === 0) return;
    this.pictures.push(new Picture(this.grid, { title, note, traces, log: ["yaxis", "xaxis"],
      layout: () => ({ showlegend: traces().length > 1, xaxis: { title: { text: this.by } }, yaxis: { title: { text: y }, type: log ? "log" : "linear" } }) }));
  }

  // Where an event stands on the horizontal axis; steps within an epoch are parts of it.
  x(events) {
    if (this.by !== "epoch" || events === this.log.epochs) return values(events, this.by);
    const perEpoch = (this.log.epochs[0]?.step ?? 1) / (this.log.epochs[0]?.epoch ?? 1);
    return events.map((event) => event.step / perEpoch);
  }

  line(events, key, name, index, style = {}) {
    return { x: this.x(events), y: values(events, key), name, mode: events.length === 1 ? "markers" : "lines", line: { color: colour(index), width: 2 },
      hovertemplate: `%{x:.6g}: %{y:.6g}<extra>${name}</extra>`, ...style };
  }

  // Test scores are single measurements, and few enough to see are shown as such.
  points(events, colour) {
    return events.length <= MOST_MARKERS ? { mode: "lines+markers", marker: { color: colour, size: 5 } } : {};
  }

  // Raw numbers of every stretch of steps are faint, with their extremes; the smoothed ones lie on top.
  addLoss() {
    const { epochs, steps } = this.log;
    this.add("Loss", "loss", () => {
      const made = [];
      if (steps.length > 0) {
        const raw = values(steps, "loss"), c = colour(0), x = this.x(steps);
        made.push({ x, y: values(steps, "loss_high"), name: "highest", mode: "lines", line: { width: 0 }, showlegend: false, hoverinfo: "skip" },
          { x, y: values(steps, "loss_low"), name: "lowest to highest", mode: "lines", line: { width: 0 }, fill: "tonexty", fillcolor: `${c}22`, hoverinfo: "skip" },
          { ...this.line(steps, "loss", "train, raw", 0), line: { color: c, width: 1 }, opacity: 0.45 },
          { ...this.line(steps, "loss", "train, smoothed", 0), y: smoothed(raw, this.keep) });
      } else if (epochs.length > 0) made.push(this.line(epochs, "train_loss", "train, mean of the epoch", 0));
      if (epochs.length > 0) made.push(this.line(epochs, "test_loss", "test", 1, this.points(epochs, colour(1))));
      return made;
    }, { log: true });
  }

  addScore(key, title, y) {
    const { epochs } = this.log;
    const lines = () => [[`train_${key}`, "train", 0], [`test_${key}`, "test", 1]]
      .filter(([name]) => hasNumbers(values(epochs, name)))
      .map(([name, label, index]) => this.line(epochs, name, label, index, this.points(epochs, colour(index))));
    this.add(title, y, lines);
  }

  single(key) {
    const events = hasNumbers(values(this.log.steps, key)) ? this.log.steps : this.log.epochs;
    return hasNumbers(values(events, key)) ? [this.line(events, key, key, 0)] : [];
  }

  // Whatever else the stretches of steps carry: NAME with its extremes.
  addInstruments() {
    const known = new Set(["event", "first", "step", "epoch", "loss", "lr", "layers"]);
    const names = new Set(this.log.steps.flatMap((event) => Object.keys(event)));
    for (const name of names) {
      if (known.has(name) || /_(low|high)$/.test(name) || !hasNumbers(values(this.log.steps, name))) continue;
      this.add(words(name), words(name), () => [
        { ...this.line(this.log.steps, name, "raw", 0), line: { color: colour(0), width: 1 }, opacity: 0.5 },
        { ...this.line(this.log.steps, name, "smoothed", 0), y: smoothed(values(this.log.steps, name), this.keep) },
      ], { log: this.log.steps.every((event) => !(event[name] <= 0)) });
    }
  }
}

// "grad_norm" -> "Gradient norm"
export function words(name) {
  const text = name.replace(/^grad_/, "gradient_").replaceAll("_", " ");
  return text[0].toUpperCase() + text.slice(1);
}
