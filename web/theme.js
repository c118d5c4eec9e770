// theme.js - light and dark: the system's choice until the switch is used.

const listeners = new Set();
const system = window.matchMedia("(prefers-color-scheme: dark)");

function remembered() {
  try {
    return localStorage.getItem("descent-theme");
  } catch {
    return null; // some browsers keep nothing for files
  }
}

let chosen = remembered();

export function isDark() {
  return chosen ? chosen === "dark" : system.matches;
}

function apply() {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  const control = document.getElementById("theme");
  control.textContent = isDark() ? "Light" : "Dark";
  control.setAttribute("aria-label", isDark() ? "switch to light colours" : "switch to dark colours");
  for (const listener of listeners) listener();
}

export function onTheme(listener) {
  listeners.add(listener);
}

export function startTheme() {
  document.getElementById("theme").addEventListener("click", () => {
    chosen = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("descent-theme", chosen);
    } catch {
      // then it holds for this visit only
    }
    apply();
  });
  system.addEventListener("change", apply);
  apply();
}

// Colours that stay apart for readers who don't see all of them; on light and on dark ground.
const LIGHT = ["#0072b2", "#d55e00", "#00805d", "#b8528c", "#8a6d00", "#3b8fc4", "#6b4fa0", "#555555"];
const DARK = ["#56b4e9", "#ff9248", "#2fc79a", "#e58fc0", "#e6c229", "#9ad0f5", "#b39ddb", "#bbbbbb"];

export function colour(index) {
  const colours = isDark() ? DARK : LIGHT;
  return colours[index % colours.length];
}

// What the stylesheet calls --name at present.
export function variable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
