// player.js - play, pause, scrub and speed, by mouse and by keyboard.
import { button, element } from "./dom.js";
import { short } from "./number.js";

const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const WHOLE = 8; // seconds that all of it should take at first

export class Player {
  // steps[i]: the number of the step that stands at position i; show(i) draws it
  constructor(parent, steps, show) {
    this.steps = steps;
    this.show = show;
    this.last = steps.length - 1;
    this.at = 0;
    this.playing = false;
    this.speed = SPEEDS.find((speed) => speed * WHOLE >= this.last) ?? 1000;
    this.addControls(parent);
    document.addEventListener("keydown", (event) => this.key(event));
    this.go(0);
  }

  addControls(parent) {
    this.toggle = button("Play", "play", () => this.play(!this.playing));
    this.toggle.classList.add("play");
    this.slider = element("input", { type: "range", id: "scrub", min: "0", max: String(this.last), value: "0", step: "1",
      "aria-label": "step", oninput: () => { this.play(false); this.go(Number(this.slider.value)); } });
    this.label = element("output", { for: "scrub" });
    this.select = element("select", { "aria-label": "speed", onchange: () => { this.speed = Number(this.select.value); } },
      ...SPEEDS.map((speed) => element("option", { value: speed, selected: speed === this.speed }, `${speed} steps/s`)));
    parent.append(element("div", { class: "player panel", role: "group", "aria-label": "the walk, step by step" },
      this.toggle, button("\u2039", "one step back", () => { this.play(false); this.go(this.at - 1); }),
      button("\u203a", "one step on", () => { this.play(false); this.go(this.at + 1); }),
      this.slider, this.label, this.select,
      element("span", { class: "note" }, "space: play, arrows: one step")));
  }

  go(position) {
    this.at = Math.max(0, Math.min(this.last, position));
    this.slider.value = String(this.at);
    this.label.textContent = `step ${short(this.steps[this.at])} of ${short(this.steps[this.last])}`;
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    this.show(this.at);
  }

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.toggle.textContent = on ? "Pause" : "Play";
    this.toggle.setAttribute("aria-label", on ? "pause" : "play");
    if (!on) return;
    if (this.at === this.last) this.go(0);
    this.since = performance.now();
    this.owed = 0;
    requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    if (!this.playing) return;
    this.owed += ((now - this.since) / 1000) * this.speed;
    this.since = now;
    const whole = Math.floor(this.owed);
    if (whole > 0) {
      this.owed -= whole;
      this.go(this.at + whole);
    }
    if (this.at === this.last) this.play(false);
    else requestAnimationFrame((later) => this.tick(later));
  }

  // Keys mean the walk, unless what has the focus needs them itself.
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target.tagName;
    if (event.target === this.slider ? event.key !== " " : on === "SELECT" || on === "INPUT") return;
    if (event.key === " " && on === "BUTTON" && event.target !== this.toggle) return;
    if (event.target.closest?.(".scroll") && event.key !== " ") return;
    if (event.key === " ") {
      if (event.target !== this.toggle) this.play(!this.playing);
      else return; // the button does it
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      this.play(false);
      this.go(this.at + (event.key === "ArrowRight" ? 1 : -1));
    } else if (event.key === "Home" || event.key === "End") {
      this.play(false);
      this.go(event.key === "Home" ? 0 : this.last);
    } else return;
    event.preventDefault();
  }
}
