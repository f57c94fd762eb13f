// Finding: the field is on every page, wide and narrow, with and without scripts, by keyboard alone; what is found leads to
// where it stands, and what is not found is told with the word that was probably meant.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, visitor, words } from "./harness.mjs";
import { furnish } from "./stage.mjs";

const NARROW = { viewport: { width: 375, height: 800 } };

let server;
let staged;

before(async () => {
  server = await serve();
  staged = await furnish(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

for (const [how, options] of [["with scripts", {}], ["without scripts", { javaScriptEnabled: false }]]) {
  test(`a word in the field of any page finds projects, goals, questions and entries, ${how}`, async () => {
    const page = await visitor(server, options);
    await page.goto("/barriers");
    await page.locator("#find").fill("huur");
    await page.locator("#find").press("Enter");
    await page.waitForURL("**/search?q=huur");
    for (const id of ["projects", "goals", "questions", "words", "entries"]) {
      assert.equal(await page.locator(`#${id}`).count(), 1, id);
    }
    await page.locator("section:has(#projects) h3 a").first().click();
    await page.waitForURL(`**/projects/${PROJECT}`);
    await page.goBack();
    await page.locator("section:has(#questions) h3 a").first().click();
    await page.waitForURL("**/answers/*");
    await page.goBack();
    await page.locator("section:has(#entries) > p a").click();
    await page.waitForURL("**/ledger?text=huur");
    assert.match(await words(page), /\d+ van \d+ regels gaan over .?huur/u);
    await close(page);
  });

  test(`on a phone the field is in the menu, ${how}`, async () => {
    const page = await visitor(server, { ...NARROW, ...options });
    await page.goto("/");
    assert.equal(await page.locator("#find").isVisible(), false);
    await page.locator(".menu summary").click();
    await page.locator("#find-menu").fill("wonen");
    await page.locator("#find-menu").press("Enter");
    await page.waitForURL("**/search?q=wonen");
    assert.match(await words(page, "section:has(#goals)"), /Passend wonen/u);
    await close(page);
  });
}

test("what is not found is told, with the word that was probably meant", async () => {
  const page = await visitor(server);
  await page.goto("/search?q=hurr");
  assert.match(await words(page), /Niets gevonden over hurr\. Bedoelt u huur\?/u);
  await page.getByRole("link", { name: "huur", exact: true }).click();
  await page.waitForURL("**/search?q=huur");
  assert.match(await words(page), /Dit vonden wij over huur/u);
  assert.equal(await page.locator("meta[name=robots]").getAttribute("content"), "noindex");
  await page.goto("/en/search?q=nothing-like-this");
  assert.match(await words(page), /Nothing found about nothing-like-this/u);
  await close(page);
});

test("the log is filtered by side of the table", async () => {
  const page = await visitor(server);
  await page.goto("/ledger");
  await page.selectOption("#side", "residents");
  await page.locator("form.filters button").click();
  await page.waitForURL("**/ledger?*side=residents*");
  const lines = await page.locator(".log > li").count();
  assert.ok(lines > 0);
  assert.equal(await page.locator(".log > li > svg.inw").count(), lines);
  assert.ok(staged.answer);
  await close(page);
});
