// The first hour of a new home: from `zwerm serve` in an empty folder to a first answer, by six people, with the keyboard.
// Every field that is filled in or chosen and every link or button that is pressed is counted; opening the site at its first page or at
// one's account, as people do who come back later, is not.
//
// Outside the pages: each partner's data are prepared on its own machine, and one partner brings a key that it made there.
// The project is proposed with the form's document field, since the form that starts from a data file is not there yet;
// what that field holds stands for what such a form would write, and counts as one.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, program, serveNew, unharmed, visitor, words } from "./harness.mjs";

const PASSWORD = "vier losse woorden hier";
const PASSPHRASE = "nog vier andere woorden";
const AT = `/projects/${PROJECT}`;
/** Partners as the administrator registers them: name, side, and the id that is made of the name. */
const PARTNERS = [
  ["Gemeente Leiden", "Overheid", "gemeente-leiden"],
  ["Statistiekbureau", "Kennis", "statistiekbureau"],
  ["Corporatie", "Organisaties", "corporatie"],
  ["Huurdersvereniging", "Inwoners", "huurdersvereniging"],
];
/** Who is invited, where, and to which roles. */
const INVITED = [
  ["Noor", "Gemeente Leiden", ["beslisser", "onderzoeker"]],
  ["Lars", "Statistiekbureau", ["beslisser", "gegevensbeheerder"]],
  ["Eva", "Corporatie", ["beslisser"]],
  ["Mila", "Huurdersvereniging", ["beslisser"]],
  ["Joris", "Corporatie", ["gegevensbeheerder"]],
];
const DECIDERS = { Noor: "gemeente-leiden", Lars: "statistiekbureau", Eva: "corporatie", Mila: "huurdersvereniging" };
/** The most that six people together may have to do. */
const BAR = 120;

let server;
let partners;
let document;
const people = {};
const links = {};
const counted = new Map();

