// load.mjs - how long a large page takes: load.mjs view ADDRESS [PICTURES], load.mjs report FILE [PICTURES]. Prints
// seconds as JSON; exit status 77 where there is no browser.
import { join } from "node:path";
import { chromium, hasPlaywright, openBrowser, openPage } from "./browser.mjs";

const [kind, target, pictures] = process.argv.slice(2);
if (!chromium || !hasPlaywright) {
  console.log("skipped: Chromium or playwright-core is not installed");
  process.exit(77);
}
const begin = performance.now();
const seconds = () => (performance.now() - begin) / 1000;
const patient = { timeout: 120000 };

async function view(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(target);
  await page.locator("tbody tr").first().waitFor(patient);
  await page.waitForFunction(() => document.querySelector(".plot")?.data?.length > 0, null, patient);
  const list = seconds(), rows = await page.locator("tbody tr").count();
  const asked = seconds();
  await page.locator("button", { hasText: /^All$/ }).click();
  await page.waitForFunction((n) => {
    const drawn = document.querySelector(".plot").data;
    return drawn.length === n && drawn.every((trace) => trace.y.length > 0);
  }, rows, patient);
  const all = seconds() - asked, traces = await page.evaluate(() => document.querySelector(".plot").data.length);
  if (pictures) await page.screenshot({ path: join(pictures, "load-view.png") });
  return { list, all, rows, traces };
}

async function report(browser) {
  const { page, faults } = await openPage(browser, target);
  const ready = seconds();
  await page.waitForFunction(() => document.querySelector(".plot")?.data?.length > 0, null, patient);
  const drawn = seconds();
  if (pictures) await page.screenshot({ path: join(pictures, "load-report.png") });
  if (faults.length > 0) throw new Error(faults.join("; "));
  return { ready, drawn };
}

const browser = await openBrowser();
console.log(JSON.stringify(await (kind === "view" ? view : report)(browser)));
await browser.close();
