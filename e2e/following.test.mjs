// Following what happens: what waits on whoever signs in, notices that say what happened to those whom it concerns, and a
// resident who comes back to a question of their own.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, signedIn, told, visitor, words } from "./harness.mjs";
import { session } from "./http.mjs";
import { amend, decide } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
const PLAIN = { javaScriptEnabled: false };

const DECIDERS = { noor: "gemeente-leiden", lars: "statistiekbureau", eva: "corporatie", mila: "huurdersvereniging" };
let server;

before(async () => {
  server = await serve();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** What waits on somebody, and what they were told, newest first. */
async function account(page) {
  await page.goto("/account");
  return { waits: await words(page, "section[aria-labelledby=waiting]"), notices: await words(page, "section[aria-labelledby=notices]") };
}

async function askInWords(page, text) {
  await page.goto(`${AT}/question`);
  await page.getByLabel("Uw vraag").fill(text);
  await page.getByRole("button", { name: "Verstuur de vraag" }).click();
  await told(page, "Uw vraag staat bij het project.");
  return new URL(page.url()).pathname;
}

test("a resident's question reaches the partners once, and its answer the resident by a page of its own", async () => {
  const resident = await visitor(server, PLAIN);
  const own = await askInWords(resident, "Waarom staat mijn straat er niet bij?");
  assert.match(await words(resident), /Bewaar het adres van deze pagina.*Wij weten niet wie u bent/u);
  await askInWords(resident, "Wie leest dit eigenlijk?");
  const noor = await signedIn(server, "noor", PLAIN);
  const { waits, notices } = await account(noor);
  assert.match(waits, /Beantwoord vragen in woorden over .* \(3\)/u);
  assert.equal(notices.match(/stelde een vraag in woorden/gu).length, 1, notices);
  await noor.getByRole("link", { name: /Beantwoord vragen in woorden/u }).click();
  await noor.locator("article", { hasText: "Waarom staat mijn straat" }).getByRole("link", { name: "Beantwoord deze vraag" }).click();
  await noor.locator("#text").fill("Uw straat hoort bij een wijk.");
  await noor.getByRole("button", { name: "Beantwoord", exact: true }).click();
  await told(noor, /antwoord/iu);
  await resident.goto(own);
  assert.match(await words(resident), /Waarom staat mijn straat.*beantwoord door Gemeente.*Uw straat hoort bij een wijk/u);
  assert.equal((await resident.context().cookies()).length, 0, "nobody is remembered");
  await close(resident, noor);
});

test("several questions are taken away at once, for one reason, and their pages say so", async () => {
  const resident = await visitor(server, PLAIN);
  const rude = [await askInWords(resident, "Rotwoord een"), await askInWords(resident, "Rotwoord twee")];
  const noor = await signedIn(server, "noor", PLAIN);
  await noor.goto(`${AT}/questions`);
  for (const text of ["Rotwoord een", "Rotwoord twee"]) {
    await noor.locator("article", { hasText: text }).getByLabel("Kies deze vraag").check();
  }
  await noor.getByRole("button", { name: "Haal de gekozen vragen weg" }).click();
  assert.match(await words(noor), /Rotwoord twee.*Rotwoord een/u);
  await noor.getByLabel("Waarom").fill("Dit is schelden.");
  await noor.getByRole("button", { name: "Haal deze vragen weg" }).click();
  await told(noor, /weggehaald/u);
  for (const path of rude) {
    await resident.goto(path);
    const text = await words(resident);
    assert.match(text, /Hier stond een vraag/u);
    assert.doesNotMatch(text, /Rotwoord/u);
  }
  await close(resident, noor);
});

test("what was decided is told in words, and coming into force to everybody at the table", async () => {
  const people = {};
  for (const login of Object.keys(DECIDERS)) {
    people[login] = await session(server, login);
  }
  const mila = await signedIn(server, "mila", PLAIN);
  const version = await amend(people.noor, { retention: "12" });
  assert.match((await account(mila)).waits, /Besluit over .*, namens Huurdersvereniging/u);
  await decide(people.mila, version, DECIDERS.mila, { decision: "object", reason: "te kort", lifts: "24 maanden" });
  assert.doesNotMatch((await account(mila)).waits, /Besluit over/u, "it waits no more");
  const bram = await signedIn(server, "bram", PLAIN);
  const noor = await signedIn(server, "noor", PLAIN);
  assert.match((await account(noor)).notices, /Huurdersvereniging.* maakt bezwaar tegen .* \(versie 3\)/u);
  assert.doesNotMatch((await account(bram)).notices, /bezwaar/u, "an analyst is not told of every decision");
  for (const [login, party] of Object.entries(DECIDERS)) {
    await decide(people[login], version, party, { decision: "consent" }, server.keyFile(party));
  }
  assert.match((await account(noor)).notices, /Huurdersvereniging.* stemt in met .* \(versie 3\)/u);
  assert.match((await account(bram)).notices, /is van kracht \(versie 3\)/u);
  await close(mila, bram, noor);
});
