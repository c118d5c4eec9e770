// view_list.js - the list of runs: what each trained, where it stands, how good it is; sortable.
import { element } from "./dom.js";
import { short } from "./number.js";

const COLUMNS = [
  ["name", "run"], ["state", "state"], ["data", "data"], ["optimizer", "optimizer"], ["batch", "batch"], ["epoch", "epoch"],
  ["test_accuracy", "test accuracy"], ["test_loss", "test loss"], ["test_rmse", "test rmse"], ["findings", "findings"], ["seconds", "seconds"],
  ["model", "model"],
];

export class RunList {
  constructor(choose) {
    this.choose = choose;
    this.runs = [];
    this.marked = new Set();
    this.by = "name";
    this.down = false;
    this.message = element("p", { class: "note", role: "status" });
    this.place = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "runs" });
    this.element = element("section", { class: "panel" }, element("h2", {}, "Runs"), this.message, this.place);
  }

  names() {
    return this.runs.map((run) => run.name);
  }

  named(name) {
    return this.runs.find((run) => run.name === name);
  }

  say(text) {
    this.message.textContent = text;
  }

  show(runs) {
    const before = JSON.stringify(this.runs);
    this.runs = runs;
    this.say(runs.length === 0 ? "There are no runs here yet." : "");
    if (runs.length === 0 || JSON.stringify(runs) !== before) this.draw();
  }

  mark(name, on) {
    if (on) this.marked.add(name);
    else this.marked.delete(name);
    const box = this.place.querySelector(`[data-run="${CSS.escape(name)}"]`);
    if (box) box.checked = on;
  }

  // Runs that lack a value stand behind those that have it, whatever the direction.
  sorted() {
    const value = (run) => run[this.by] ?? null;
    const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true }));
    return [...this.runs].sort((a, b) => {
      if (value(a) === null || value(b) === null) return (value(a) === null) - (value(b) === null);
      return this.down ? order(value(b), value(a)) : order(value(a), value(b));
    });
  }

  sortBy(key) {
    this.down = this.by === key ? !this.down : false;
    this.by = key;
    this.draw();
    this.place.querySelector(`[data-key="${key}"] button`).focus();
  }

  header([key, text]) {
    const sort = this.by === key ? (this.down ? "descending" : "ascending") : "none";
    const arrow = sort === "none" ? "" : this.down ? " \u2193" : " \u2191";
    return element("th", { scope: "col", "data-key": key, "aria-sort": sort, class: "text" },
      element("button", { type: "button", onclick: () => this.sortBy(key) }, text + arrow));
  }

  row(run) {
    const box = element("input", { type: "checkbox", "data-run": run.name, "aria-label": `show ${run.name}`, onchange: () => this.choose(run.name, box.checked) });
    box.checked = this.marked.has(run.name);
    const cells = COLUMNS.map(([key]) => {
      const value = run[key];
      if (key === "name" && run.report)
        return element("td", { class: "text" }, element("a", { href: `runs/${encodeURIComponent(run.name)}/report` }, run.name));
      return element("td", { class: typeof value === "number" ? "" : String(value ?? "").length > 30 ? "text long" : "text" }, value === undefined ? "" : short(value));
    });
    return element("tr", {}, element("td", {}, box), ...cells);
  }

  draw() {
    const focused = document.activeElement?.dataset?.run;
    this.place.replaceChildren(element("table", {},
      element("thead", {}, element("tr", {}, element("th", { scope: "col", class: "text" }, "show"), ...COLUMNS.map((column) => this.header(column)))),
      element("tbody", {}, ...this.sorted().map((run) => this.row(run)))));
    if (focused) this.place.querySelector(`[data-run="${CSS.escape(focused)}"]`)?.focus();
  }
}
