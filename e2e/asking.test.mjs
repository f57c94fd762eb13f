// Asking: what is ticked is asked, a mistake is told beside its field and recorded nowhere, and what is known before asking
// is what a release shows of whole combinations.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, download, program, serve, signedIn, unharmed, visitor, words, writeSql } from "./harness.mjs";
import { request, session } from "./http.mjs";
import { BY_DISTRICT, TOO_FINE, WITH_PROTECTED, ask } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
const PLAIN = { javaScriptEnabled: false };

let server;

before(async () => {
  server = await serve();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

function entries() {
  const log = execFileSync(program(), ["ledger", "show", "--home", server.home, "--json"], { encoding: "utf8" });
  return log.trim().split("\n").length;
}

for (const [how, options] of [["with scripts", {}], ["without scripts", PLAIN]]) {
  test(`ticking boxes and pressing the one button asks what was ticked, ${how}`, async () => {
    const page = await signedIn(server, "bram", options);
    await page.goto(`${AT}/ask`);
    await page.locator("#avg-huur").check();
    await page.locator("#by-wijk").check();
    await page.getByRole("button", { name: "Stel de vraag" }).click();
    await page.waitForURL("**/answers/*");
    assert.equal(await page.locator("table tbody tr").count(), 10);
    assert.match(await page.locator("table thead").innerText(), /gemiddelde huur/iu);
    await close(page);
  });

  test(`of what was changed and does not count, nothing is thrown away, ${how}`, async () => {
    const page = await signedIn(server, "bram", options);
    const sql = "SELECT huurklasse, units() FROM huishoudens GROUP BY huurklasse";
    await page.goto(`${AT}/ask`);
    await writeSql(page, sql);
    await page.locator("#counts-choose").check();
    const before = entries();
    await page.getByRole("button", { name: "Stel de vraag" }).click();
    assert.match(await words(page, "#counts-wrong"), /vragen niet hetzelfde/u);
    assert.equal(await page.locator("#sql").inputValue(), sql);
    assert.equal(entries(), before);
    await page.locator("#counts-sql").check();
    await page.getByRole("button", { name: "Stel de vraag" }).click();
    await page.waitForURL("**/answers/*");
    assert.match(await page.locator("table thead").innerText(), /huurklasse/iu);
    await close(page);
  });
}

test("a dimension too many cannot be chosen; without scripts it is told before anything is asked", async () => {
  const page = await signedIn(server, "bram");
  await page.goto(`${AT}/ask`);
  for (const name of ["wijk", "huishoudtype", "boven_grens"]) {
    await page.locator(`#by-${name}`).check();
  }
  assert.equal(await page.locator("#by-huurklasse").isDisabled(), true);
  await close(page);
  const plain = await signedIn(server, "bram", PLAIN);
  await plain.goto(`${AT}/ask`);
  for (const name of ["wijk", "huishoudtype", "boven_grens", "huurklasse"]) {
    await plain.locator(`#by-${name}`).check();
  }
  const before = entries();
  await plain.getByRole("button", { name: "Stel de vraag" }).click();
  assert.match(await words(plain, "#by-wrong"), /4 kenmerken.*hoogstens 3/u);
  assert.equal(await plain.locator("#by-huurklasse").isChecked(), true);
  assert.equal(entries(), before);
  await close(plain);
});

test("a mistake is an error beside the field, with what was meant, and is recorded nowhere", async () => {
  const page = await signedIn(server, "bram", PLAIN);
  await page.goto("/barriers");
  const barriers = await page.locator("article").count();
  const before = entries();
  for (const [sql, expected] of [
    ["SELEC wijk, units() FROM huishoudens", /regel 1, teken 1 staat SELEC.*bedoelde u SELECT\?/u],
    ["SELECT wijkk, units() FROM huishoudens GROUP BY wijkk", /bedoelde u wijk\?/u],
    ["SELECT units() FROM huishoudens WHERE wijk = 'Merenwijk'", /bedoelde u WK054608 \(Merenwijkdistrict\)\?/u],
    ["SELECT units() FROM huishoudens WHERE wijk = 'merenwijkdistrict'", /bedoelde u WK054608/u],
    ["SELECT units() FROM huishoudens WHERE wijk = 'WK05460", /aanhalingsteken/u],
    ["SELECT units( FROM huishoudens", /geen SQL/u],
  ]) {
    await page.goto(`${AT}/ask`);
    await writeSql(page, sql);
    await page.getByRole("button", { name: "Stel de vraag" }).click();
    const told = await words(page, "#sql-wrong");
    assert.match(told, expected, sql);
    assert.doesNotMatch(told, /Expected|found|Line|Column|Unterminated/u, sql);
    assert.equal(await page.locator("#sql").inputValue(), sql);
    assert.equal(await page.locator("h1").innerText(), "Stel een vraag aan de gegevens");
    unharmed(page);
  }
  assert.equal(entries(), before, "a mistake is in no log");
  await page.goto("/barriers");
  assert.equal(await page.locator("article").count(), barriers, "a mistake is no barrier");
  await close(page);
});

test("the code book fills in the SQL, and Ctrl+Enter asks", async () => {
  const page = await signedIn(server, "bram");
  await page.goto(`${AT}/ask`);
  await page.locator("#in-sql > summary").click();
  await page.fill("#sql", "SELECT units() FROM huishoudens WHERE wijk =");
  await page.locator("[data-code-book] summary", { hasText: "Wijk" }).first().click();
  await page.getByRole("button", { name: "'WK054603'" }).click();
  assert.equal(await page.locator("#sql").inputValue(), "SELECT units() FROM huishoudens WHERE wijk ='WK054603'");
  assert.equal(await page.locator("#counts-sql").isChecked(), true, "what is typed counts");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL("**/answers/*");
  await close(page);
});

test("before asking, the whole combination is counted as a release shows it", async () => {
  const bram = await session(server, "bram");
  await ask(bram, "gemeente-leiden", "SELECT units() FROM huishoudens");
  const shown = JSON.parse(execFileSync(program(), ["release", "show", PROJECT, "--home", server.home, "--json"], { encoding: "utf8" }));
  const of = (...names) => shown.tables.find((one) => [...one.dimensions].sort().join() === [...names].sort().join());
  const page = await signedIn(server, "bram", PLAIN);
  const before = entries();
  for (const [names, only] of [
    [["wijk"], []],
    [["wijk", "boven_grens"], []],
    // what the question is about only is counted in whole too
    [["wijk", "boven_grens"], ["huishoudtype"]],
    [[], ["wijk"]],
  ]) {
    const table = of(...names, ...only);
    await page.goto(`${AT}/ask`);
    for (const name of names) {
      await page.locator(`#by-${name}`).check();
    }
    for (const name of only) {
      await page.locator("#only details", { has: page.locator(`#only-${name}-1`) }).locator("summary").click();
      await page.locator(`#only-${name}-1`).check();
    }
    await page.getByRole("button", { name: "Kijk eerst" }).click();
    const told = (await words(page, "#preview")).replaceAll(".", "");
    assert.ok(told.includes(`${table.cells} vakje`) && told.includes(`${table.protected} daarvan`), `${names} ${only}: ${told}`);
  }
  assert.equal(entries(), before, "looking is asking nothing");
  await close(page);
});

test("choosing shows the question in words and in SQL at once", async () => {
  const page = await signedIn(server, "bram");
  await page.goto(`${AT}/ask`);
  await page.locator("#by-wijk").check();
  await page.locator("#preview", { hasText: "Huishoudens per wijk" }).waitFor();
  assert.equal(await page.locator("#sql").inputValue(), "SELECT wijk, units() FROM huishoudens GROUP BY wijk");
  await close(page);
});

test("what the agreement does not allow stays a refusal that is recorded", async () => {
  const page = await signedIn(server, "bram", PLAIN);
  const before = entries();
  await page.goto(`${AT}/ask`);
  await writeSql(page, TOO_FINE);
  await page.getByRole("button", { name: "Stel de vraag" }).click();
  await page.waitForURL("**/answers/*");
  assert.equal(entries(), before + 1);
  await close(page);
});

test("an answer has a title in words; who asked changes it, and takes it back", async () => {
  const bram = await session(server, "bram");
  const answer = await ask(bram, "gemeente-leiden", BY_DISTRICT);
  const page = await signedIn(server, "bram", PLAIN);
  await page.goto(answer);
  assert.equal(await page.locator("h1").innerText(), "Huishoudens en gemiddelde huur per wijk");
  assert.match(await page.title(), /^Huishoudens en gemiddelde huur per wijk/u);
  await page.goto(`/en${answer}`);
  assert.equal(await page.locator("h1").innerText(), "Households and average rent by district");
  const before = entries();
  await page.goto(answer);
  await page.getByText("Verander de titel").click();
  await page.getByLabel("Titel", { exact: true }).fill("Waar is huren het duurst?");
  await page.getByRole("button", { name: "Bewaar de titel" }).click();
  const reader = await visitor(server);
  await reader.goto(answer);
  assert.equal(await reader.locator("h1").innerText(), "Waar is huren het duurst?");
  assert.equal(await reader.locator("meta[property='og:title']").getAttribute("content"), "Waar is huren het duurst?");
  await reader.goto("/questions?text=DUURST");
  assert.equal(await reader.getByRole("link", { name: "Waar is huren het duurst?" }).count(), 1);
  const bad = await bram.post(`${answer}/title`, { title: "a\u202eb" });
  assert.match(bad.text, /teken dat niemand ziet/u);
  assert.match((await bram.post(`${answer}/title`, { title: "x".repeat(121) })).text, /langer dan 120/u);
  const beheer = await session(server, "beheer");
  assert.equal((await beheer.post(`${answer}/title`, { what: "back" })).status, 303);
  await reader.goto(answer);
  assert.equal(await reader.locator("h1").innerText(), "Huishoudens en gemiddelde huur per wijk");
  assert.equal(entries(), before, "a title is in no log");
  const log = execFileSync(program(), ["ledger", "show", "--home", server.home, "--json"], { encoding: "utf8" });
  assert.ok(!log.includes("duurst"));
  await close(page, reader);
});

test("a party says something beside an answer, and readers see who promised what", async () => {
  const answer = await ask(await session(server, "bram"), "gemeente-leiden", WITH_PROTECTED);
  const noor = await signedIn(server, "noor", PLAIN);
  await noor.goto(answer);
  await noor.getByText(/^Zeg hier iets bij namens Gemeente/u).click();
  assert.match(await words(noor, "section[aria-labelledby=said]"), /Bij elke uitkomst staat hoeveel betaalbare woningen/u);
  await noor.getByLabel("Wat zegt dit, en wat niet?").fill("Er staan nu 31 betaalbare woningen vrij.");
  await noor.getByRole("button", { name: "Zet dit erbij" }).click();
  const reader = await visitor(server);
  await reader.goto(answer);
  assert.match(await words(reader, "section[aria-labelledby=said]"), /Gemeente \(verzonnen, naar Leiden\).*31 betaalbare woningen/u);
  assert.match(await words(reader, "section[aria-labelledby=applies]"), /Uitkomsten worden niet gebruikt om een huishouden aan te schrijven/u);
  assert.equal(await reader.locator("section[aria-labelledby=said] form").count(), 0);
  const eva = await session(server, "eva");
  assert.equal((await eva.post(`${answer}/note`, { party: "gemeente-leiden", words: "Namens een ander" })).status, 403);
  await close(noor, reader);
});

test("a reader sorts an answer's own table; nothing is in the order of a figure by itself", async () => {
  const answer = await ask(await session(server, "bram"), "gemeente-leiden", WITH_PROTECTED);
  const page = await visitor(server, PLAIN);
  await page.goto(answer);
  const column = async () => (await page.locator("table tbody tr td:nth-child(4)").allInnerTexts()).map((text) => text.trim());
  const before = await column();
  assert.equal(await page.locator("th[aria-sort]").count(), 0);
  await page.locator("thead").getByRole("link", { name: /gemiddelde huur|^huur/iu }).click();
  const sorted = await column();
  const figures = sorted.filter((text) => text !== "afgeschermd").map((text) => Number(text.replace(".", "").replace(",", ".")));
  assert.deepEqual(figures, [...figures].sort((a, b) => a - b));
  assert.ok(sorted.includes("afgeschermd") && sorted.lastIndexOf("afgeschermd") === sorted.length - 1, "what is protected is last");
  assert.deepEqual([...sorted].sort(), [...before].sort());
  await close(page);
});

test("files are named after the title, and a Dutch spreadsheet opens them", async () => {
  const answer = await ask(await session(server, "bram"), "gemeente-leiden", WITH_PROTECTED);
  const { headers, text } = await request(server, `${answer}/sheet.csv`);
  assert.match(headers["content-disposition"], /huishoudens-en-gemiddelde-huur-per-wijk-en-inkomen.*-\d{4}-\d{2}-\d{2}-sheet\.csv/u);
  assert.ok(text.startsWith("\ufeff"), "it says that it is UTF-8");
  const lines = text.trim().split("\r\n");
  assert.match(lines[0], /^\ufeff?Wijk;Wijk \(code\);/u);
  assert.ok(lines.some((line) => /^Merenwijkdistrict;WK054608;/u.test(line)));
  assert.ok(text.includes(";afgeschermd") && /;\d+,\d+/u.test(text));
  const page = await visitor(server);
  await page.goto(answer);
  const book = await download(page, page.getByRole("link", { name: "Excel (XLSX)" }));
  assert.equal(book.subarray(0, 2).toString(), "PK");
  await page.goto("/ledger?kind=answer");
  await page.getByRole("link", { name: "Naar het antwoord" }).first().click();
  assert.equal(new URL(page.url()).pathname, answer, "a line of the log leads to its answer");
  await close(page);
});

test("every figure of an answer can be drawn, and a picture is taken along as PNG", async () => {
  const answer = await ask(await session(server, "bram"), "gemeente-leiden", BY_DISTRICT);
  const page = await visitor(server);
  await page.goto(answer);
  const title = () => page.locator("#chart-heading svg:visible title").first().textContent();
  assert.match(await title(), /huishoudens/iu);
  await page.getByLabel("Cijfer", { exact: true }).selectOption({ index: 1 });
  await page.getByRole("button", { name: "Toon" }).click();
  assert.match(await title(), /huur/iu);
  const png = await download(page, page.getByRole("button", { name: "Staven (PNG)" }));
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  await close(page);
});

test("two dimensions are drawn as groups, three as panels on one scale", async () => {
  const bram = await session(server, "bram");
  const page = await visitor(server);
  await page.goto(await ask(bram, "gemeente-leiden", WITH_PROTECTED));
  const picture = page.locator("#chart-heading svg:visible");
  const texts = await picture.locator("text").allTextContents();
  assert.equal(texts.filter((text) => text.startsWith("Stevenshof")).length, 1, "a group has its name once");
  assert.ok(texts.some((text) => text.startsWith("Inkomen boven")), "the series are named");
  const hatched = await picture.locator("[class*=protected]").evaluateAll((all) => all.map((one) => one.getAttribute("width")));
  assert.equal(new Set(hatched).size, 1, `what is protected has no length: ${hatched}`);
  const three = "SELECT wijk, huishoudtype, boven_grens, units() FROM huishoudens GROUP BY wijk, huishoudtype, boven_grens";
  await page.goto(await ask(bram, "gemeente-leiden", three));
  const panels = await picture.locator("text").allTextContents();
  for (const label of ["Alleenstaand", "Paar zonder kinderen", "Paar met kinderen", "Eenoudergezin"]) {
    assert.equal(panels.filter((text) => text === label).length, 1, label);
  }
  await close(page);
});

test("while an agreement is suspended its answers say so, with their project, and are not listed as readable", async () => {
  const answer = await ask(await session(server, "bram"), "gemeente-leiden", BY_DISTRICT);
  const mila = await signedIn(server, "mila", PLAIN);
  await mila.goto(`${AT}/suspend`);
  await mila.getByLabel("Schort op:").check();
  await mila.getByLabel("Waarom").fill("De huurders willen eerst praten.");
  await mila.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  await mila.getByRole("button", { name: "Verstuur zonder handtekening" }).click();
  const reader = await visitor(server);
  await reader.goto(answer);
  assert.equal(await reader.locator("h1").innerText(), "Huishoudens en gemiddelde huur per wijk");
  const told = await words(reader);
  assert.match(told, /Dit antwoord is nu niet te lezen.*opgeschort/u);
  assert.match(told, /De huurders willen eerst praten\./u);
  assert.match(told, /Goedkoop scheefwonen in Leiden/u);
  assert.equal(await reader.locator("table").count(), 0);
  for (const file of ["answer.csv", "sheet.csv", "chart.svg", "receipt.json"]) {
    assert.equal((await request(server, `${answer}/${file}`)).status, 422, file);
  }
  await reader.goto("/questions");
  assert.equal(await reader.locator(`a[href="${answer}"]`).count(), 0);
  assert.match(await words(reader), /opgeschort/iu);
  await close(mila, reader);
});
