// test.mjs - the pages of descent in a real browser: test.mjs DESCENT. Ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { chromium, hasPlaywright, openBrowser, openPage } from "./browser.mjs";
import { check, checkEqual, checkExport, checkKeyboard, checkNarrow, checkPictures, checkTheme, tally } from "./check.mjs";
import { testView } from "./view.mjs";

const descent = resolve(process.argv[2] ?? "build/descent");
const folder = mkdtempSync(join(tmpdir(), "descent-pages-"));
const skip = (why) => { console.log(`skipped: ${why}`); rmSync(folder, { recursive: true }); process.exit(77); };

function run(...args) {
  const done = spawnSync(descent, args, { cwd: folder, encoding: "utf8" });
  if (/this build of descent has no pages/.test(done.stderr)) skip("this build has no pages");
  return { ...done, lines: done.stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)) };
}

if (!chromium) skip("Chromium is not installed");
if (!hasPlaywright) skip("playwright-core is not installed (web/node_modules)");

async function onPage(browser, file, options, action) {
  const opened = await openPage(browser, join(folder, file), options);
  await action(opened.page);
  await opened.page.waitForTimeout(100);
  checkEqual(opened.faults, [], `${file}: no errors, nothing fetched`);
  await opened.close();
}

const dataOf = (page) => page.evaluate(() => window.descentPage.data);

// The numbers of the page are those that --json prints.
function checkWalk(data, lines) {
  data.runs.forEach((one) => {
    const steps = lines.filter((line) => line.event === "step" && (line.optimizer ?? one.optimizer) === one.optimizer);
    checkEqual(one.points.step, steps.map((line) => line.step), `${one.optimizer}: steps`);
    checkEqual(one.points.f, steps.map((line) => line.f), `${one.optimizer}: f`);
    data.variables.forEach((name, i) => {
      checkEqual(one.points.w[i], steps.map((line) => line.w[name]), `${one.optimizer}: ${name}`);
      checkEqual(one.points.g[i], steps.map((line) => line.g[name]), `${one.optimizer}: slope along ${name}`);
    });
  });
}

async function checkPlayer(page) {
  const at = () => page.evaluate(() => window.descentPlayer.at);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  check((await at()) === 1, "arrows: one step");
  await page.keyboard.press("End");
  check((await at()) === (await page.evaluate(() => window.descentPlayer.last)), "End: the last step");
  await page.keyboard.press("Home");
  await page.selectOption("select[aria-label=speed]", "20");
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press(" ");
  await page.waitForFunction(() => window.descentPlayer.at >= 3, null, { timeout: 20000 });
  await page.keyboard.press(" ");
  const stopped = await at();
  await page.waitForTimeout(400);
  check((await at()) === stopped, "space: pause");
  await page.locator("#scrub").fill("5");
  check((await at()) === 5, "scrubbing");
  check((await page.locator(".player output").textContent()).startsWith("step 5 of"), "the label follows");
}

async function testOneVariable(browser) {
  const { lines } = run("minimize", "x^2", "--from", "x=5", "--optimizer", "sgd lr=0.1; adam lr=0.5", "--steps", "30", "--json", "--report", "one.html");
  await onPage(browser, "one.html", {}, async (page) => {
    checkWalk(await dataOf(page), lines);
    await checkPlayer(page);
    await page.evaluate(() => window.descentPlayer.go(0));
    check((await page.locator(".rule").first().textContent()).includes("5 \u2212 0.1 \u00d7 10 = 4"), "the update rule with its numbers");
    const ball = await page.evaluate(() => { const { x, y } = document.querySelector(".plot").data[4]; return [x[0], y[0]]; });
    checkEqual(ball, [5, 25], "the ball is at the start");
    await checkPictures(page, "one variable", 4);
    await checkExport(page, page.locator("figure.picture").first(), "one variable");
    await checkTheme(page, "one variable");
    await checkKeyboard(page, "one variable");
    await page.getByRole("button", { name: "f = x^2: logarithmic y axis" }).click();
    check(await page.evaluate(() => document.querySelector(".plot")._fullLayout.yaxis.type === "log"), "log axis");
  });
  await onPage(browser, "one.html", { width: 360, height: 740, dark: true }, (page) => checkNarrow(page, "one variable"));
}

async function testTwoVariables(browser) {
  const { lines } = run("minimize", "x^2 + 10*y^2", "--from", "x=5,y=2", "--optimizer", "sgd lr=0.09; sgd lr=0.2", "--steps", "12", "--json", "--report", "two.html");
  await onPage(browser, "two.html", { dark: true }, async (page) => {
    const data = await dataOf(page);
    checkWalk(data, lines);
    check(data.surface.f.length === data.surface.y.length, "the surface has a row for every y");
    await checkPictures(page, "two variables", 6);
    await page.selectOption("#heights", "log");
    await checkExport(page, page.locator("figure.picture").nth(1), "surface");
  });
  await onPage(browser, "two.html", { width: 360, height: 740 }, (page) => checkNarrow(page, "two variables"));
}

