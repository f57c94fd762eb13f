// The whole story, as the people who live it: a new version is proposed, objected to, amended and consented to with
// signatures made in the browser; asked about, refused, tried out; and data are withdrawn. Residents read along.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, download, serve, signHere, signedIn, unharmed, visitor, words, writeSql } from "./harness.mjs";
import { ONE_HOUSEHOLD, TOO_FINE, WITH_PROTECTED } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
/** Who decides for which party. */
const DECIDERS = { noor: "gemeente-leiden", lars: "statistiekbureau", eva: "corporatie", mila: "huurdersvereniging" };
const REASON = "Antwoorden moeten lang genoeg leesbaar blijven.";
const LIFTS = "Laat de antwoorden 24 maanden staan.";
const MEETS = "Antwoorden blijven 24 maanden leesbaar.";
// what the condition says that a question combines three dimensions at most.
const MOST = /hoogstens (3|drie) kenmerken/iu;
const WITHDRAWN = "De leden willen eerst praten.";
const QUESTION = "Hoeveel woningen komen er dit jaar vrij in de Merenwijk?";
const REPLY = "Dat zoeken wij uit voor de volgende vergadering.";

const people = {};
let server;
let answer;
let receipt;

before(async () => {
  server = await serve();
  for (const login of [...Object.keys(DECIDERS), "bram", "joris"]) {
    people[login] = await signedIn(server, login);
  }
  people.resident = await visitor(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** Proposes the next version with another retention; where it is. */
async function amend(page, months) {
  await page.goto(AT);
  await page.getByRole("link", { name: "Stel een nieuwe versie voor" }).click();
  await page.getByRole("button", { name: "Bescherming" }).click();
  await page.getByLabel("Hoeveel maanden blijven antwoorden leesbaar?").fill(months);
  await page.getByRole("button", { name: "Nakijken" }).click();
  assert.match(await words(page, "section[aria-labelledby=changes]"), /Antwoorden zijn te lezen tot/u);
  await page.getByRole("button", { name: "Stel voor en open de ronde" }).click();
  await page.getByRole("status").getByText("De consentronde is open.").waitFor();
  return new URL(page.url()).pathname;
}

test("a decider of the municipality proposes a new version", async () => {
  const { noor } = people;
  assert.equal(await amend(noor, "12"), `${AT}/versions/3`);
  const inWords = await words(noor, "section[aria-labelledby=changes]");
  assert.match(inWords, /Nu: Antwoorden zijn te lezen tot 12 maanden .* Was: Antwoorden zijn te lezen tot 24 maanden/u);
  await noor.getByText("De verschillen in het document").click();
  const changes = await words(noor, "section[aria-labelledby=changes]");
  assert.match(changes, /weg: ?retention = \{ months = 24 \}/u);
  assert.match(changes, /erbij: ?retention = \{ months = 12 \}/u);
  unharmed(noor);
});

test("the tenants' decider objects, with reasons and without a signature", async () => {
  const { mila } = people;
  await mila.goto("/");
  await mila.locator("section[aria-labelledby=table] a").first().click();
  await mila.getByRole("link", { name: "Besluit namens uw partner" }).click();
  await mila.getByLabel("Wij hebben een overwegend bezwaar").check();
  await mila.getByLabel("Waarom").fill(REASON);
  await mila.getByLabel("Wat zou uw bezwaar opheffen?").fill(LIFTS);
  await mila.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  assert.match(await mila.locator("#statement").innerText(), /"decision":"object"/u);
  await mila.getByRole("button", { name: "Verstuur zonder handtekening" }).click();
  await mila.getByRole("status").getByText("Uw besluit staat in het openbare logboek.").waitFor();
  const sides = await words(mila, "section[aria-labelledby=who]");
  assert.ok(sides.includes(REASON) && sides.includes(LIFTS), sides);
  assert.equal(await mila.locator(".seat .state--stop").count(), 1);
  unharmed(mila);
});

test("an objection stops consent by the others from counting", async () => {
  const { resident } = people;
  await resident.goto(AT);
  const text = await words(resident);
  assert.match(text, /Er is een nieuwere versie: versie 3/u);
  await resident.goto(`${AT}/versions/3`);
  assert.match(await words(resident, "section[aria-labelledby=lacking]"), /bezwaar/u);
});

test("the municipality amends again, and all four consent with signatures made in the browser", async () => {
  const { noor } = people;
  await noor.goto(`${AT}/amend`);
  // the objection stands on top, with what would help, and the change that meets it is told to whoever made it first
  const objected = await words(noor, "section[aria-labelledby=objections]");
  assert.ok(objected.includes(REASON) && objected.includes(LIFTS), objected);
  await noor.getByLabel("Welke verandering komt tegemoet aan dit bezwaar?").fill(MEETS);
  await noor.getByRole("button", { name: "Bewaar en ga verder" }).click();
  assert.equal(await amend(noor, "24"), `${AT}/versions/4`);
  assert.ok((await words(noor, "section[aria-labelledby=met]")).includes(MEETS));
  for (const [login, party] of Object.entries(DECIDERS)) {
    const page = people[login];
    await page.goto(`${AT}/versions/4`);
    await page.getByRole("link", { name: "Besluit namens uw partner" }).click();
    assert.equal(await page.getByText(MEETS).count(), login === "mila" ? 1 : 0, `${login}: whoever objected reads first what came of it`);
    await page.getByLabel("Wij stemmen in", { exact: true }).check();
    await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
    // what is sent without scripts waits for a signature, and is out of the way
    const byHand = page.locator("form[data-sign] button[type=submit]:disabled", { hasText: "Verstuur met handtekening" });
    await byHand.waitFor({ state: "attached" });
    assert.ok(!(await byHand.isVisible()));
    await signHere(page, server.keyFile(party));
    await page.getByRole("status").getByText("Uw besluit staat in het openbare logboek.").waitFor();
    unharmed(page);
  }
  await people.resident.goto(`${AT}/versions/4`);
  assert.equal(await people.resident.locator("main .state").first().innerText(), "Van kracht");
  assert.equal(await people.resident.locator("section[aria-labelledby=lacking]").count(), 0);
});

test("the key stays in the browser, for the next time, and is never sent", async () => {
  const { lars } = people;
  await lars.goto("/account/key/statistiekbureau");
  await lars.locator("[data-party-key] output").getByText("In deze browser staat een sleutel voor deze partner.").waitFor();
  assert.match(await lars.locator("[data-public-key-text]").innerText(), /^ed25519:/u);
  unharmed(lars);
});

test("an analyst asks with the builder, and gets a table, a chart and a map", async () => {
  const { bram } = people;
  await bram.goto(`${AT}/ask`);
  await bram.locator("#by-wijk").check();
  await bram.locator("#avg-huur").check();
  await bram.getByRole("button", { name: "Stel de vraag" }).click();
  await bram.waitForURL("**/answers/*");
  answer = new URL(bram.url()).pathname;
  assert.equal(await bram.locator("table tbody tr").count(), 10);
  for (const [section, title] of [["chart-heading", /^Staven/u], ["map-heading", /^Kaart/u]]) {
    const picture = bram.locator(`#${section} svg:visible`);
    assert.equal(await picture.count(), 1, section);
    assert.match(await picture.locator("title").first().textContent(), title);
  }
  unharmed(bram);
});

test("the answer can be taken along as CSV, Parquet, pictures and a receipt", async () => {
  const { bram } = people;
  const take = (name) => download(bram, bram.locator("section[aria-labelledby=take], section[aria-labelledby=receipt]").getByRole("link", { name, exact: true }));
  const lines = (await take("CSV")).toString("utf8").trim().split(/\r?\n/u);
  assert.equal(lines.length, 11);
  assert.match(lines[0], /wijk/u);
  const parquet = await take("Parquet");
  assert.equal(parquet.subarray(0, 4).toString(), "PAR1");
  assert.equal(parquet.subarray(-4).toString(), "PAR1");
  for (const name of ["Staven (SVG)", "Kaart (SVG)"]) {
    assert.match((await take(name)).toString("utf8"), /^(<\?xml[^>]*>\s*)?<svg\b.*<title\b.*<\/svg>\s*$/su);
  }
  receipt = await take("Download het controlebewijs");
  assert.equal(typeof JSON.parse(receipt.toString("utf8")), "object");
  unharmed(bram);
});

test("an answer by SQL marks protected cells, and they are no zeros", async () => {
  const { bram } = people;
  await askBySql(bram, WITH_PROTECTED);
  const cells = await bram.locator("table .hid").allInnerTexts();
  assert.ok(cells.length > 0, "nothing is protected");
  assert.deepEqual([...new Set(cells)], ["afgeschermd"]);
  assert.match(await words(bram), /Het is geen nul\./u);
  unharmed(bram);
});

async function askBySql(page, sql, purpose) {
  await page.goto(`${AT}/ask`);
  await writeSql(page, sql);
  if (purpose !== undefined) {
    // the form offers the purpose of the agreement only
    await page.locator("#purpose-agreed").evaluate((radio, value) => {
      radio.value = value;
    }, purpose);
  }
  await page.getByRole("button", { name: "Stel de vraag" }).click();
  await page.waitForURL("**/answers/*");
}

test("questions that may not be are refused with reasons, and each becomes a barrier", async () => {
  const { bram, resident } = people;
  const cases = [
    [WITH_PROTECTED, "fraude-opsporen", /dient het doel/u],
    [ONE_HOUSEHOLD, undefined, /één (persoon of )?huishouden|eén persoon of huishouden/iu],
    [TOO_FINE, undefined, MOST],
  ];
  for (const [sql, purpose, condition] of cases) {
    await askBySql(bram, sql, purpose);
    assert.match(await bram.locator(".eyebrow").innerText(), /^Geweigerd/iu);
    const alert = bram.getByRole("alert");
    assert.match(await alert.innerText(), condition);
    await bram.getByRole("link", { name: "Naar de belemmeringen" }).click();
    const conditions = await bram.locator("article").allInnerTexts();
    assert.ok(conditions.some((words) => condition.test(words)), `${condition} is no barrier: ${conditions}`);
  }
  unharmed(bram);
  await resident.goto(new URL(bram.url()).pathname);
  assert.match((await resident.locator("article").allInnerTexts()).join(" "), MOST);
});

test("what-if shows a refused question becoming allowed", async () => {
  const { resident, bram } = people;
  for (const page of [resident, bram]) {
    await page.goto("/barriers");
    await page.getByRole("link", { name: "Wat als wij iets veranderen?" }).first().click();
    await page.getByLabel("Een vraag combineert hoogstens zoveel kenmerken").fill("4");
    await page.getByRole("button", { name: "Probeer uit" }).click();
    await page.locator("#outcome").waitFor();
    assert.ok((await page.locator(".state--ok").count()) > 0, await words(page));
    assert.ok((await page.locator(".state--stop").count()) > 0, await words(page));
    unharmed(page);
  }
  const refused = await words(bram, "section[aria-labelledby=outcome]");
  assert.ok(refused.includes(TOO_FINE), "a party reads its own refused questions");
  const seen = await words(resident, "section[aria-labelledby=outcome]");
  assert.ok(!seen.includes("SELECT"), "what was refused may name somebody: only its party reads it");
});

test("a resident reads everything in Dutch, without a cookie", async () => {
  const { resident } = people;
  for (const [path, expected] of [
    [AT, /Wie er aan tafel zit/u],
    [answer, /De cijfers/u],
    ["/barriers", /Wat helpt/u],
    ["/ledger", /Alle regels/u],
  ]) {
    await resident.goto(path);
    assert.equal(await resident.locator("html").getAttribute("lang"), "nl");
    assert.match(await words(resident), expected);
  }
  assert.deepEqual(await resident.context().cookies(), []);
  unharmed(resident);
});

test("a resident puts a question in words, and a party answers it", async () => {
  const { resident, mila } = people;
  await resident.goto(AT);
  await resident.getByLabel("Uw vraag").fill(QUESTION);
  await resident.getByRole("button", { name: "Stel uw vraag" }).click();
  await resident.getByRole("status").getByText("Uw vraag staat bij het project.").waitFor();
  await mila.goto(AT);
  const card = mila.locator("article", { hasText: QUESTION });
  await card.getByRole("link", { name: "Beantwoord deze vraag" }).click();
  await mila.getByLabel("Uw antwoord, of waarom niet").fill(REPLY);
  await mila.getByRole("button", { name: "Beantwoord", exact: true }).click();
  await resident.goto(AT);
  const shown = await resident.locator("article", { hasText: QUESTION }).innerText();
  assert.ok(shown.includes(REPLY) && /beantwoord door/u.test(shown), shown);
  unharmed(mila);
  unharmed(resident);
});

test("a receipt is verified in the resident's own browser, and a changed byte is seen", async () => {
  const { resident } = people;
  const good = join(server.home, "..", "receipt.json");
  const bad = join(server.home, "..", "changed.json");
  await writeFile(good, receipt);
  const place = receipt.indexOf(Buffer.from("WK0546")) + 7;
  const changed = Buffer.from(receipt);
  changed[place] = changed[place] === 0x30 ? 0x31 : 0x30;
  await writeFile(bad, changed);
  let sent = 0;
  resident.on("request", () => {
    sent += 1;
  });
  await resident.goto("/ledger", { waitUntil: "networkidle" });
  await resident.getByLabel("Controlebewijs (JSON)").waitFor();
  const loaded = sent;
  for (const [file, state, verdict] of [
    [good, "good", /^In orde\./u],
    [bad, "bad", /^NIET in orde\./u],
  ]) {
    await resident.getByLabel("Controlebewijs (JSON)").setInputFiles(file);
    const shown = resident.locator(`[data-receipt-verdict=${state}]`);
    await shown.waitFor();
    assert.match(await shown.innerText(), verdict);
  }
  await resident.getByLabel("Controlebewijs (JSON)").setInputFiles(good);
  await resident.locator("[data-receipt-verdict=good]").waitFor();
  const figures = resident.locator("[data-receipt-figures]");
  const heads = await figures.locator("th").allInnerTexts();
  assert.ok(heads.length > 1 && !heads.some((head) => /average|number|[_()]\)/iu.test(head)), `the heads are in Dutch: ${heads}`);
  const shown = await figures.locator("td").allInnerTexts();
  assert.ok(!shown.some((cell) => /^WK\d+$/u.test(cell)), `places have names: ${shown}`);
  assert.ok(!shown.some((cell) => /,\d{3}/u.test(cell)), `figures are rounded: ${shown}`);
  assert.match(await words(resident), /Gevraagd door: Gemeente.*Doel: woonbeleid\./su);
  const size = resident.viewportSize();
  await resident.setViewportSize({ width: 375, height: 800 });
  assert.ok((await resident.evaluate(() => document.documentElement.scrollWidth)) <= 375, "the table scrolls within its frame");
  await resident.setViewportSize(size);
  assert.equal(sent, loaded, "nothing of a receipt goes to the site");
  unharmed(resident);
});

/** Sends a file on the page for deliveries. */
async function deliver(page, file) {
  await page.goto("/data/corporatie/woningen/deliver");
  // a file that is chosen is looked through at once
  await Promise.all([page.waitForEvent("load"), page.getByLabel("Bestand (CSV, Parquet of Excel)").setInputFiles(file)]);
}

test("a steward has a delivery looked through, and delivers it without sending it twice", async () => {
  const { joris } = people;
  await deliver(joris, `${server.home}-partners/data/woningen.csv`);
  assert.match(await words(joris), /Klaar om te leveren.*Er is nog niets geleverd\./su);
  await joris.getByText("Alle kolommen").click();
  const columns = await joris.locator("section[aria-labelledby=report] tbody th").allInnerTexts();
  assert.deepEqual(columns, ["huishouden", "wijk", "huishoudtype", "huurklasse", "huur"]);
  await joris.getByRole("button", { name: "Lever dit bestand" }).click();
  await joris.getByRole("status").getByText("De gegevens zijn nagekeken en geleverd.").waitFor();
  await deliver(joris, { name: "woningen.csv", mimeType: "text/csv", buffer: Buffer.from("huishouden,wijk,huishoudtype,huurklasse,huur\nk1,Onbekend,paar,tot-450,400\nk1,WK054600,paar,tot-450,9\n") });
  const odd = await words(joris, "section[aria-labelledby=report]");
  assert.match(odd, /Nog niet.*meer dan één waarde van wijk.*Onbekend/su);
  assert.equal(await joris.getByRole("button", { name: "Lever dit bestand" }).count(), 0);
  await deliver(joris, { name: "woningen.exe", mimeType: "text/csv", buffer: Buffer.from("x") });
  assert.match(await words(joris, "[role=alert]"), /een soort bestand dat hier niet wordt gelezen/u);
  unharmed(joris);
});

test("a delivery with a column that was not agreed is found at fault, and not taken", async () => {
  const { joris } = people;
  const file = { name: "woningen.csv", mimeType: "text/csv", buffer: Buffer.from("huishouden,adres\na1,Breestraat 1\n") };
  await deliver(joris, file);
  assert.equal(await joris.getByRole("alert").count(), 1, "nothing was found");
  const found = await words(joris, "[role=alert]");
  assert.match(found, /adres/u);
  assert.match(found, /huur/u);
  assert.ok(!found.includes(server.home) && !found.includes(".incoming"), `where files lie is told: ${found}`);
  assert.equal(await joris.getByRole("button", { name: "Lever dit bestand" }).count(), 0);
  unharmed(joris);
});

test("a steward withdraws a dataset, and the next question is refused", async () => {
  const { joris, bram, resident } = people;
  await joris.goto("/data");
  await joris.getByRole("link", { name: "woningen", exact: true }).click();
  await joris.getByRole("link", { name: "Trek de gegevens in" }).click();
  await joris.getByLabel("Waarom").fill(WITHDRAWN);
  await joris.getByRole("button", { name: "Trek terug" }).click();
  await joris.getByRole("status").getByText("De afspraak is opgeschort.").waitFor();
  await askBySql(bram, WITH_PROTECTED);
  assert.match(await bram.locator(".eyebrow").innerText(), /^Geweigerd/iu);
  assert.match(await words(bram, "[role=alert]"), /opgeschort/u);
  await resident.goto(AT);
  assert.match(await words(resident), new RegExp(WITHDRAWN, "u"));
  await close(...Object.values(people));
});
