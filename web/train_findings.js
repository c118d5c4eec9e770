// train_findings.js - what went wrong in a training: symptom, numbers, cause, and the change to make.
import { button, element } from "./dom.js";

const SHOWN = { note: "Note", warning: "Warning", failure: "Failure" };

// Pages that were opened from a file may not write to the clipboard: then the text is selected.
async function copy(code, made) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    made.textContent = "copied";
  } catch {
    getSelection().selectAllChildren(code);
    made.textContent = "selected";
  }
  setTimeout(() => { made.textContent = "copy"; }, 2000);
}

function flagsOf(one) {
  if (!one.flags) return null;
  const code = element("code", {}, one.flags);
  const made = button("copy", `copy the flags against ${one.name}`, () => copy(code, made));
  return element("p", { class: "flags" }, code, " ", made);
}

function how(one) {
  const sure = one.confidence >= 0.75 ? "" : one.confidence >= 0.4 ? " (likely)" : " (perhaps)";
  return `${SHOWN[one.severity] ?? one.severity}: `.concat(one.name, sure);
}

export function findings(main, list) {
  if (list.length === 0) return;
  main.append(element("section", { class: "panel findings", "aria-label": "Findings" }, element("h2", {}, "Findings"),
    ...list.map((one) => element("article", { class: `finding ${one.severity}` },
      element("h3", { class: one.severity === "note" ? null : "bad" }, how(one)),
      element("p", {}, `${one.evidence}.`),
      one.cause ? element("p", {}, element("b", {}, "Why: "), one.cause) : null,
      one.remedy ? element("p", {}, element("b", {}, "Try: "), one.remedy) : null,
      flagsOf(one)))));
}
