// view.mjs - the page of `descent view` in a browser: the list, curves over each other, a log that grows.
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, checkEqual, checkExport, checkPictures, checkSoon, checkTheme } from "./check.mjs";

const line = (event) => `${JSON.stringify(event)}\n`;
const epoch = (n, accuracy) => line({ event: "epoch", epoch: n, step: 10 * n, test_accuracy: accuracy, lr: 0.1 });
const time = (n) => line({ event: "epoch", step: 10 * n, seconds: n / 2 });

function makeRun(folder, name, optimizer, accuracies) {
  mkdirSync(join(folder, "runs", name), { recursive: true });
  writeFileSync(join(folder, "runs", name, "log.jsonl"), line({ event: "start", data: "iris", optimizer, batch: 32, epochs: 9, seed: 1 }) +
    accuracies.map((accuracy, i) => epoch(i + 1, accuracy)).join(""));
  writeFileSync(join(folder, "runs", name, "timing.jsonl"), accuracies.map((_, i) => time(i + 1)).join(""));
}

function serve(descent, folder) {
  const server = spawn(descent, ["view", "--no-open"], { cwd: folder });
  return new Promise((done) => server.stdout.on("data", (text) => done({ server, address: String(text).match(/http:\S+/)[0] })));
}

const curves = (page) => page.evaluate(() => Object.fromEntries(document.querySelector(".plot").data.map((trace) => [trace.name, trace.y]).sort()));
const names = (page) => page.locator("tbody tr td:nth-child(2)").allTextContents();

async function checkList(page) {
  await checkSoon(() => names(page), ["run-1", "run-2", "run-10"], "view: runs by name, numbers as numbers");
  await page.getByRole("button", { name: /^test accuracy/ }).click();
  await checkSoon(() => names(page), ["run-10", "run-1", "run-2"], "view: sorted by accuracy");
  await page.getByRole("button", { name: /^test accuracy/ }).click();
  await checkSoon(() => names(page), ["run-2", "run-1", "run-10"], "view: and back");
  check((await page.locator('th[aria-sort="descending"]').count()) === 1, "view: the order is told");
}

async function checkCurves(page, folder) {
  await checkSoon(() => curves(page), { "run-1": [0.5, 0.75], "run-10": [0.25], "run-2": [0.6, 0.9, 0.95] }, "view: the numbers of the logs");
  await page.getByLabel("show run-2").uncheck();
  await checkSoon(async () => Object.keys(await curves(page)).sort(), ["run-1", "run-10"], "view: a run is taken off");
  appendFileSync(join(folder, "runs/run-10/log.jsonl"), epoch(2, 0.5));
  await page.waitForFunction(() => document.querySelector(".plot").data.some((trace) => trace.name === "run-10" && trace.y.length === 2), null, { timeout: 10000 });
  checkEqual((await curves(page))["run-10"], [0.25, 0.5], "view: a curve grows");
  await page.getByLabel("over").selectOption("seconds");
  await checkSoon(() => page.evaluate(() => document.querySelector(".plot").data.find((trace) => trace.name === "run-1").x), [0.5, 1], "view: over seconds");
  makeRun(folder, "run-11", "adam", [0.1]);
  await page.getByLabel("show run-11").waitFor({ timeout: 10000 });
}

export async function testView(browser, descent, folder) {
  makeRun(folder, "run-1", "sgd lr=0.1", [0.5, 0.75]);
  makeRun(folder, "run-2", "adam lr=0.001", [0.6, 0.9, 0.95]);
  makeRun(folder, "run-10", "sgd lr=0.01", [0.25]);
  const { server, address } = await serve(descent, folder);
  const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (problem) => faults.push(problem.message));
  page.on("request", (request) => !request.url().startsWith(address) && !/^(data|blob):/.test(request.url()) && faults.push(request.url()));
  await page.goto(address);
  await page.getByLabel("show run-1", { exact: true }).waitFor();
  await page.waitForFunction(() => document.querySelector(".plot")?.data?.length === 3, null, { timeout: 10000 });
  await checkList(page);
  await checkCurves(page, folder);
  await checkPictures(page, "view", 1);
  await checkExport(page, page.locator("figure.picture").first(), "view");
  await checkTheme(page, "view");
  checkEqual(faults, [], "view: no errors, nothing fetched from elsewhere");
  await page.context().close();
  server.kill("SIGINT");
  check((await new Promise((done) => server.on("exit", done))) === 0, "view: ends on Ctrl-C");
}
