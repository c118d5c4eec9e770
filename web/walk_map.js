// walk_map.js - two variables: the map from above, and the surface with the balls on it.
import { Picture } from "./picture.js";
import { colour, isDark, variable } from "./theme.js";
import { indexAt, inside } from "./walk.js";

const scale = () => (isDark() ? [[0, "#10242f"], [0.5, "#25546b"], [1, "#8fc7d8"]] : [[0, "#6aa7c4"], [0.5, "#bcd9e4"], [1, "#f4f8fa"]]);

function ball(i) {
  return { color: colour(i), size: 14, line: { color: variable("ground"), width: 2 } };
}

// The points of a run up to a step, x, y and height; those outside the picture are gaps.
function path(run, ground, step) {
  const at = indexAt(run, step), { w, f } = run.points, x = [], y = [], z = [];
  for (let k = 0; k <= at; k++) {
    const shown = inside(w[0][k], ground.surface.x) && inside(w[1][k], ground.surface.y);
    x.push(shown ? w[0][k] : null);
    y.push(shown ? w[1][k] : null);
    z.push(shown && f[k] !== null ? ground.height(f[k]) + ground.lift : null);
  }
  return { x, y, z, end: { x: x.slice(-1), y: y.slice(-1), z: z.slice(-1) } };
}

class Walked {
  constructor(data, ground) {
    this.data = data;
    this.ground = ground;
    this.step = 0;
  }

  paths() {
    return this.data.runs.map((run) => path(run, this.ground, this.step));
  }

  // Trails and balls follow the ground in the list of traces.
  show(step) {
    this.step = step;
    const all = this.paths().flatMap((p) => [p, p.end]);
    const update = { x: all.map((t) => t.x), y: all.map((t) => t.y) };
    if (this.deep) update.z = all.map((t) => t.z);
    return this.picture.restyle(update, all.map((_, i) => i + 1));
  }

  table() {
    const { runs, variables } = this.data;
    return { columns: ["optimizer", "step", ...variables, "f"],
      rows: runs.flatMap((run) => run.points.step.map((step, k) => [run.optimizer, step, run.points.w[0][k], run.points.w[1][k], run.points.f[k]])) };
  }
}

export class MapPicture extends Walked {
  constructor(parent, data, ground) {
    super(data, ground);
    const [x, y] = data.variables;
    this.picture = new Picture(parent, {
      title: "Map", tall: true, traces: () => this.traces(), table: () => this.table(),
      note: "Lines of equal height; a step goes against the gradient, straight across them, unless the rule remembers earlier ones.",
      layout: () => ({ showlegend: true, xaxis: { title: { text: x }, range: ends(data.surface.x) }, yaxis: { title: { text: y }, range: ends(data.surface.y) } }),
    });
  }

  traces() {
    const { x, y, f } = this.data.surface, [a, b] = this.data.variables;
    const hovertemplate = `${a} = %{x:.6g}<br>${b} = %{y:.6g}<extra></extra>`;
    const ground = { type: "contour", x, y, z: this.ground.heights(), customdata: f, ncontours: 24, colorscale: scale(), name: "f",
      contours: { coloring: "fill" }, line: { width: 0.6, color: variable("soft") }, showscale: false,
      hovertemplate: `${a} = %{x:.4g}<br>${b} = %{y:.4g}<br>f = %{customdata:.6g}<extra></extra>` };
    return [ground, ...this.paths().flatMap((p, i) => [
      { x: p.x, y: p.y, mode: "lines+markers", showlegend: false, line: { color: colour(i), width: 2 }, marker: { color: colour(i), size: 4 }, hovertemplate },
      { ...p.end, mode: "markers", name: this.data.runs[i].optimizer, marker: ball(i), hovertemplate },
    ])];
  }
}

export class SurfacePicture extends Walked {
  constructor(parent, data, ground) {
    super(data, ground);
    this.deep = true;
    const [x, y] = data.variables;
    this.picture = new Picture(parent, {
      title: "Surface", tall: true, traces: () => this.traces(), table: () => this.table(),
      note: "Drag to turn it.",
      layout: () => ({ showlegend: false, margin: { l: 0, r: 0, t: 0, b: 0 }, uirevision: "kept",
        scene: { xaxis: { title: { text: x }, range: ends(data.surface.x) }, yaxis: { title: { text: y }, range: ends(data.surface.y) },
          zaxis: { title: { text: this.ground.name } }, aspectmode: "manual", aspectratio: { x: 1, y: 1, z: 0.45 }, camera: { eye: { x: -0.55, y: -1.1, z: 1.4 } } } }),
    });
  }

  traces() {
    const { x, y } = this.data.surface;
    const ground = { type: "surface", x, y, z: this.ground.heights(), colorscale: scale(), showscale: false, hoverinfo: "skip", name: "f",
      contours: { z: { show: true, color: variable("soft"), width: 1 } } };
    return [ground, ...this.paths().flatMap((p, i) => [
      { type: "scatter3d", x: p.x, y: p.y, z: p.z, mode: "lines+markers", line: { color: colour(i), width: 5 }, marker: { color: colour(i), size: 2.5 }, hoverinfo: "skip", showlegend: false },
      { type: "scatter3d", ...p.end, mode: "markers", name: this.data.runs[i].optimizer, marker: { color: colour(i), size: 8 }, hoverinfo: "skip" },
    ])];
  }
}

function ends(values) {
  return [values[0], values.at(-1)];
}

export function canDrawSurfaces() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}
