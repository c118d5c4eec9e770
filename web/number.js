// number.js - numbers as people read them.

// Six digits at most, without zeros at the end; what is not finite was written as null.
export function short(x, digits = 6) {
  if (x === null || x === undefined || Number.isNaN(x)) return "-";
  if (typeof x !== "number") return String(x);
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return Math.abs(x) < 1e4 ? String(x) : x.toLocaleString("en");
  const text = String(Number(x.toPrecision(digits)));
  return Math.abs(x) < 1e-4 ? Number(text).toExponential() : text;
}

export function percent(x) {
  return typeof x === "number" ? `${(100 * x).toFixed(2)} %` : "-";
}