before(async () => {
  server = await serveNew();
  partners = join(server.folder, "partners");
  execFileSync(program(), ["example", "generate", PROJECT, "--output", partners]);
  execFileSync(program(), ["party", "key", "new", join(server.folder, "corporatie.key")]);
  execFileSync(program(), ["party", "key", "new", join(server.folder, "wrong.key")]);
  const text = await readFile(new URL("../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml", import.meta.url), "utf8");
  document = text.split("[[consent]]")[0].replaceAll(/^public_key = .*\n/gmu, "").replace("version = 2", "version = 1");
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** Somebody at a browser of their own. */
async function somebody(name) {
  people[name] ??= await visitor(server);
  return people[name];
}

function one(page) {
  const [name] = Object.entries(people).find(([, known]) => known === page);
  counted.set(name, (counted.get(name) ?? 0) + 1);
}

/** Types into a field. */
async function fill(page, label, text) {
  one(page);
  const field = page.getByLabel(label, { exact: true });
  await field.focus();
  await page.keyboard.insertText(text);
}

/** Ticks or chooses. */
async function tick(page, label) {
  one(page);
  await page.getByLabel(label).first().focus();
  await page.keyboard.press("Space");
}

/** Chooses from a list. */
async function choose(page, label, option) {
  one(page);
  await page.getByLabel(label, { exact: true }).selectOption({ label: option });
}

/** Presses a link or button, which stays on the page. */
async function touch(page, role, name) {
  one(page);
  await page.getByRole(role, { name }).first().focus();
  await page.keyboard.press("Enter");
}

/** Presses a link or button that leads to another page. */
async function press(page, role, name) {
  await Promise.all([page.waitForEvent("load"), touch(page, role, name)]);
}

/** Hands over a file. */
async function hand(page, label, file) {
  one(page);
  await page.getByLabel(label).setInputFiles(file);
}

async function told(page, text) {
  await page.getByRole("status").getByText(text).first().waitFor();
}

/** The checklist on the home page: what is done. */
async function done(page) {
  await page.goto("/");
  return page.locator("section[aria-labelledby=beginning] li", { hasText: "klaar" }).count();
}

/** Opens the link of an invitation and makes an account. */
async function join_(name, link) {
  const page = await somebody(name);
  await page.goto(link);
  assert.match(await page.getByLabel("Gebruikersnaam", { exact: true }).inputValue(), new RegExp(`^${name.toLowerCase()}`, "u"));
  await fill(page, "Wachtwoord", PASSWORD);
  await fill(page, "Nog een keer", PASSWORD);
  await press(page, "button", "Bewaar");
  await told(page, "U bent aangemeld.");
  return page;
}

/** Makes the party's key on the page that an invited decider comes to. */
async function makeKey(page) {
  const output = page.locator("[data-party-key] output");
  await output.getByText("In deze browser staat nog geen sleutel").waitFor();
  await touch(page, "button", "Maak een nieuwe sleutel");
  await output.getByText("nog niet bewaard").waitFor();
  await fill(page, "Wachtzin", PASSPHRASE);
  await Promise.all([page.waitForEvent("download"), touch(page, "button", "Sla een kopie op")]);
  await output.getByText("De kopie is opgeslagen").waitFor();
  await press(page, "button", "Zet deze sleutel op naam van uw partner");
  await told(page, "De sleutel staat op naam van uw partner.");
}

test("a visitor of an empty home reads that it has just begun, and no more", async () => {
  const page = await visitor(server);
  await page.goto("/");
  const list = await words(page, "section[aria-labelledby=beginning]");
  assert.match(list, /Deze site begint net\./u);
  assert.equal(await page.locator("section[aria-labelledby=beginning] li").count(), 0);
  await close(page);
});

test("the administrator registers the partners before any agreement names them", async () => {
  const page = await join_("Beheer", server.first);
  assert.equal(await done(page), 0);
  await press(page, "link", "Schrijf de partners in");
  for (const [name, side, id] of PARTNERS) {
    await fill(page, "Naam", name);
    await tick(page, side);
    await press(page, "button", "Schrijf deze partner in");
    await told(page, "De partner is ingeschreven.");
    assert.equal(await page.locator("th", { hasText: name }).locator(".soft").innerText(), id);
  }
  assert.equal(await done(page), 1);
  unharmed(page);
});

test("the administrator invites people, with links that can be passed on as they are", async () => {
  const page = people.Beheer;
  await press(page, "link", "Nodig bij elke partner iemand uit die beslist");
  for (const [name, partner, roles] of INVITED) {
    await fill(page, "Naam", name);
    if ((await page.locator("#party option:checked").innerText()) !== partner) {
      await choose(page, "Partner", partner);
    }
    for (const role of roles) {
      // the first at a partner is one who decides, unless somebody chooses otherwise
      if (!(await page.getByLabel(role).isChecked())) {
        await tick(page, role);
      }
    }
    await press(page, "button", "Maak de uitnodiging");
    const shown = page.getByRole("status");
    links[name] = await shown.locator("code").innerText();
    assert.ok(links[name].startsWith(`${server.url}/invitations/`), links[name]);
    assert.match(await words(page, "[role=status]"), new RegExp(`Voor ${name}, als ${roles.join(", ")} van ${partner}\\.`, "u"));
    await shown.getByRole("button", { name: "Kopieer de link" }).click();
    await shown.getByText("De link is gekopieerd.").waitFor();
  }
  unharmed(page);
});

test("whoever decides is led to the key at once, makes one or loads one", async () => {
  for (const name of ["Noor", "Lars"]) {
    const page = await join_(name, links[name]);
    assert.equal(new URL(page.url()).pathname, `/account/key/${DECIDERS[name]}`);
    await makeKey(page);
    unharmed(page);
  }
  const eva = await join_("Eva", links.Eva);
  await eva.locator("[data-party-key] output").getByText("nog geen sleutel").waitFor();
  await hand(eva, "Laad een sleutel uit een bestand", join(server.folder, "corporatie.key"));
  await eva.locator("[data-party-key] output").getByText("De sleutel is geladen").waitFor();
  await press(eva, "button", "Zet deze sleutel op naam van uw partner");
  await told(eva, "De sleutel staat op naam van uw partner.");
  assert.match(await words(eva), /De sleutel van uw partner is bekend/u);
  // another key is told at once, and is not loaded
  await eva.getByLabel("Laad een sleutel uit een bestand").setInputFiles(join(server.folder, "wrong.key"));
  await eva.locator("[data-party-key] output").getByText("een andere sleutel dan die van deze partner").waitFor();
  assert.equal(await eva.getByText("De sleutel is geladen").count(), 0);
  await join_("Joris", links.Joris);
  assert.equal(new URL(people.Joris.url()).pathname, "/account");
  await join_("Mila", links.Mila);
  assert.equal(await done(people.Beheer), 2);
});

test("a proposal waits for the key of a partner, and is not lost", async () => {
  const { Noor: noor, Mila: mila } = people;
  await noor.goto("/");
  await press(noor, "link", "Stel een project voor, en stem samen in");
  await press(noor, "link", /document/u);
  await fill(noor, "Wat wilt u doen, en waarom?", "Wij willen weten wie goedkoop woont.");
  await fill(noor, "Wat kan het opleveren, en voor wie?", "Meer passende woningen.");
  await fill(noor, "Wat kan het schaden?", "Huurders kunnen zich bekeken voelen.");
  await fill(noor, "Wie kan er buiten vallen?", "Mensen zonder huurcontract.");
  await fill(noor, "Titel van een nieuwe opgave, in het Nederlands", "Passend wonen in Leiden");
  await fill(noor, "Titel van een nieuwe opgave, in het Engels", "Fitting homes in Leiden");
  await fill(noor, "De afspraak (TOML)", document);
  await press(noor, "button", "Stel voor en open de ronde");
  const waits = await words(noor, "[role=alert]");
  assert.match(waits, /wacht op de sleutel van Huurdersvereniging/u);
  assert.match(waits, /kreeg bericht en maakt de sleutel/u);
  assert.equal((await noor.goto(AT)).status(), 404, "nothing is proposed yet");
  await mila.goto("/account");
  await press(mila, "link", /Een voorstel wacht op de sleutel van uw partner/u);
  await makeKey(mila);
  await noor.goto("/account");
  await press(noor, "link", /De sleutel van Huurdersvereniging is er; uw voorstel kan verder/u);
  assert.equal(await noor.getByLabel("Wat kan het schaden?").inputValue(), "Huurders kunnen zich bekeken voelen.");
  await press(noor, "button", "Stel voor en open de ronde");
  await told(noor, "De nieuwe versie staat klaar. De consentronde is open.");
  assert.equal(await done(people.Beheer), 3);
  unharmed(mila);
});

test("all four read what for, consent and sign with the key in their own browser", async () => {
  for (const name of Object.keys(DECIDERS)) {
    const page = people[name];
    await page.goto("/");
    await press(page, "link", "Stel een project voor, en stem samen in");
    await press(page, "link", "Besluit namens uw partner");
    const what = await words(page, "section[aria-labelledby=for]");
    for (const part of ["wie goedkoop woont", "Meer passende woningen", "bekeken voelen", "zonder huurcontract"]) {
      assert.ok(what.includes(part), what);
    }
    await tick(page, "Wij stemmen in");
    await press(page, "button", "Verder naar ondertekenen");
    await touch(page, "button", "Onderteken in deze browser");
    await page.locator("form[data-sign] output").getByText("Ondertekend.").waitFor();
    await press(page, "button", "Verstuur met handtekening");
    await told(page, "Uw besluit staat in het openbare logboek.");
    unharmed(page);
  }
  assert.equal(await done(people.Beheer), 4);
});

test("data are delivered, the first question is asked, and the list is gone", async () => {
  for (const [name, party, dataset, file] of [
    ["Joris", "corporatie", "woningen", "woningen.csv"],
    ["Lars", "statistiekbureau", "inkomens", "inkomens.csv"],
  ]) {
    const page = people[name];
    await page.goto("/");
    await press(page, "link", "Lever de gegevens");
    await press(page, "link", dataset);
    await press(page, "link", /Lever/u);
    await hand(page, "Bestand (CSV, Parquet of Excel)", join(partners, "data", file));
    await press(page, "button", "Kijk het bestand na");
    await press(page, "button", "Lever dit bestand");
    assert.ok(!(await page.getByRole("alert").count()), `${party}: ${await words(page)}`);
    assert.match(await words(page, "section[aria-labelledby=delivered]"), /regels, door /u);
  }
  assert.equal(await done(people.Beheer), 5);
  const { Noor: noor } = people;
  await noor.goto("/");
  await press(noor, "link", "Stel de eerste vraag");
  await noor.locator("#by-wijk").focus();
  await noor.keyboard.press("Space");
  one(noor);
  await press(noor, "button", "Stel de vraag");
  await noor.waitForURL("**/answers/*");
  assert.equal(await noor.locator("table tbody tr").count(), 10);
  await noor.goto("/");
  assert.equal(await noor.locator("section[aria-labelledby=beginning]").count(), 0, "it has begun");
  await close(...Object.values(people));
});

test("six people together fill in and press less than the bar", () => {
  const all = [...counted.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(`fields and clicks: ${all} (${[...counted].map(([name, count]) => `${name} ${count}`).join(", ")})\n`);
  assert.equal(counted.size, 6);
  assert.ok(all <= BAR, `${all} fields and clicks, more than ${BAR}`);
});
