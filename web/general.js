// general.js - the page that draws any pictures, tables and sentences it is handed.
import { element } from "./dom.js";
import { Picture } from "./picture.js";
import { start } from "./start.js";
import { table } from "./table.js";
import { colour } from "./theme.js";

// Traces without colours of their own get those of the theme, in turn.
function dressed(traces) {
  return traces.map((trace, i) => {
    const plain = !trace.type || trace.type.startsWith("scatter") || trace.type === "bar";
    if (!plain || trace.line?.color || trace.marker?.color || trace.fillcolor) return trace;
    return { ...trace, line: { color: colour(i), ...trace.line }, marker: { color: colour(i), ...trace.marker } };
  });
}

function axesOf(picture) {
  return picture.traces.some((trace) => trace.z) ? [] : ["xaxis", "yaxis"];
}

start((data, main) => {
  for (const line of data.text ?? []) main.append(element("p", { class: "lead" }, line));
  const pictures = element("div", { class: "grid" });
  main.append(pictures);
  for (const picture of data.pictures ?? [])
    new Picture(pictures, {
      title: picture.title, note: picture.note, log: axesOf(picture), tall: picture.traces.some((trace) => trace.z),
      traces: () => dressed(structuredClone(picture.traces)), layout: () => picture.layout ?? {},
    });
  for (const one of data.tables ?? [])
    main.append(element("section", { class: "panel" }, element("h2", {}, one.title), table(one, one.title)));
});