async function testManyVariables(browser) {
  run("minimize", "a^2 + b^2 + 2*c^2", "--from", "a=1,b=2,c=3", "--steps", "9000", "--tolerance", "0", "--optimizer", "sgd lr=0.0001", "--report", "many.html");
  await onPage(browser, "many.html", {}, async (page) => {
    const { every, points, result } = (await dataOf(page)).runs[0];
    check(every > 1 && points.step.length <= 4097 && points.step.at(-1) === result.steps, `a long run is thinned: every ${every}, ${points.step.length} points`);
    await checkPictures(page, "many variables", 3);
  });
}

async function testFindings(browser) {
  run("train", "digits", "--epochs", "2", "--optimizer", "sgd lr=20", "--quiet", "--out", "astray");
  await onPage(browser, "astray/report.html", {}, async (page) => {
    const [first] = (await dataOf(page)).findings, panel = page.getByRole("region", { name: "Findings" });
    const text = await panel.textContent();
    for (const part of [first.name, first.evidence, first.cause, first.remedy, first.flags]) check(text.includes(part), `findings: "${part}" is there`);
    const copy = panel.getByRole("button", { name: `copy the flags against ${first.name}` });
    await copy.click();
    await panel.getByText(/^(copied|selected)$/).waitFor();
    await checkKeyboard(page, "findings");
  });
}

