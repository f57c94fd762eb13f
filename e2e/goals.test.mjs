// A goal: who does what for it, handed over by keyboard and without scripts; and the figures that parties bring.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { close, closeBrowser, serve, signedIn, visitor, words } from "./harness.mjs";
import { GOAL } from "./stage.mjs";

const PLAIN = { javaScriptEnabled: false };
/** Steps after which a page holds the focus. */
const MOST_STEPS = 250;

let server;

before(async () => {
  server = await serve();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

function told(page, text) {
  return page.getByRole("status").getByText(text).waitFor();
}

/** Goes on with Tab until what has the focus is called so. */
async function tabTo(page, wanted) {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const called = await page.evaluate(() => {
      const element = document.activeElement;
      return (element?.labels?.[0]?.textContent ?? element?.textContent ?? "").trim().replaceAll(/\s+/gu, " ");
    });
    if (called.startsWith(wanted)) {
      return;
    }
  }
  assert.fail(`Tab never comes to ${wanted} on ${page.url()}`);
}

async function enter(page, wanted) {
  await tabTo(page, wanted);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

test("a task is taken on, handed over and accepted, by keyboard and without scripts", async () => {
  const noor = await signedIn(server, "noor", PLAIN);
  await noor.goto(GOAL);
  await noor.getByRole("link", { name: "Bied een taak aan" }).click();
  await noor.getByLabel("Aan wie biedt u de taak aan?").selectOption("gemeente-leiden");
  await noor.getByLabel("Wat is de taak? In het Nederlands").fill("Een loket voor wie wil verhuizen");
  await noor.getByRole("button", { name: "Bied de taak aan" }).click();
  // what is missing is told beside its field, and nothing is lost
  assert.match(await words(noor, "[role=alert]"), /in het Engels is nog leeg/u);
  assert.equal(await noor.locator("#what_en").getAttribute("aria-invalid"), "true");
  assert.equal(await noor.locator("#what_nl").inputValue(), "Een loket voor wie wil verhuizen");
  await noor.locator("#what_en").fill("A desk for who wants to move");
  await noor.getByRole("button", { name: "Bied de taak aan" }).click();
  await told(noor, "Uw partner heeft de taak op zich genomen.");
  await noor.getByRole("link", { name: /^Draag over of geef terug.*Een loket/u }).click();
  await noor.getByLabel("Aan welke partner?").selectOption("corporatie");
  await noor.getByRole("button", { name: "Bied de taak aan" }).click();
  await told(noor, "De taak is aangeboden.");
  assert.match(await words(noor, "section[aria-labelledby=who]"), /Gemeente.*: Een loket.*Aangeboden aan Woningcorporaties/u);

  const eva = await signedIn(server, "eva", PLAIN);
  await eva.goto("/account");
  await enter(eva, "Gemeente (verzonnen, naar Leiden) biedt uw partner een taak aan");
  await enter(eva, "Antwoord");
  await enter(eva, "Wij aanvaarden de taak niet");
  assert.match(await words(eva, "[role=alert]"), /de reden is nog leeg/iu);
  await enter(eva, "Wij aanvaarden de taak");
  await told(eva, "Uw partner heeft de taak op zich genomen.");

  const anyone = await visitor(server);
  await anyone.goto(GOAL);
  const who = await words(anyone, "section[aria-labelledby=who]");
  assert.match(who, /Woningcorporaties.*: Een loket/u);
  assert.doesNotMatch(who, /Wacht op/u);
  assert.equal(await anyone.getByRole("link", { name: /taak aan|Antwoord|Draag over/u }).count(), 0);
  await noor.goto("/account");
  assert.match(await words(noor), /aanvaardt de taak: Een loket/u);
  await close(noor, eva, anyone);
});
