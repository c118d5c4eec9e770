// minimize.js - the page of `descent minimize --report`: balls that roll down a formula.
import { element } from "./dom.js";
import { Formulas } from "./formula.js";
import { short } from "./number.js";
import { Player } from "./player.js";
import { start } from "./start.js";
import { table } from "./table.js";
import { timeline } from "./walk.js";
import { CurvePicture } from "./walk_curve.js";
import { Ground } from "./walk_ground.js";
import { canDrawSurfaces, MapPicture, SurfacePicture } from "./walk_map.js";
import { SeriesPicture } from "./walk_series.js";

function heightSwitch(parent, ground, pictures) {
  const select = element("select", { id: "heights", onchange: () => {
    ground.log = select.value === "log";
    for (const { picture } of pictures) if (picture.drawn) picture.draw();
  } }, element("option", { value: "linear", selected: !ground.log }, "as they are"),
  element("option", { value: "log", selected: ground.log }, "logarithms, counted from the lowest point"));
  parent.append(element("p", {}, element("label", { for: "heights" }, "Heights: "), select));
}

function drawGround(main, grid, data) {
  const ground = new Ground(data.surface, data.runs);
  if (!Number.isFinite(ground.high)) {
    grid.append(element("p", { class: "panel note" }, "The formula has no finite value anywhere near the start, so there is nothing to draw."));
    return [];
  }
  const made = [new MapPicture(grid, data, ground)];
  if (canDrawSurfaces()) made.push(new SurfacePicture(grid, data, ground));
  else grid.append(element("p", { class: "panel note" }, "This browser draws no surfaces (it has no WebGL here); the map shows the same."));
  heightSwitch(main, ground, made);
  return made;
}

const MOST_PICTURES = 12; // of single variables

function variableCurves(grid, data) {
  const { runs, variables } = data;
  const curve = (run, i, name, number) => ({ x: run.points.step, y: run.points.w[i], name, colour: number });
  if (runs.length === 1)
    return [new SeriesPicture(grid, { title: variables.length > 1 ? "Variables" : variables[0], y: variables.length > 1 ? "value" : variables[0],
      curves: variables.map((name, i) => curve(runs[0], i, name, i)) })];
  return variables.slice(0, MOST_PICTURES).map((name, i) => new SeriesPicture(grid, { title: name, curves: runs.map((run, r) => curve(run, i, run.optimizer, r)) }));
}

function seriesOf(grid, data) {
  const of = (key) => data.runs.map((run, r) => ({ x: run.points.step, y: run.points[key], name: run.optimizer, colour: r }));
  const all = [
    new SeriesPicture(grid, { title: "f", curves: of("f"), log: data.runs.every((run) => run.points.f.every((f) => f === null || f > 0)) }),
    new SeriesPicture(grid, { title: "Length of the gradient", y: "|g|", curves: of("g_norm"), log: true }),
    ...variableCurves(grid, data),
  ];
  if (data.runs.some((run) => run.points.lr.some((lr) => lr !== run.points.lr[0])))
    all.push(new SeriesPicture(grid, { title: "Learning rate", y: "lr", curves: of("lr") }));
  return all;
}

function results(data) {
  return { columns: ["optimizer", "how it ended", "steps", "f", ...data.variables.slice(0, 6)],
    rows: data.runs.map((run) => [run.optimizer, run.result.sentence, run.result.steps, run.result.f, ...run.result.w.slice(0, 6)]) };
}

// What is wrong with the walks, and what to change.
function findings(data) {
  return { columns: ["optimizer", "finding", "what was seen", "why", "what to change", "flag"],
    rows: data.runs.flatMap((run) => (run.findings ?? []).map((one) => [run.optimizer, one.name, one.evidence, one.cause, one.remedy, one.flags])) };
}

start((data, main) => {
  const from = data.variables.map((name, i) => `${name} = ${short(data.start[i])}`).slice(0, 8).join(", ");
  main.append(element("p", { class: "lead" }, `From ${from}${data.schedule === "constant" ? "" : `, schedule ${data.schedule}`}. Every number is the engine's own.`));
  const controls = element("div"), grid = element("div", { class: "grid" }), below = element("div", { class: "grid" });
  main.append(controls);
  const shown = [];
  main.append(grid);
  if (data.curve) shown.push(new CurvePicture(grid, data));
  if (data.surface) shown.push(...drawGround(controls, grid, data));
  const formulas = new Formulas(data.curve ? grid : main, data);
  main.append(below);
  shown.push(...seriesOf(below, data), formulas);
  main.append(element("section", { class: "panel" }, element("h2", {}, "How it ended"), table(results(data), "how each run ended")));
  const found = findings(data);
  if (found.rows.length > 0) main.append(element("section", { class: "panel" }, element("h2", {}, "Findings"), table(found, "what is wrong with the walks")));
  const steps = timeline(data.runs);
  window.descentPlayer = new Player(controls, steps, (position) => {
    for (const one of shown) one.show(steps[position]);
  });
});
