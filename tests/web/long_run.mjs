// long_run.mjs - the page of a run of 100,000 steps with all instruments, made from that of a short
// one: long_run.mjs REPORT.html OUT.html
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
const page = readFileSync(from, "utf8");
const [head, rest] = page.split('id="data">');
const end = rest.indexOf("</script>");
const data = JSON.parse(rest.slice(0, end));

const layers = ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"];
const wave = (i, k) => 1 + 0.3 * Math.sin(i / 7 + k);
data.log = data.log.filter((event) => event.event !== "steps");
data.log[0].layers = layers;
for (let i = 1; i <= 1000; i++) {
  const loss = 2 * Math.exp(-i / 250) * wave(i, 0) + 0.05;
  data.log.push({ event: "steps", first: 100 * i - 99, step: 100 * i, epoch: Math.ceil(i / 10), loss, loss_low: 0.7 * loss, loss_high: 1.5 * loss,
    lr: 0.001 * (1 - i / 1001),
    grad_norm: 3 * loss, grad_norm_low: loss, grad_norm_high: 5 * loss,
    layers: { grad_norm: layers.map((_, k) => loss * wave(i, k) * 10 ** -k), update_ratio: layers.map((_, k) => 1e-3 * wave(i, k)) } });
  if (i % 25 === 0)
    for (const layer of ["0.weight", "2.weight"])
      data.log.push({ event: "histogram", step: 100 * i, of: "weights", layer, low: -0.1 - i / 2000, high: 0.1 + i / 2000,
        counts: Array.from({ length: 40 }, (_, k) => Math.round(1000 * Math.exp(-(((k - 20) / 7) ** 2)))) });
}
writeFileSync(to, `${head}id="data">${JSON.stringify(data)}${rest.slice(end)}`);
