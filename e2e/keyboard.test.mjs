// The main stories with nothing but a keyboard: the focus is always seen, and never held.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, signedIn, visitor, words } from "./harness.mjs";
import { session } from "./http.mjs";
import { everyPage } from "./pages.mjs";
import { amend, furnish } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
/** Steps after which a page holds the focus. */
const MOST_STEPS = 250;
/** Steps within a field for a day. */
const PARTS_OF_DAY = 4;

let server;
let stage;

before(async () => {
  server = await serve();
  stage = await furnish(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** What has the focus: how it is marked, whether it can be seen, and what it is called. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body || element === document.documentElement) {
      return undefined;
    }
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
    const above = document.elementFromPoint(x, y);
    const all = [...document.querySelectorAll("*")];
    return {
      number: all.indexOf(element),
      words: (element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent).trim().replaceAll(/\s+/gu, " "),
      tag: element.tagName.toLowerCase(),
      type: element.type ?? "",
      outline: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
      inView: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      uncovered: above !== null && (element.contains(above) || above.contains(element)),
    };
  });
}

function seen(found, path) {
  const what = `${found.tag} "${found.words}" on ${path}`;
  assert.ok(found.outline, `no outline around ${what}`);
  assert.ok(found.inView, `out of view: ${what}`);
  assert.ok(found.uncovered, `covered: ${what}`);
}

/** Goes on with Tab until something with these words has the focus. */
async function tabTo(page, wanted, tag) {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const found = await focus(page);
    if (found === undefined) {
      continue;
    }
    seen(found, page.url());
    if (wanted.test(found.words) && (tag === undefined || found.tag === tag)) {
      return found;
    }
  }
  return assert.fail(`Tab never comes to ${wanted} on ${page.url()}`);
}

async function press(page, wanted, tag) {
  await tabTo(page, wanted, tag);
  const before = page.url();
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  return before;
}

test("signing in", async () => {
  const page = await visitor(server);
  await page.goto("/");
  await press(page, /^Aanmelden$/u);
  await tabTo(page, /^Gebruikersnaam$/u);
  await page.keyboard.type("bram");
  await tabTo(page, /^Wachtwoord/u);
  await page.keyboard.type(server.password("bram"));
  await Promise.all([page.waitForURL("**/account"), page.keyboard.press("Enter")]);
  assert.match(await words(page), /Aangemeld als bram/u);
  await close(page);
});

test("the skip link comes first, is seen, and leads to the content", async () => {
  const page = await visitor(server);
  await page.goto(AT);
  await page.keyboard.press("Tab");
  const found = await focus(page);
  assert.equal(found.words, "Naar de inhoud");
  seen(found, AT);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.querySelector("main").contains(document.activeElement)), true);
  await close(page);
});

test("asking with the builder", async () => {
  const page = await signedIn(server, "bram");
  await page.goto(AT);
  await press(page, /^Stel een vraag aan de gegevens$/u);
  await tabTo(page, /^gemiddelde huur/iu, "input");
  await page.keyboard.press("Space");
  await tabTo(page, /^wijk/iu, "input");
  await page.keyboard.press("Space");
  await press(page, /^Stel de vraag$/u);
  assert.match(new URL(page.url()).pathname, /^\/answers\//u);
  assert.equal(await page.locator("table tbody tr").count(), 10);
  await close(page);
});

test("deciding, and signing with a key from a file", async () => {
  const page = await signedIn(server, "lars");
  await page.goto(stage.version);
  await press(page, /^Besluit namens uw partner$/u);
  const [first] = [await tabTo(page, /^Wij stemmen in$/u, "input")];
  assert.equal(first.type, "radio");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await press(page, /^Verder naar ondertekenen$/u);
  // the fold with the key is open where the browser has none
  await page.locator("[data-party-key] output").getByText(/sleutel voor deze partner/u).waitFor();
  await tabTo(page, /^Laad een sleutel uit een bestand$/u);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles(server.keyFile("statistiekbureau"));
  await page.locator("[data-party-key] output").getByText("De sleutel is geladen").waitFor();
  await press(page, /^Onderteken en verstuur$/u);
  await page.getByRole("status").getByText("Uw besluit staat in het openbare logboek.").waitFor();
  await close(page);
});

test("proposing a new version", async () => {
  const page = await signedIn(server, "noor");
  await page.goto(AT);
  await press(page, /^Stel een nieuwe versie voor$/u);
  await press(page, /^Bescherming$/u);
  await tabTo(page, /^Hoeveel maanden/u);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("18");
  await press(page, /^Bewaar en ga verder$/u);
  await press(page, /^Bewaar en ga verder$/u);
  await press(page, /^Stel voor en open de ronde$/u);
  await page.getByRole("status").getByText("De consentronde is open.").waitFor();
  await close(page);
});

test("no page holds the focus, and on each it is always seen", async () => {
  await amend(await session(server, "noor"), { retention: "24" });
  for (const [login, paths] of everyPage(stage)) {
    const page = await (login === undefined ? visitor(server) : signedIn(server, login));
    for (const path of paths) {
      await page.goto(path);
      await walk(page, path);
    }
    await close(page);
  }
});

/** Once around a page: every step is seen, and after the last comes the first. */
async function walk(page, path) {
  const visited = new Set();
  let [last, parts] = [undefined, 0];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const found = await focus(page);
    const [first] = visited;
    if (found === undefined || found.number === first) {
      assert.ok(visited.size > 5, `hardly anything on ${path} takes the focus`);
      return;
    }
    if (found.type === "date" && found.number === last && parts < PARTS_OF_DAY) {
      // day, month, year and the calendar are parts of one field
      parts += 1;
      continue;
    }
    assert.ok(!visited.has(found.number), `Tab does not leave ${found.tag} "${found.words}" on ${path}`);
    visited.add(found.number);
    [last, parts] = [found.number, 1];
    seen(found, path);
  }
  assert.fail(`Tab does not come to the end of ${path}`);
}
