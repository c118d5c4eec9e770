// browser.mjs - a headless Chromium with a page of descent open in it, and what it complained of.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const web = fileURLToPath(new URL("../../web/", import.meta.url));
const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const chromium = places.find(existsSync);
export const hasPlaywright = existsSync(`${web}node_modules/playwright-core`);

export async function openBrowser() {
  const playwright = createRequire(`${web}package.json`)("playwright-core");
  return playwright.chromium.launch({
    executablePath: chromium,
    args: ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
}

// options: dark, width, height. `faults` collects console errors, exceptions and any request but
// that for the file itself.
export async function openPage(browser, file, { dark = false, width = 1280, height = 900 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", acceptDownloads: true });
  const page = await context.newPage();
  const faults = [], address = pathToFileURL(file).href;
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (problem) => faults.push(`exception: ${problem.message}`));
  page.on("request", (request) => {
    if (request.url() !== address && !/^(data|blob):/.test(request.url())) faults.push(`request: ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForFunction(() => window.descentPage?.ready, null, { timeout: 20000 });
  return { page, faults, close: () => context.close() };
}
