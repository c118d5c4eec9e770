// train_plane.js - examples of two features: what the model says of every point, and how it came to that.
import { element } from "./dom.js";
import { short } from "./number.js";
import { Picture } from "./picture.js";
import { colour, variable } from "./theme.js";

// The examples as dots; without classes their colour is the number to be learned.
function dots(data, part, symbol) {
  const line = { width: 1, color: variable("ground") };
  if (!data.classes)
    return [{ x: data[part].x, y: data[part].y, mode: "markers", name: part, marker: { color: data[part].label, colorscale: "Viridis", symbol, size: 7, line } }];
  return data.classes.map((label, k) => {
    const at = data[part].label.flatMap((l, i) => (l === k ? [i] : []));
    return { x: at.map((i) => data[part].x[i]), y: at.map((i) => data[part].y[i]), mode: "markers", name: `${label}, ${part}`,
      marker: { color: colour(k), symbol, size: part === "test" ? 8 : 5, line } };
  });
}

function plane(data, { x, y, said, thousandths }) {
  if (!data.classes) return { type: "heatmap", x, y, z: said, colorscale: "Viridis", colorbar: { thickness: 12 } };
  const n = data.classes.length, steps = data.classes.flatMap((_, k) => [[k / n, colour(k)], [(k + 1) / n, colour(k)]]);
  return { type: "heatmap", x, y, z: said, zmin: -0.5, zmax: n - 0.5, colorscale: steps, opacity: 0.35, showscale: false, customdata: thousandths,
    text: said.map((row) => row.map((k) => String(data.classes[k]))), hovertemplate: "%{text}, %{customdata} in 1000<extra></extra>" };
}

// A slider over the moments; the last is the end of the training.
function slider(moments, show) {
  const label = element("output", { for: "moment" });
  const range = element("input", { type: "range", id: "moment", min: "0", max: String(moments.length - 1), value: String(moments.length - 1), step: "1",
    "aria-label": "step of the training", oninput: () => move(Number(range.value)) });
  function move(i) {
    label.textContent = moments[i].step === undefined ? "the end" : `step ${short(moments[i].step)}`;
    range.setAttribute("aria-valuetext", label.textContent);
    show(i);
  }
  label.textContent = "the end";
  return element("div", { class: "player moments" }, range, label);
}

export function boundary(grid, data) {
  const [a, b] = data.features;
  const early = (data.early?.planes ?? []).map((one) => ({ ...one, x: data.early.x, y: data.early.y }));
  const moments = [...early, data];
  let now = moments.length - 1;
  const picture = new Picture(grid, {
    title: data.classes ? "Decision boundary" : "What the model says of the plane", tall: true,
    note: early.length > 0 ? "Move the slider to see how it came about; large dots are test examples."
      : "At the end of the training; large dots are test examples.",
    traces: () => [plane(data, moments[now]), ...dots(data, "train", "circle"), ...dots(data, "test", "diamond")],
    layout: () => ({ xaxis: { title: { text: a } }, yaxis: { title: { text: b } } }),
    table: () => ({ columns: [a, b, "true", "part"], rows: ["train", "test"].flatMap((part) =>
      data[part].x.map((x, i) => [x, data[part].y[i], data.classes ? String(data.classes[data[part].label[i]]) : data[part].label[i], part])) }),
  });
  if (early.length > 0)
    picture.element.append(slider(moments, (i) => { now = i; picture.draw(); }));
}
