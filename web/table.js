// table.js - tables, and pictures read as tables.
import { element } from "./dom.js";
import { short } from "./number.js";

const MOST_ROWS = 500;

// {columns: [...], rows: [[...], ...]}; cells that are no numbers stand to the left.
export function table({ columns, rows }, label) {
  const shown = rows.slice(0, MOST_ROWS);
  const cell = (x) => element("td", typeof x === "string" ? { class: x.length > 30 ? "text long" : "text" } : {}, short(x));
  const isText = (i) => typeof shown[0]?.[i] === "string";
  const made = element("table", {},
    element("thead", {}, element("tr", {}, ...columns.map((name, i) =>
      element("th", { scope: "col", class: isText(i) ? "text" : null }, name)))),
    element("tbody", {}, ...shown.map((row) => element("tr", {}, ...row.map(cell)))));
  const rest = rows.length - shown.length;
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    made, rest > 0 ? element("p", { class: "note" }, `${short(rest)} more rows are in the JSON.`) : null);
}

// One row for every x of any curve, one column for every curve; maps as they are.
export function tableOf(traces, layout) {
  const map = traces.find((trace) => Array.isArray(trace.z?.[0]));
  if (map) return tableOfMap(map);
  if (traces.some((trace) => trace.type === "scatter3d")) return tableOfPaths(traces, ["x", "y", "z"]);
  const sorted = traces.every((trace) => isSorted(trace.x));
  return sorted ? tableOfCurves(traces, layout) : tableOfPaths(traces, ["x", "y"]);
}

function isSorted(x) {
  return (x ?? []).every((value, i) => i === 0 || !(value <= x[i - 1]));
}

function tableOfMap(map) {
  const columns = map.x ?? map.z[0].map((_, i) => i);
  const down = map.y ?? map.z.map((_, i) => i);
  return {
    columns: ["", ...columns.map((x) => short(x, 4))],
    rows: map.z.map((row, i) => [short(down[i], 4), ...row]),
  };
}

function tableOfPaths(traces, keys) {
  const rows = [];
  for (const trace of traces)
    for (let i = 0; i < (trace.x?.length ?? 0); i++) rows.push([trace.name ?? "", ...keys.map((key) => trace[key]?.[i])]);
  return { columns: ["", ...keys], rows };
}

function tableOfCurves(traces, layout) {
  const curves = traces.filter((trace) => trace.x?.length > 0 && trace.showInTable !== false);
  const xs = [...new Set(curves.flatMap((trace) => [...trace.x]))];
  if (xs.every((x) => typeof x === "number")) xs.sort((a, b) => a - b);
  const found = curves.map((trace) => new Map(trace.x.map((x, i) => [x, trace.y[i]])));
  return {
    columns: [layout?.xaxis?.title?.text ?? "x", ...curves.map((trace) => trace.name ?? layout?.yaxis?.title?.text ?? "y")],
    rows: xs.map((x) => [x, ...found.map((values) => values.get(x))]),
  };
}
