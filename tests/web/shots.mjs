// shots.mjs - screenshots to look at: shots.mjs OUT-FOLDER PAGE.html...
import { basename } from "node:path";
import { openBrowser, openPage } from "./browser.mjs";

const [folder, ...files] = process.argv.slice(2);
const browser = await openBrowser();
for (const file of files)
  for (const [name, options] of [["light", {}], ["dark", { dark: true }], ["narrow", { width: 360, height: 760, dark: true }]]) {
    const { page, faults, close } = await openPage(browser, file, options);
    await page.evaluate(() => window.descentPlayer?.go(Math.round(window.descentPlayer.last / 4)));
    for (const figure of await page.locator("figure.picture").all()) await figure.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(800);
    await page.screenshot({ path: `${folder}/${basename(file, ".html")}-${name}.png`, fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    console.log(file, name, faults, wide > 0 ? `too wide by ${wide}` : "");
    await close();
  }
await browser.close();
