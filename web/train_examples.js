// train_examples.js - what the model gets right and wrong: confusion, worst examples, filters.
import { element } from "./dom.js";
import { percent, short } from "./number.js";
import { Picture } from "./picture.js";
import { table } from "./table.js";
import { colour, isDark, variable } from "./theme.js";

export function confusion(grid, data) {
  const { classes, counts } = data, names = classes.map(String);
  const share = counts.map((row) => { const all = row.reduce((a, b) => a + b, 0) || 1; return row.map((n) => n / all); });
  new Picture(grid, {
    title: "Confusion matrix", tall: true, note: "Rows are the true classes, columns the predictions; colours are parts of the row.",
    traces: () => [{ type: "heatmap", x: names, y: names, z: share, customdata: counts, text: names.length <= 20 ? counts : null,
      texttemplate: names.length <= 20 ? "%{text}" : null, textfont: { color: variable("text") }, colorscale: isDark() ? [[0, "#1d2127"], [1, "#1f6fa8"]] : [[0, "#f6f7f9"], [1, "#3f8fc8"]], showscale: false,
      hovertemplate: "%{y} taken for %{x}: %{customdata}<extra></extra>" }],
    layout: () => ({ xaxis: { title: { text: "predicted" }, type: "category" }, yaxis: { title: { text: "true" }, type: "category", autorange: "reversed" } }),
    table: () => ({ columns: ["true \\ predicted", ...names, "right"], rows: counts.map((row, i) => [names[i], ...row, percent(share[i][i])]) }),
  });
}

export function fitted(grid, { target, predicted }) {
  const all = [...target, ...predicted], low = all.reduce((a, b) => Math.min(a, b)), high = all.reduce((a, b) => Math.max(a, b));
  new Picture(grid, {
    title: "Predicted and true", note: "A perfect prediction lies on the line.",
    traces: () => [{ x: [low, high], y: [low, high], mode: "lines", name: "perfect", line: { color: variable("soft"), dash: "dash" }, hoverinfo: "skip", showInTable: false },
      { x: target, y: predicted, mode: "markers", name: "test examples", marker: { color: colour(0), size: 6, opacity: 0.7 } }],
    layout: () => ({ xaxis: { title: { text: "true" } }, yaxis: { title: { text: "predicted" } } }),
    table: () => ({ columns: ["true", "predicted"], rows: target.map((t, i) => [t, predicted[i]]) }),
  });
}

// Numbers of a picture, channel by channel, on a canvas; tint: from blue over white to red.
export function paint([channels, height, width], numbers, tint = false) {
  const canvas = element("canvas", { width, height, role: "img", "aria-label": "picture" });
  const context = canvas.getContext("2d"), image = context.createImageData(width, height), size = height * width;
  for (let i = 0; i < size; i++) {
    const pixel = [0, 1, 2].map((c) => numbers[(channels === 3 ? c : 0) * size + i]);
    const t = pixel[0] / 1000, weak = 255 * (1 - Math.abs(t));
    image.data.set(!tint || channels === 3 ? [...(tint ? pixel.map((x) => 127.5 + x * 0.1275) : pixel), 255]
      : t > 0 ? [255, weak, weak, 255] : [weak, weak, 255, 255], 4 * i);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function worstText(one) {
  return one.wrong === undefined ? `${short(one.target, 4)}, predicted ${short(one.predicted, 4)}`
    : `${one.target}, ${one.wrong ? `taken for ${one.predicted}` : "right"} (${percent(one.p_target)} for ${one.target})`;
}

export function worst(main, { shape, features, examples }) {
  if (examples.length === 0) return;
  const panel = element("section", { class: "panel" }, element("h2", {}, "Worst-predicted test examples"),
    element("p", { class: "note" }, "The largest errors come first; these were never trained on."));
  const isPicture = shape.length === 3 && (shape[0] === 1 || shape[0] === 3) && examples[0].x;
  if (isPicture)
    panel.append(element("div", { class: "shots" }, ...examples.map((one) =>
      element("div", { class: "shot" }, paint(shape, one.x), worstText(one)))));
  const names = shape.length === 1 && shape[0] <= 32 ? [...Array(shape[0]).keys()].map((i) => features[i] ?? `x${i + 1}`) : [];
  const rows = examples.map((one) => [one.index, one.target, one.predicted, one.p_target ?? one.error, ...names.map((_, i) => one.x?.[i])]);
  const all = table({ columns: ["example", "true", "predicted", examples[0].p_target === undefined ? "error" : "probability of the true class", ...names], rows }, "worst-predicted test examples");
  panel.append(isPicture ? element("details", {}, element("summary", {}, "As a table"), all) : all);
  main.append(panel);
}

export function filters(main, data) {
  main.append(element("section", { class: "panel filters" }, element("h2", {}, `What ${data.of} looks for`),
    element("p", { class: "note" }, `Weights of ${data.filters.length} of ${data.count} filters: red adds, blue takes away, each drawn to its own largest weight.`),
    element("div", { class: "shots" }, ...data.filters.map((one, i) =>
      element("div", { class: "shot", title: `filter ${i}, largest weight ${short(one.largest, 3)}` }, paint(data.shape, one.thousandths, true))))));
}
