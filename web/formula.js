// formula.js - the update rule of each run, with the numbers of the present step filled in.
import { element } from "./dom.js";
import { short } from "./number.js";
import { colour, onTheme } from "./theme.js";
import { indexAt } from "./walk.js";

const MOST_VARIABLES = 6;

// "x = 5 - 0.1 * 10 = 4"; d is what the rule made of the gradient: (before - after) / lr
function filledIn(name, before, after, lr, g) {
  if (before === null || after === null) return `${name}: no longer finite`;
  const moved = before - after;
  if (!(lr > 0)) return `${name} = ${short(before)} ${moved < 0 ? "+" : "-"} ${short(Math.abs(moved))} = ${short(after)}`;
  const d = moved / lr;
  const same = g !== null && Math.abs(d - g) <= 1e-6 * Math.max(Math.abs(g), Math.abs(d));
  return `${name} \u2190 ${name} \u2212 lr d = ${short(before)} \u2212 ${short(lr)} \u00d7 ${d < 0 ? `(${short(d)})` : short(d)} = ${short(after)}`
    + (same ? "   (d = g)" : `   (g = ${short(g)})`);
}

function lines(run, variables, at) {
  const { step, w, g, f, g_norm: norm, lr } = run.points;
  const here = `step ${short(step[at])}: f = ${short(f[at])}, |g| = ${short(norm[at])}`;
  if (at + 1 >= step.length) return [here, run.result.sentence];
  if (step[at + 1] - step[at] > 1) return [here, `the next point kept is ${step[at + 1] - step[at]} steps further`];
  return [here, ...variables.slice(0, MOST_VARIABLES).map((name, i) => filledIn(name, w[i][at], w[i][at + 1], lr[at + 1], g[i][at]))];
}

export class Formulas {
  constructor(parent, data) {
    this.data = data;
    this.numbers = [];
    this.panel = element("section", { class: "panel", "aria-label": "the update rule with its numbers" });
    for (const run of data.runs) {
      const numbers = element("div", { class: "math" });
      this.numbers.push(numbers);
      this.panel.append(element("div", { class: "rule" },
        element("h2", {}, run.optimizer),
        run.rule ? element("p", { class: "math soft" }, run.rule) : null, numbers));
    }
    const paint = () => [...this.panel.children].forEach((rule, i) => rule.style.setProperty("--swatch", colour(i)));
    onTheme(paint);
    paint();
    parent.append(this.panel);
  }

  show(step) {
    this.data.runs.forEach((run, i) =>
      this.numbers[i].replaceChildren(...lines(run, this.data.variables, indexAt(run, step)).map((line) => element("p", {}, line))));
  }
}
