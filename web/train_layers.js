// train_layers.js - what happened in each layer over time, and histograms of its numbers.
import { element } from "./dom.js";
import { Picture } from "./picture.js";
import { words } from "./train_curves.js";
import { isDark } from "./theme.js";

const ground = () => (isDark() ? "Viridis" : "Blues");

// Rows are layers, first at the top; columns are stretches of steps; colours are logarithms.
function layerMap(grid, log, name) {
  const layers = log.start.layers ?? [];
  const events = log.steps.filter((event) => event.layers?.[name]);
  if (events.length === 0 || layers.length === 0) return;
  const raw = layers.map((_, i) => events.map((event) => event.layers[name][i] ?? null));
  const positive = raw.every((row) => row.every((x) => x === null || x >= 0));
  const shown = positive ? raw.map((row) => row.map((x) => (x > 0 ? Math.log10(x) : null))) : raw;
  new Picture(grid, {
    title: `${words(name)} in each layer`, note: positive ? "Colours are powers of ten." : null,
    traces: () => [{ type: "heatmap", x: events.map((event) => event.step), y: layers, z: shown, customdata: raw, colorscale: ground(), reversescale: !isDark(),
      colorbar: { thickness: 12, tickprefix: positive ? "10<sup>" : "", ticksuffix: positive ? "</sup>" : "" },
      hovertemplate: `step %{x}, %{y}: %{customdata:.4g}<extra></extra>` }],
    layout: () => ({ xaxis: { title: { text: "step" } }, yaxis: { autorange: "reversed", type: "category" } }),
    table: () => ({ columns: ["step", ...layers], rows: events.map((event, k) => [event.step, ...raw.map((row) => row[k])]) }),
  });
}

// Counts fall into the bins of one common range, so that columns can be compared.
const BINS = 60;

function rebin(events) {
  const low = Math.min(...events.map((event) => event.low)), high = Math.max(...events.map((event) => event.high));
  const width = (high - low) / BINS || 1;
  const z = Array.from({ length: BINS }, () => new Array(events.length).fill(0));
  events.forEach((event, k) => {
    const total = event.counts.reduce((a, b) => a + b, 0) || 1, each = (event.high - event.low) / event.counts.length;
    event.counts.forEach((count, j) => {
      const from = event.low + j * each, to = from + each;
      const first = Math.max(0, Math.min(BINS - 1, Math.floor((from - low) / width)));
      const last = Math.max(first, Math.min(BINS - 1, Math.ceil((to - low) / width) - 1));
      for (let bin = first; bin <= last; bin++) z[bin][k] += count / total / (last - first + 1);
    });
  });
  return { z, y: z.map((_, j) => low + (j + 0.5) * width) };
}

function histogramMap(grid, events, of, layer) {
  const { z, y } = rebin(events);
  const shown = z.map((row) => row.map((part) => (part > 0 ? Math.sqrt(part) : null)));
  new Picture(grid, {
    title: `${words(of)} of ${layer}`, note: "How often each value occurs; colours are square roots, so that rare ones are seen.",
    traces: () => [{ type: "heatmap", x: events.map((event) => event.step), y, z: shown, customdata: z, colorscale: ground(), reversescale: !isDark(), showscale: false,
      hovertemplate: "step %{x}, near %{y:.4g}: %{customdata:.2%}<extra></extra>" }],
    layout: () => ({ xaxis: { title: { text: "step" } }, yaxis: { title: { text: "value" } } }),
    table: () => ({ columns: ["step", ...y.map((value) => value.toPrecision(3))], rows: events.map((event, k) => [event.step, ...z.map((row) => row[k])]) }),
  });
}

export function layers(main, log) {
  const names = new Set(log.steps.flatMap((event) => Object.keys(event.layers ?? {})));
  if (names.size === 0 && log.histograms.length === 0) return;
  const grid = element("div", { class: "grid" });
  main.append(element("h2", {}, "Layer by layer"), grid);
  for (const name of names) layerMap(grid, log, name);
  const groups = Map.groupBy ? Map.groupBy(log.histograms, key) : group(log.histograms);
  for (const events of groups.values()) histogramMap(grid, events, events[0].of, events[0].layer);
}

const key = (event) => `${event.of} ${event.layer}`;

function group(events) {
  const groups = new Map();
  for (const event of events) groups.set(key(event), [...(groups.get(key(event)) ?? []), event]);
  return groups;
}
