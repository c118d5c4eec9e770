// start.js - reads the page's data, sets title and theme, and lets one kind of page draw itself.
import { startTheme } from "./theme.js";

export function start(draw) {
  const data = JSON.parse(document.getElementById("data").textContent);
  const title = data.title ?? data.kind;
  document.title = `${title} - descent`;
  document.getElementById("title").textContent = title;
  startTheme();
  draw(data, document.getElementById("main"));
  window.descentPage = { data, ready: true };
}
