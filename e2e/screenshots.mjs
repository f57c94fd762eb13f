// Pictures of every page, for people to look at: `npm run screenshots -- FOLDER`.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { PROJECT, closeBrowser, serve, signedIn, visitor } from "./harness.mjs";
import { everyPage } from "./pages.mjs";
import { furnish } from "./stage.mjs";

const WIDTHS = [1280, 375];
const SCHEMES = ["light", "dark"];

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: npm run screenshots -- FOLDER");
  process.exit(2);
}
await mkdir(folder, { recursive: true });
const server = await serve();
const stage = await furnish(server);
let taken = 0;
for (const [login, paths] of everyPage(stage)) {
  const page = await (login === undefined ? visitor(server) : signedIn(server, login));
  for (const path of paths) {
    await page.goto(path);
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(folder, `${login ?? "nobody"}-${name(path)}-${width}-${colorScheme}.png`), fullPage: true });
        taken += 1;
      }
    }
  }
  await page.context().close();
}
await closeBrowser();
await server.stop();
console.log(`${taken} pictures in ${folder}`);

/** A path as the name of a file. */
function name(path) {
  const short = path.replace(PROJECT, "project").replace(/[0-9a-f]{32,}/u, (id) => id.slice(0, 4));
  return short.replaceAll(/[^a-z0-9]+/giu, "-").replaceAll(/^-|-$/gu, "") || "home";
}
