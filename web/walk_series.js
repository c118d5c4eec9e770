// walk_series.js - what changes from step to step: f, the gradient, every variable, lr.
import { Picture } from "./picture.js";
import { colour, variable } from "./theme.js";

export class SeriesPicture {
  // curves: {name, x, y, colour: number} in a list; a line marks the present step
  constructor(parent, { title, note, curves, log = false, y }) {
    this.curves = curves;
    this.step = 0;
    this.picture = new Picture(parent, {
      title, note, log: ["yaxis", "xaxis"],
      traces: () => curves.map((curve) => ({ x: curve.x, y: curve.y, name: curve.name, mode: "lines",
        line: { color: colour(curve.colour), width: 2 }, hovertemplate: "step %{x}: %{y:.6g}<extra>%{fullData.name}</extra>" })),
      layout: () => ({ showlegend: true, shapes: [this.mark()],
        xaxis: { title: { text: "step" } }, yaxis: { title: { text: y ?? title }, type: log ? "log" : "linear" } }),
    });
  }

  mark() {
    return { type: "line", xref: "x", yref: "paper", x0: this.step, x1: this.step, y0: 0, y1: 1, line: { color: variable("soft"), width: 1.5, dash: "dot" } };
  }

  show(step) {
    this.step = step;
    this.picture.relayout({ "shapes[0].x0": step, "shapes[0].x1": step });
  }
}
