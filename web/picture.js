// picture.js - one picture: a title, a chart, and what can be done with it.
import { button, download, element, fileName } from "./dom.js";
import { table, tableOf } from "./table.js";
import { onTheme, variable } from "./theme.js";

const CONFIG = { displaylogo: false, displayModeBar: false, scrollZoom: false };

// What every layout has in common, in the colours of the theme.
function dress(layout) {
  const text = variable("text"), line = variable("line");
  const axis = { gridcolor: line, zerolinecolor: line, linecolor: line, automargin: true, exponentformat: "power", minexponent: 6 };
  const made = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: text, size: 12, family: getComputedStyle(document.body).fontFamily },
    margin: { l: 56, r: 14, t: 10, b: 44 }, hovermode: "closest",
    legend: { orientation: "h", y: 1.01, yanchor: "bottom", x: 0, font: { size: 11 } },
    hoverlabel: { bgcolor: variable("ground"), bordercolor: line, font: { color: text } },
    ...layout,
  };
  for (const name of ["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d/.test(key))])
    made[name] = { ...axis, ...layout[name] };
  if (layout.scene) {
    made.scene = { ...layout.scene };
    for (const name of ["xaxis", "yaxis", "zaxis"])
      made.scene[name] = { ...axis, automargin: undefined, backgroundcolor: variable("panel"), ...layout.scene[name] };
  }
  return made;
}

// A page of many pictures opens at once: those far below are drawn when they come near.
const waiting = new Map();
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) drawNow(entry.target);
}, { rootMargin: "800px" });

function drawNow(chart) {
  const picture = waiting.get(chart);
  waiting.delete(chart);
  near.unobserve(chart);
  if (picture && !picture.drawn) picture.draw();
}

function drawWhenSeen(picture) {
  waiting.set(picture.chart, picture);
  near.observe(picture.chart);
}

addEventListener("beforeprint", () => [...waiting.keys()].forEach(drawNow));

export class Picture {
  // options: title, note, traces() and layout(): functions, as colours change with the theme (plain
  // values do where they don't); table(): else it is made of the traces; log: axes with a switch
  constructor(parent, options) {
    this.options = options;
    this.scale = {};
    this.chart = element("div", { class: options.tall ? "plot tall" : "plot", role: "img", "aria-label": options.title });
    this.beside = element("div", { hidden: true });
    this.tools = element("div", { class: "tools", role: "group", "aria-label": `${options.title}: tools` });
    this.element = element("figure", { class: "picture" },
      element("div", { class: "head" }, element("h2", {}, options.title), this.tools),
      options.note ? element("p", { class: "note" }, options.note) : null, this.chart, this.beside);
    parent.append(this.element);
    this.addTools();
    onTheme(() => this.drawn && this.draw());
    drawWhenSeen(this);
    new ResizeObserver(() => this.fit()).observe(this.chart);
  }

  // The chart follows its place, which changes when others come beside it.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.chart;
    const now = this.chart._fullLayout;
    if (now && width > 0 && (Math.abs(now.width - width) > 1 || Math.abs(now.height - height) > 1)) Plotly.Plots.resize(this.chart);
  }

  addTools() {
    const { title, log = [] } = this.options;
    for (const axis of log) {
      const name = axis.split(".").pop()[0];
      const toggle = button(`log ${name}`, `${title}: logarithmic ${name} axis`, () => {
        this.scale[axis] = this.isLog(axis) ? "linear" : "log";
        toggle.setAttribute("aria-pressed", String(this.isLog(axis)));
        this.draw();
      });
      toggle.setAttribute("aria-pressed", String(this.isLog(axis)));
      this.tools.append(toggle);
    }
    this.tableButton = button("Table", `${title}: show as table`, () => this.toggleTable());
    this.tableButton.setAttribute("aria-expanded", "false");
    this.tools.append(this.tableButton,
      button("PNG", `${title}: save as PNG`, () => this.save("png")),
      button("SVG", `${title}: save as SVG`, () => this.save("svg")),
      button("JSON", `${title}: save as JSON`, () => this.saveData()));
  }

  isLog(axis) {
    return (this.scale[axis] ?? read(this.value("layout"), axis)?.type) === "log";
  }

  value(name) {
    const given = this.options[name];
    return (typeof given === "function" ? given() : given) ?? (name === "traces" ? [] : {});
  }

  layout() {
    const layout = structuredClone(this.value("layout"));
    for (const [axis, type] of Object.entries(this.scale)) {
      const parts = axis.split(".");
      const last = parts.pop();
      const holder = parts.reduce((at, part) => (at[part] ??= {}), layout);
      holder[last] = { ...holder[last], type, range: undefined };
    }
    return dress(layout);
  }

  draw() {
    const layout = this.layout();
    this.drawn = true;
    this.ready = Plotly.react(this.chart, this.value("traces"), layout, CONFIG);
  }

  // New numbers for some traces: {x: [[...]], ...} of the traces with these indexes. What is not
  // drawn yet will be drawn with them.
  restyle(update, indexes) {
    if (this.drawn) Plotly.restyle(this.chart, update, indexes);
  }

  relayout(update) {
    if (this.drawn) Plotly.relayout(this.chart, update);
  }

  toggleTable() {
    const open = this.beside.hidden;
    this.tableButton.setAttribute("aria-expanded", String(open));
    this.beside.hidden = !open;
    this.chart.hidden = open;
    if (!open) return;
    const rows = this.options.table ? this.options.table() : tableOf(this.value("traces"), this.value("layout"));
    this.beside.replaceChildren(table(rows, `${this.options.title} as a table`));
  }

  // The saved picture has the ground of the theme, so that it can be read anywhere.
  async save(format) {
    if (!this.drawn) this.draw();
    const figure = {
      data: this.chart.data, config: CONFIG,
      layout: { ...this.layout(), paper_bgcolor: variable("ground"), width: 900, height: 560, title: { text: this.options.title }, margin: { l: 60, r: 20, t: 60, b: 50 } },
    };
    await Plotly.downloadImage(figure, { format, width: 900, height: 560, scale: format === "png" ? 2 : 1, filename: fileName(this.options.title) });
  }

  saveData() {
    const { title, note } = this.options;
    const whole = { title, note, traces: this.value("traces"), layout: this.value("layout") };
    download(`${fileName(title)}.json`, "application/json", JSON.stringify(whole, null, 1));
  }
}

function read(object, path) {
  return path.split(".").reduce((at, part) => at?.[part], object);
}
