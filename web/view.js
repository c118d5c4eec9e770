// view.js - the page of `descent view`: all runs in a list, their curves over each other, live.
import { button, element } from "./dom.js";
import { Followed } from "./view_follow.js";
import { RunList } from "./view_list.js";
import { Picture } from "./picture.js";
import { start } from "./start.js";
import { colour } from "./theme.js";

const QUANTITIES = [
  ["train_loss", "training loss (epochs)"], ["test_loss", "test loss"], ["test_accuracy", "test accuracy"],
  ["train_accuracy", "training accuracy"], ["test_rmse", "test rmse"], ["loss", "training loss (steps)"],
  ["lr", "learning rate"], ["grad_norm", "gradient norm"], ["update_ratio", "update / weights"],
  ["samples_per_second", "samples a second"],
];
const MOST_NAMES = 40; // above the picture; with more of them only the pointer tells
const ACROSS = [["step", "step"], ["epoch", "epoch"], ["seconds", "seconds"]];

function choice(label, options, action) {
  const select = element("select", { "aria-label": label, onchange: () => action(select.value) },
    ...options.map(([value, text]) => element("option", { value }, text)));
  return element("label", {}, `${label} `, select);
}

start((data, main) => {
  const state = { y: "test_accuracy", x: "step", chosen: new Map(), colours: new Map() };
  const picture = element("div", { class: "block" });
  const runs = new RunList((name, on) => choose(name, on));
  const y = choice("show", QUANTITIES, (value) => show("y", value));
  const x = choice("over", ACROSS, (value) => show("x", value));
  y.querySelector("select").value = state.y;

  main.append(element("p", { class: "lead" }, data.text ?? ""),
    element("div", { class: "head" }, element("div", { class: "tools" }, y, x),
      element("div", { class: "tools" },
        button("None", "take all runs off the picture", () => [...state.chosen.keys()].forEach((name) => choose(name, false))),
        button("All", "show all runs", () => runs.names().forEach((name) => choose(name, true))))),
    picture, runs.element);

  const chart = new Picture(picture, {
    title: "Curves", tall: true, log: ["xaxis", "yaxis"], traces: () => traces(state),
    layout: () => ({ xaxis: { title: { text: state.x } }, yaxis: { title: { text: textOf(state.y) } }, showlegend: state.chosen.size <= MOST_NAMES }),
  });

  let waiting = false, took = 0;
  function redraw() { // many lines at once make one drawing; where that takes long, there is more time between two
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      const begin = performance.now();
      waiting = false;
      chart.draw();
      took = performance.now() - begin;
    }, Math.max(200, 4 * took));
  }

  function show(which, value) {
    state[which] = value;
    redraw();
  }

  function choose(name, on) {
    if (on && !state.chosen.has(name)) {
      if (!state.colours.has(name)) state.colours.set(name, state.colours.size);
      state.chosen.set(name, new Followed(runs.named(name), redraw));
    } else if (!on && state.chosen.has(name)) {
      state.chosen.get(name).close();
      state.chosen.delete(name);
    }
    runs.mark(name, on);
    redraw();
  }

  async function refresh() {
    try {
      const answer = await fetch("runs");
      const found = (await answer.json()).runs;
      const first = runs.names().length === 0;
      runs.show(found);
      for (const run of found) state.chosen.get(run.name)?.refresh(run);
      if (first) newest(found).forEach((run) => choose(run.name, true));
    } catch {
      runs.say("The server does not answer. Is descent view still running?");
    }
    setTimeout(refresh, 2000);
  }
  refresh();
  window.descentView = state;
});

// What the page begins with: the runs that were written to last.
function newest(found) {
  return [...found].sort((a, b) => b.changed - a.changed).slice(0, 4);
}

function textOf(quantity) {
  return QUANTITIES.find(([name]) => name === quantity)[1];
}

function traces(state) {
  return [...state.chosen].map(([name, followed]) => {
    const events = followed.points(state.x, state.y);
    const one = colour(state.colours.get(name));
    return {
      name, x: events.map((event) => event[state.x]), y: events.map((event) => event[state.y]),
      mode: events.length > 60 ? "lines" : "lines+markers", line: { color: one }, marker: { color: one, size: 5 },
    };
  });
}
