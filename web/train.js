// train.js - the page of a training run.
import { element } from "./dom.js";
import { readLog } from "./log.js";
import { percent, short } from "./number.js";
import { start } from "./start.js";
import { table } from "./table.js";
import { Curves } from "./train_curves.js";
import { confusion, filters, fitted, worst } from "./train_examples.js";
import { findings } from "./train_findings.js";
import { boundary } from "./train_plane.js";
import { layers } from "./train_layers.js";

const ENDINGS = { steps: "took all steps", interrupted: "interrupted", diverged: "diverged", early: "stopped early", converged: "converged" };

function facts(main, log) {
  const last = log.result ?? log.epochs.at(-1) ?? {};
  const list = [
    ["Test accuracy", typeof last.test_accuracy === "number" ? percent(last.test_accuracy) : null],
    ["Test rmse", typeof last.test_rmse === "number" ? short(last.test_rmse, 5) : null],
    ["Test loss", short(last.test_loss, 4)], ["Training loss", short(last.train_loss, 4)],
    ["Steps", short(last.steps ?? last.step)],
    ["How it ended", log.result ? ENDINGS[log.result.stop] ?? log.result.stop : "not yet"],
    ["Skipped steps", log.result?.skipped_steps ? short(log.result.skipped_steps) : null],
  ].filter(([, value]) => value !== null);
  main.append(element("div", { class: "facts" }, ...list.map(([name, value]) =>
    element("div", { class: "fact" }, element("span", { class: "note" }, name), element("b", {}, value)))));
}

function recipe(grid, data) {
  grid.append(element("section", { class: "panel" }, element("h2", {}, "Recipe"),
    table({ columns: ["setting", "value"], rows: data.recipe }, "recipe")));
}

function model(grid, { input, parameters, layers: lines }) {
  const indent = (line) => `${"\u00a0\u00a0".repeat(line.depth)}${line.text}`;
  const rows = [["input", input.join("\u00d7"), ""], ...lines.map((line) => [indent(line), line.shape.join("\u00d7"), line.parameters || ""]), ["total", "", parameters]];
  grid.append(element("section", { class: "panel" }, element("h2", {}, "Model"),
    table({ columns: ["layer", "output", "parameters"], rows }, "model")));
}

start((data, main) => {
  const log = readLog(data.log);
  facts(main, log);
  findings(main, data.findings ?? []);
  new Curves(main, log);
  const about = element("div", { class: "grid" });
  if (data.confusion || data.fitted || data.boundary) main.append(element("h2", {}, "On the test part"));
  const tested = element("div", { class: "grid" });
  main.append(tested);
  if (data.boundary) boundary(tested, data.boundary);
  if (data.confusion) confusion(tested, data.confusion);
  if (data.fitted) fitted(tested, data.fitted);
  if (data.worst) worst(main, data.worst);
  layers(main, log);
  if (data.filters) filters(main, data.filters);
  main.append(about);
  recipe(about, data);
  if (data.model) model(about, data.model);
});
