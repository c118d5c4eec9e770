// check.mjs - what the tests of the pages count with.

export const tally = { passed: 0, failed: 0 };

export function check(ok, what) {
  if (ok) tally.passed++;
  else {
    tally.failed++;
    console.log(`FAIL ${what}`);
  }
}

// The same numbers in the same order, to the last bit.
export function checkEqual(found, expected, what) {
  const a = JSON.stringify(found), b = JSON.stringify(expected);
  check(a === b, `${what}: ${String(a).slice(0, 200)} instead of ${String(b).slice(0, 200)}`);
}

// What `read` gives, as soon as it is that; on a busy machine a page takes its time.
export async function checkSoon(read, expected, what) {
  const b = JSON.stringify(expected), end = Date.now() + 20000;
  let found = await read();
  while (JSON.stringify(found) !== b && Date.now() < end) {
    await new Promise((done) => setTimeout(done, 100));
    found = await read();
  }
  checkEqual(found, expected, what);
}

// What every page must do: no faults, no sideways scrolling, a theme, tables and files.
export async function checkPictures(page, what, expectedPictures) {
  const figures = page.locator("figure.picture");
  const n = await figures.count();
  check(n >= expectedPictures, `${what}: ${n} pictures, at least ${expectedPictures} expected`);
  for (let i = 0; i < n; i++) {
    await figures.nth(i).scrollIntoViewIfNeeded();
    await figures.nth(i).locator(".main-svg").first().waitFor({ state: "attached", timeout: 20000 });
  }
  const empty = await page.evaluate(() => [...document.querySelectorAll(".plot")].filter((plot) => !(plot.querySelector("svg.main-svg")?.getBoundingClientRect().width > 100)).length);
  check(empty === 0, `${what}: ${empty} pictures are empty`);
  const first = figures.first();
  await first.getByRole("button", { name: /show as table/ }).click();
  check((await first.locator("tbody tr").count()) > 1, `${what}: the table has rows`);
  check(!(await first.locator(".plot").isVisible()), `${what}: the table stands in place of the picture`);
  await first.getByRole("button", { name: /show as table/ }).click();
  check(await first.locator(".plot").isVisible(), `${what}: the picture comes back`);
}

// Bytes that a button hands out.
export async function saved(page, figure, format) {
  const { readFile } = await import("node:fs/promises");
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 20000 }),
    figure.getByRole("button", { name: new RegExp(`save as ${format}`) }).click()]);
  return readFile(await file.path());
}

export async function checkExport(page, figure, what) {
  const png = await saved(page, figure, "PNG"), svg = String(await saved(page, figure, "SVG"));
  check(png.subarray(1, 4).toString() === "PNG" && png.length > 5000, `${what}: PNG of ${png.length} bytes`);
  check(svg.startsWith("<svg") && svg.includes("</svg>"), `${what}: SVG`);
  const data = JSON.parse(String(await saved(page, figure, "JSON")));
  check(data.title.length > 0 && data.traces.length > 0, `${what}: JSON has title and traces`);
  return data;
}

export async function checkTheme(page, what) {
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await page.getByRole("button", { name: /switch to (light|dark) colours/ }).click();
  const after = await ground();
  check(before !== after, `${what}: the theme changes`);
  const inked = await page.evaluate(() => document.querySelector(".plot .xtick text, .plot .ytick text")?.style.fill ?? "");
  check(inked !== "", `${what}: the pictures are drawn in the new colours`);
}

export async function checkNarrow(page, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(over <= 0, `${what}: ${over} pixels too wide at 360`);
}

// Everything that can be used has a name, and Tab reaches it with a visible focus.
export async function checkKeyboard(page, what) {
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input, select")]
    .filter((one) => !one.getAttribute("aria-label") && !one.textContent.trim() && !document.querySelector(`label[for="${one.id}"]`)).length);
  check(nameless === 0, `${what}: ${nameless} controls without a name`);
  await page.evaluate(() => document.activeElement?.blur());
  const reached = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => `${document.activeElement.tagName} ${getComputedStyle(document.activeElement).outlineStyle}`));
  }
  check(reached.every((one) => /^(BUTTON|INPUT|SELECT|DIV) solid|^INPUT auto/.test(one)), `${what}: Tab goes to ${reached.join(", ")}`);
}