async function testTraining(browser, data, pictures, texts) {
  const name = data.split(" ")[0];
  run("train", data, "--epochs", "4", "--quiet", "--out", name);
  await onPage(browser, `${name}/report.html`, {}, async (page) => {
    const log = readFileSync(join(folder, name, "log.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
    const found = await dataOf(page);
    checkEqual(found.log, log, `${name}: the log`);
    if (found.confusion) {
      const counts = found.confusion.counts, all = counts.flat().reduce((a, b) => a + b), right = counts.reduce((sum, row, i) => sum + row[i], 0);
      check(Math.abs(right / all - log.at(-1).test_accuracy) < 1e-9, `${name}: the confusion matrix gives the accuracy of the log`);
    }
    for (const text of texts) check((await page.locator("main").textContent()).includes(text), `${name}: "${text}" is there`);
    await checkPictures(page, name, pictures);
    await checkTheme(page, name);
    await checkKeyboard(page, name);
    await page.selectOption("#by", "epoch");
    const x = await page.evaluate(() => document.querySelectorAll(".plot")[1].data.at(-1).x);
    checkEqual(x, [1, 2, 3, 4], `${name}: against epochs`);
  });
  await onPage(browser, `${name}/report.html`, { width: 360, height: 740 }, (page) => checkNarrow(page, name));
}

async function testLongRun(browser) {
  spawnSync("node", [new URL("long_run.mjs", import.meta.url).pathname, "digits/report.html", "long.html"], { cwd: folder });
  const begin = Date.now();
  await onPage(browser, "long.html", {}, async (page) => {
    console.log(`100,000 steps with instruments: open after ${Date.now() - begin} ms`);
    await checkPictures(page, "long run", 9);
    check((await page.evaluate(() => document.querySelectorAll(".plot")[0].data[1].y.length)) === 1000, "every stretch of steps is drawn");
  });
}

async function testAnyPictures(browser) {
  const data = { kind: "landscape", title: "Loss around </script><b id=bad>w", text: ["Two directions."],
    pictures: [{ title: "Curve", note: "One line.", traces: [{ x: [1, 2, 3], y: [4, 1, 2], name: "loss" }], layout: { xaxis: { title: { text: "lr" }, type: "log" } } },
      { title: "Plane", traces: [{ type: "contour", z: [[1, 2], [3, 5]] }] }, { title: "Hill", traces: [{ type: "surface", z: [[1, 2], [3, 5]] }] }],
    tables: [{ title: "Numbers", columns: ["name", "value"], rows: [["sharpness", 25], ["flatness", null]] }] };
  const done = spawnSync(join(dirname(descent), "tests/write_page"), ["any.html"], { cwd: folder, input: JSON.stringify(data), encoding: "utf8" });
  check(done.status === 0, `write_page: ${done.stderr}`);
  await onPage(browser, "any.html", {}, async (page) => {
    checkEqual(await dataOf(page), data, "any pictures: the data");
    check((await page.locator("#bad").count()) === 0 && (await page.locator("h1").textContent()) === data.title, "any pictures: text stays text");
    await checkPictures(page, "any pictures", 3);
    check((await page.locator("main").textContent()).includes("sharpness"), "any pictures: the table");
    await checkExport(page, page.locator("figure.picture").first(), "any pictures");
  });
  await onPage(browser, "any.html", { width: 360, height: 740 }, (page) => checkNarrow(page, "any pictures"));
}

// Runs that leave the picture, and starts where nothing is finite.
async function testDiverging(browser) {
  run("minimize", "x^2", "--from", "x=5", "--optimizer", "sgd lr=1.1; sgd lr=0.1", "--steps", "900", "--report", "off.html");
  await onPage(browser, "off.html", {}, async (page) => {
    check((await page.locator("main").textContent()).includes("2/curvature = 1"), "a diverging run says why");
    await page.evaluate(() => window.descentPlayer.go(700));
    const range = await page.evaluate(() => document.querySelector(".plot")._fullLayout.xaxis.range);
    check(Math.abs(range[0]) < 40 && range[1] < 40, `a diverging run does not stretch the picture: ${range}`);
  });
  run("minimize", "log(x) + log(y)", "--from", "x=-1,y=1", "--report", "nan.html");
  await onPage(browser, "nan.html", {}, (page) => checkNarrow(page, "nothing finite"));
  const bad = run("minimize", "x^2", "--from", "x=5", "--report", "nowhere/bowl.html");
  checkEqual([bad.status, bad.stderr.split("\n")[0]], [2, "descent: cannot write 'nowhere/bowl.html': No such file or directory"], "a folder that is not there");
}

// Pages of commands that measure something: the numbers are those of --json.
async function testStudies(browser) {
  const range = run("find-lr", "iris", "--seeds", "2", "--points", "40", "--probes", "2", "--json", "--report", "lr.html").lines.at(-1);
  await onPage(browser, "lr.html", {}, async (page) => {
    await checkPictures(page, "find-lr", 2);
    const { curves, lr } = await dataOf(page);
    checkEqual([curves, lr], [range.curves, range.lr], "find-lr: curves and suggestion");
  });
  const race = run("compare", "iris; xor", "--optimizers", "sgd lr=0.1; adam", "--seeds", "2", "--epochs", "3", "--json", "--report", "race.html").lines.at(-1);
  await onPage(browser, "race.html", {}, async (page) => {
    await checkPictures(page, "compare", 9);
    checkEqual((await dataOf(page)).sets, race.sets, "compare: all numbers");
    const drawn = await page.evaluate(() => document.querySelector(".plot").data.find((trace) => trace.name === "adam").y);
    checkEqual(drawn, race.sets[0].contenders[1].curves.score.mean, "compare: the curve of adam");
  });
  await onPage(browser, "race.html", { width: 360, height: 740 }, (page) => checkNarrow(page, "compare"));
  run("train", "iris", "--epochs", "4", "--snapshots", "4", "--out", "walked", "--quiet");
  const land = run("landscape", "walked", "--grid", "5", "--eigenvalues", "2", "--examples", "50", "--over-run", "--json", "--report", "land.html").lines.at(-1);
  await onPage(browser, "land.html", {}, async (page) => {
    await checkPictures(page, "landscape", 3);
    checkEqual((await dataOf(page)).eigenvalues, land.eigenvalues, "landscape: eigenvalues");
  });
}

// The decision boundary at the steps whose weights were kept.
async function testPlanes(browser) {
  run("train", "spiral", "--epochs", "6", "--snapshots", "3", "--out", "planes", "--quiet");
  await onPage(browser, "planes/report.html", {}, async (page) => {
    const { boundary } = await dataOf(page);
    check(boundary.early.planes.length === 3 && boundary.early.planes[0].step === 0, "planes: three on the way");
    const figure = page.locator("figure.picture", { hasText: "Decision boundary" });
    await figure.scrollIntoViewIfNeeded();
    await figure.locator(".main-svg").first().waitFor({ state: "attached", timeout: 20000 });
    const shown = () => figure.locator(".plot").evaluate((plot) => plot.data[0].z);
    checkEqual(await shown(), boundary.said, "planes: the end is shown first");
    await figure.getByLabel("step of the training").fill("0");
    checkEqual(await shown(), boundary.early.planes[0].said, "planes: the slider shows the beginning");
    check((await figure.locator("output").textContent()) === "step 0", "planes: the step is told");
  });
}

const browser = await openBrowser();
try {
  await testOneVariable(browser);
  await testTwoVariables(browser);
  await testManyVariables(browser);
  await testDiverging(browser);
  await testAnyPictures(browser);
  await testTraining(browser, "digits", 5, ["Worst-predicted", "looks for", "conv 32 3x3 pad=1", "16\u00d78\u00d78", "Recipe"]);
  await testTraining(browser, "spiral noise=0.1", 6, ["Decision boundary"]);
  await testTraining(browser, "diabetes", 5, ["Predicted and true", "bmi"]);
  await testFindings(browser);
  await testPlanes(browser);
  await testStudies(browser);
  await testLongRun(browser);
  await testView(browser, descent, folder);
} catch (problem) {
  check(false, problem.stack);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);
