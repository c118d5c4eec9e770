// walk_curve.js - one variable: the curve, and the balls that step down on it.
import { Picture } from "./picture.js";
import { colour, variable } from "./theme.js";
import { indexAt } from "./walk.js";


export class CurvePicture {
  constructor(parent, data) {
    this.data = data;
    this.step = 0;
    this.ranges = {};
    this.picture = new Picture(parent, {
      title: `f = ${data.formula}`,
      note: "The dashed line is the tangent, the arrow the step that comes next.",
      tall: true, log: ["yaxis"],
      traces: () => [this.curve(), ...data.runs.flatMap((run, i) => this.of(run, i))],
      layout: () => ({ showlegend: true, xaxis: { title: { text: data.variables[0] }, range: [...this.range("x")] }, yaxis: { title: { text: "f" }, range: [...this.range("f")] } }),
      table: () => ({ columns: ["optimizer", "step", data.variables[0], "f", "g"],
        rows: data.runs.flatMap((run) => run.points.step.map((step, k) => [run.optimizer, step, run.points.w[0][k], run.points.f[k], run.points.g[0][k]])) }),
    });
  }

  range(key) {
    return (this.ranges[key] ??= this.findRange(key));
  }

  findRange(key) {
    const values = this.data.curve[key].filter((x) => x !== null);
    if (values.length === 0) return [-1, 1];
    const low = Math.min(...values), high = Math.max(...values), room = key === "f" ? 0.06 * (high - low || 1) : 0;
    return [low - room, high + room];
  }

  curve() {
    const { x, f } = this.data.curve;
    return { x, y: f, name: "f", mode: "lines", line: { color: variable("soft"), width: 2 }, hoverinfo: "skip" };
  }

  // The tangent reaches a sixth of the picture to each side.
  tangent(w, f, g) {
    if (f === null || g === null) return [[], []];
    const half = (this.data.curve.x.at(-1) - this.data.curve.x[0]) / 6;
    return [[w - half, w + half], [f - g * half, f + g * half]];
  }

  // Far outside the picture a point is a gap: charts cannot draw a run that has flown away.
  seen(x, y) {
    const out = { x: [...x], y: [...y] };
    const [left, right] = this.range("x"), [low, high] = this.range("f");
    x.forEach((value, i) => {
      const far = Math.abs(value - left) > 4 * (right - left) || Math.abs(y[i] - low) > 40 * (high - low);
      if (value === null || y[i] === null || far) out.x[i] = out.y[i] = null;
    });
    return out;
  }

  numbers(run) {
    const at = indexAt(run, this.step), { w, f, g } = run.points;
    const next = Math.min(at + 1, f.length - 1);
    const [tx, ty] = this.tangent(w[0][at], f[at], g[0][at]);
    return [
      this.seen(w[0].slice(0, at + 1), f.slice(0, at + 1)), this.seen(tx, ty),
      this.seen([w[0][at], w[0][next]], [f[at], f[next]]), this.seen([w[0][at]], [f[at]]),
    ];
  }

  of(run, i) {
    const [trail, tangent, step, ball] = this.numbers(run), c = colour(i), group = { legendgroup: String(i) };
    const hovertemplate = `${this.data.variables[0]} = %{x:.6g}<br>f = %{y:.6g}<extra></extra>`;
    return [
      { ...trail, ...group, showlegend: false, mode: "lines+markers", opacity: 0.55, line: { color: c, width: 1 }, marker: { color: c, size: 5 }, hovertemplate },
      { ...tangent, ...group, showlegend: false, mode: "lines", line: { color: c, width: 1.5, dash: "dash" }, hoverinfo: "skip" },
      { ...step, ...group, showlegend: false, mode: "lines+markers", line: { color: c, width: 2 }, hoverinfo: "skip",
        marker: { color: c, size: [0, 12], symbol: "arrow", angleref: "previous" } },
      { ...ball, ...group, name: run.optimizer, mode: "markers", marker: { color: c, size: 15, line: { color: variable("ground"), width: 2 } }, hovertemplate },
    ];
  }

  show(step) {
    this.step = step;
    const all = this.data.runs.flatMap((run) => this.numbers(run));
    this.picture.restyle({ x: all.map((t) => t.x), y: all.map((t) => t.y) }, all.map((_, i) => i + 1));
  }
}

