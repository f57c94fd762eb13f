// A goal: who does what for it, handed over by keyboard and without scripts; and the figures that parties bring.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { close, closeBrowser, program, serve, signedIn, told, visitor, words } from "./harness.mjs";
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
  await noor.locator("#what_en").fill("A desk for who wants to move");
  await noor.getByRole("button", { name: "Bied de taak aan" }).click();
  // what is missing is told beside its field, and nothing is lost
  assert.match(await words(noor, "[role=alert]"), /in het Nederlands is nog leeg/u);
  assert.equal(await noor.locator("#what_nl").getAttribute("aria-invalid"), "true");
  assert.equal(await noor.locator("#what_en").inputValue(), "A desk for who wants to move");
  await noor.getByLabel("Wat is de taak? In het Nederlands").fill("Een loket voor wie wil verhuizen");
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

test("figures are pasted, looked at, taken over and corrected; each fault with its line, and nothing typed is lost", async () => {
  const page = await signedIn(server, "joris", PLAIN);
  await page.goto(GOAL);
  await page.getByRole("link", { name: "Voeg cijfers toe" }).click();
  const faulty = "area;area_name;period;value\nWK054603;Leiden-Noord;2023;zeven\nWK054603;Leiden-Noord;24;7,5\n";
  await page.getByLabel("Titel in het Nederlands").fill("Wachttijd voor een woning");
  await page.getByLabel("Plak de cijfers hier").fill(faulty);
  await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
  const wrong = await words(page, "[role=alert]");
  for (const fault of [/eenheid in het Nederlands is nog leeg/iu, /bron in het Nederlands is nog leeg/iu, /regel 2: zeven is geen getal/iu, /regel 3: 24 is geen periode/iu]) {
    assert.match(wrong, fault);
  }
  assert.equal(await page.getByLabel("Titel in het Nederlands").inputValue(), "Wachttijd voor een woning");
  assert.equal(await page.getByLabel("Plak de cijfers hier").inputValue(), faulty);
  await page.getByLabel("Titel in het Engels").fill("Waiting for a home");
  for (const [label, text] of [["Eenheid in het Nederlands", "jaar"], ["Eenheid in het Engels", "years"], ["Bron in het Nederlands", "Eigen telling"], ["Bron in het Engels", "Own count"]]) {
    await page.getByLabel(label).fill(text);
  }
  // a file takes the place of what was pasted
  const buffer = Buffer.from("area;area_name;period;value\r\nX1;Leiden-Noord;2023;7,25\r\nX1;Leiden-Noord;2024;\r\nX1;Leiden-Noord;2025;8,5\r\n");
  await page.getByLabel("Of kies een bestand").setInputFiles({ name: "wachttijd.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
  assert.match(await words(page, "section[aria-labelledby=review]"), /Nieuw: 3.*Leiden-Noord \(X1\) 2023 – 7,25.*2024 – –.*2025 – 8,5/u);
  await page.getByRole("button", { name: "Neem dit over" }).click();
  await told(page, "De cijfers staan bij de opgave.");
  const article = page.locator("article", { hasText: "Wachttijd voor een woning" });
  assert.match(await article.innerText(), /Bron: Eigen telling\. Geleverd door Woningcorporaties/u);
  assert.match(await article.locator("svg:visible").first().textContent(), /Wachttijd voor een woning/u);
  await article.locator("summary").click();
  // a figure that is missing is no zero
  assert.deepEqual(await article.locator("td").allInnerTexts(), ["7,25", "–", "8,50"]);

  await article.getByRole("link", { name: /Vul deze cijfers aan/u }).click();
  await page.getByLabel("Plak de cijfers hier").fill("area,area_name,period,value\nX1,Leiden-Noord,2024,\"7,75\"\nX1,Leiden-Noord,2026,9\n");
  await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
  assert.match(await words(page, "section[aria-labelledby=review]"), /Nieuw: 1.*2026 – 9.*Veranderd: 1.*2024 – 7,75.*Blijft gelijk: 2/u);
  await page.getByRole("button", { name: "Neem dit over" }).click();
  await told(page, "De cijfers staan bij de opgave.");
  await article.locator("summary").click();
  assert.deepEqual(await article.locator("td").allInnerTexts(), ["7,25", "7,75", "8,50", "9,00"]);
  await close(page);
});

test("of many areas the whole is drawn, a reader chooses at most four lines, and municipalities have their outlines", async () => {
  const page = await signedIn(server, "joris", PLAIN);
  await page.goto(GOAL);
  await page.getByRole("link", { name: "Voeg cijfers toe" }).click();
  const areas = [["GM0482", "Alblasserdam"], ["GM0484", "Alphen aan den Rijn"], ["GM0489", "Barendrecht"], ["GM0501", "Brielle"], ["GM0502", "Capelle aan den IJssel"], ["NL01", "Nederland"]];
  const rows = areas.flatMap(([code, name], at) => [2023, 2024].map((year) => `${code};${name};${year};${at + 7},5`));
  for (const [label, text] of [["Titel in het Nederlands", "Armoede in de streek"], ["Titel in het Engels", "Poverty in the region"], ["Eenheid in het Nederlands", "% van de huishoudens"], ["Eenheid in het Engels", "% of households"], ["Bron in het Nederlands", "CBS"], ["Bron in het Engels", "CBS"], ["Plak de cijfers hier", ["area;area_name;period;value", ...rows].join("\n")]]) {
    await page.getByLabel(label).fill(text);
  }
  await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
  await page.getByRole("button", { name: "Neem dit over" }).click();
  await close(page);

  const anyone = await visitor(server, PLAIN);
  await anyone.goto(GOAL);
  const article = anyone.locator("article", { hasText: "Armoede in de streek" });
  const lines = async () => (await article.locator("svg.zwerm-picture--line:visible").textContent()) ?? "";
  assert.match(await article.innerText(), /U ziet 1 van 6 gebieden/u);
  assert.match(await lines(), /Nederland/u);
  assert.doesNotMatch(await lines(), /Alblasserdam/u);
  const map = (await article.locator("svg.zwerm-picture--areas:visible").textContent()) ?? "";
  assert.match(map, /Brielle.*Grenzen van 2022: CBS\/Kadaster/su);
  await article.getByText("Kies andere lijnen").click();
  await article.getByLabel("Lijn 1").selectOption("GM0501");
  await article.getByLabel("Lijn 2").selectOption("GM0489");
  await article.getByRole("button", { name: "Toon deze lijnen" }).click();
  assert.match(await article.innerText(), /U ziet 2 van 6 gebieden/u);
  assert.match(await lines(), /Brielle.*Barendrecht/su);
  assert.doesNotMatch(await lines(), /Nederland/u);
  await article.getByText("Kies andere lijnen").click();
  assert.equal(await article.getByLabel("Lijn 1").inputValue(), "GM0501");
  await close(anyone);
});

/** The public half of a key that a party made on its own machine. */
function publicKey(name) {
  const file = join(server.home, "..", `${name}.key`);
  return JSON.parse(execFileSync(program(), ["party", "key", "new", file, "--json"], { encoding: "utf8" })).public_key;
}

test("a project is proposed in six steps, without scripts and without TOML; rows are added and nothing typed is lost", async () => {
  const page = await signedIn(server, "noor", PLAIN);
  await page.goto("/projects");
  await page.getByRole("link", { name: "Stel een project voor" }).click();
  const fill = async (fields) => {
    for (const [id, text] of Object.entries(fields)) {
      await page.locator(`#${id}`).fill(text);
    }
  };
  const press = (name) => page.getByRole("button", { name, exact: true }).last().click();
  const title = () => page.locator("h1").innerText();
  await page.locator("#goal").selectOption("");
  await fill({ title_nl: "Bankjes <in> de \"wijk\"" });
  await press("Bewaar en ga verder");
  assert.equal(await title(), "Stap 1 van 6: waarvoor");
  const wrong = await words(page, "[role=alert]");
  for (const fault of [/titel van de opgave is nog leeg/iu, /doel is nog leeg/iu]) {
    assert.match(wrong, fault);
  }
  assert.ok(!/grondslag|mandaat/iu.test(wrong), "what later steps ask for is not told yet");
  assert.equal(await page.locator("#purpose").getAttribute("aria-invalid"), "true");
  await fill({ purpose: "openbare ruimte", goal_title_nl: "Samen buiten" });
  await press("Bewaar en ga verder");
  assert.equal(await title(), "Stap 2 van 6: wie aan tafel zit");
  await fill({ about_nl: "ouderen in de wijk" });
  // the partners that are here sit at the table already; one makes place for others
  const tenants = page.locator("fieldset.box", { has: page.locator("details[open]", { hasText: "spreekt voor de mensen" }) });
  await tenants.getByLabel("Welke partner?").selectOption("");
  await press("Terug naar stap 1");
  assert.equal(await page.locator("#title_nl").inputValue(), "Bankjes <in> de \"wijk\"");
  await press("Bewaar en ga verder");
  const residents = (await tenants.getAttribute("id")).replace("-", "");
  await fill({ [`${residents}_nl`]: "Ouderenraad", [`${residents}_mandate_on`]: "2026-02-01", [`${residents}_mandate_evidence`]: "besluit van de raad" });
  await press("Nog een partner");
  assert.equal(await page.locator(`#${residents}_nl`).inputValue(), "Ouderenraad");
  await fill({ party4_nl: "Buurthuis" });
  await page.locator("#party4_helix").selectOption("organisations");
  await press("Bewaar en ga verder");
  assert.equal(await title(), "Stap 3 van 6: de gegevens");
  await fill({ unit: "persoon", dataset0_name: "bezoeken", dataset0_basis: "AVG art. 6, lid 1, onder a" });
  await page.locator("#dataset0_provider").selectOption({ label: "Buurthuis" });
  const column = async (row, name, kind, role, more = {}) => {
    await fill({ [`column${row}_name`]: name });
    await page.locator(`#column${row}_kind`).selectOption({ label: kind });
    await page.locator(`#column${row}_role-${role}`).check();
    await fill(more);
  };
  await column(0, "persoon", "tekst", "key");
  await column(1, "wijk", "tekst", "dimension", { column1_values: "WK01 = Noord\nWK02 = Zuid" });
  await column(2, "uren", "getal", "measure", { column2_lower: "0", column2_upper: "37,5" });
  await press("Nog een kolom");
  await column(3, "huisarts", "tekst", "withheld");
  await press("Bewaar en ga verder");
  const missing = await words(page, "[role=alert]");
  assert.match(missing, /grootheid van uren is nog leeg/iu);
  assert.match(missing, /waarom u die niet deelt/iu);
  await fill({ column2_quantity: "uren per week", column3_why: "niet nodig voor de vraag" });
  await press("Bewaar en ga verder");
  assert.equal(await title(), "Stap 4 van 6: de bescherming");
  await press("Bewaar en ga verder");
  await fill({ condition0_nl: "Niemand krijgt een brief." });
  await press("Bewaar en ga verder");
  assert.match(await words(page, "[role=alert]"), /wie instaat voor/iu);
  await page.locator("#condition0_by").selectOption({ label: "Buurthuis" });
  await press("Bewaar en ga verder");
  assert.equal(await title(), "Stap 6 van 6: nakijken");
  assert.equal(await page.locator("[role=alert]").count(), 0, await words(page));
  // what the computer keeps is told from the settings, and what is promised beside it
  assert.match(await words(page, ".card--comp"), /minstens 10 personen/u);
  assert.match(await words(page, ".card--prom"), /Niemand krijgt een brief\. Buurthuis/u);
  assert.match(await page.locator("details pre").textContent(), /goal = "samen-buiten"/u);
  await press("Stel voor en open de ronde");
  // a party without a key could not sign: no round opens, and nothing is lost
  const waits = await words(page, "[role=alert]");
  for (const name of ["Ouderenraad", "Buurthuis"]) {
    assert.ok(waits.includes(`Dit voorstel wacht op de sleutel van ${name}.`), waits);
    assert.ok(waits.includes(`Vraag de beheerder om ${name} in te schrijven`), waits);
  }
  await page.getByRole("button", { name: "Wie aan tafel" }).click();
  assert.equal(await page.locator(`#${residents}_nl`).inputValue(), "Ouderenraad");
  for (const row of [residents, "party4"]) {
    await page.locator(`#${row}_key`).fill(publicKey(row));
  }
  await page.getByRole("button", { name: "Nakijken" }).click();
  await press("Stel voor en open de ronde");
  await told(page, "De consentronde is open.");
  assert.match(page.url(), /\/projects\/bankjes-in-de-wijk\/versions\/1/u);
  await page.goto("/en/goals/samen-buiten");
  assert.equal(await page.locator("h1").innerText(), "Samen buiten", "Dutch alone is enough");
  await close(page);
});

test("whoever wrote a project or takes part in a goal changes its words; what stood there before stays to be read", async () => {
  const noor = await signedIn(server, "noor", PLAIN);
  const at = "/projects/leiden-goedkoop-scheefwonen";
  await noor.goto(at);
  await noor.getByRole("link", { name: "Verander deze woorden" }).click();
  const harm = noor.getByLabel("Wat kan het schaden?");
  const before = await harm.inputValue();
  await harm.fill("Huurders kunnen schrikken van een brief.");
  await noor.getByRole("button", { name: "Bewaar deze woorden" }).click();
  await told(noor, "De woorden zijn veranderd.");
  const anyone = await visitor(server, PLAIN);
  await anyone.goto(at);
  assert.match(await words(anyone, "section[aria-labelledby=what-for]"), /schrikken van een brief/u);
  await anyone.getByRole("link", { name: "Wat hier eerder stond" }).click();
  assert.equal(await anyone.getByRole("button", { name: "Bewaar deze woorden" }).count(), 0);
  assert.ok((await words(anyone, "section[aria-labelledby=before]")).includes(before.slice(0, 40)), before);
  // those at the table consented with other words, and are told
  const mila = await signedIn(server, "mila", PLAIN);
  await mila.goto("/account");
  assert.match(await words(mila, "section[aria-labelledby=notices]"), /De woorden van .* zijn veranderd/u);

  await noor.goto(GOAL);
  const titles = () => noor.locator("section[aria-labelledby=result] article h3").allInnerTexts();
  const first = await titles();
  await noor.getByRole("link", { name: "Verander deze woorden of de volgorde" }).click();
  await noor.getByLabel("Waar gaat de opgave over?").fill("Iedereen woont passend.");
  // what is no number is told beside its field, and the others are still there
  await noor.getByLabel(first[0]).fill("bovenaan");
  await noor.getByLabel(first.at(-1)).fill("0");
  await noor.getByRole("button", { name: "Bewaar", exact: true }).click();
  assert.match(await words(noor, "[role=alert]"), /geen heel getal/u);
  assert.equal(await noor.getByLabel(first[0]).inputValue(), "bovenaan");
  assert.equal(await noor.getByLabel(first.at(-1)).inputValue(), "0");
  await noor.getByLabel(first[0]).fill("1");
  await noor.getByRole("button", { name: "Bewaar", exact: true }).click();
  await told(noor, "De woorden zijn veranderd.");
  assert.match(await words(noor), /Iedereen woont passend\./u);
  assert.deepEqual(await titles(), [first.at(-1), ...first.slice(0, -1)]);

  // a goal that shows one thing has no order to give
  await noor.goto("/goals/samen-buiten/words");
  assert.equal(await noor.locator("[name^=place_]").count(), 0);
  await noor.getByLabel("Waar gaat de opgave over?").fill("Iedereen komt buiten.");
  await noor.getByRole("button", { name: "Bewaar", exact: true }).click();
  await told(noor, "De woorden zijn veranderd.");
  await close(noor, anyone, mila);
});

test("whoever knows TOML goes on in the document, and finds the form again", async () => {
  const page = await signedIn(server, "eva", PLAIN);
  await page.goto("/projects/new");
  await page.locator("#title_nl").fill("Warme huizen");
  await page.getByRole("button", { name: "Nakijken" }).click();
  await page.locator("summary", { hasText: "De afspraak die u zo schrijft" }).click();
  await page.getByRole("button", { name: "Schrijf zelf verder in dit document" }).click();
  const document = page.getByLabel("De afspraak (TOML)");
  const text = await document.inputValue();
  assert.match(text, /id = "warme-huizen"/u);
  await document.fill(`${text}# van mij`);
  await page.getByRole("button", { name: "Terug naar het formulier" }).click();
  assert.match(await words(page, ".eyebrow"), /Warme huizen/u);
  await page.locator("summary", { hasText: "De afspraak die u zo schrijft" }).click();
  await page.getByRole("button", { name: "Ga verder met uw eigen document" }).click();
  assert.match(await document.inputValue(), /# van mij/u);
  await close(page);
});
