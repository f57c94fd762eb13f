// The first hour of a new home: from `zwerm serve` in an empty folder to a first answer, by six people, with the keyboard.
// Every field that is filled in or chosen and every link or button that is pressed is counted; opening the site at its first page or at
// one's account, as people do who come back later, is not.
//
// Outside the pages: each partner's data are prepared on its own machine with `zwerm data prepare`, and one partner brings a
// key that it made there. Who proposes starts from its own prepared file and from the summary of the other partner's,
// which holds columns and no value: nothing of people goes from one partner to another.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { PROJECT, close, closeBrowser, program, serveNew, told, unharmed, visitor, words } from "./harness.mjs";

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
  ["Eva", "Corporatie", ["beslisser"]],
  ["Noor", "Gemeente Leiden", ["beslisser", "onderzoeker"]],
  ["Mila", "Huurdersvereniging", ["beslisser"]],
  ["Lars", "Statistiekbureau", ["beslisser", "gegevensbeheerder"]],
  ["Joris", "Corporatie", ["gegevensbeheerder"]],
];
const DECIDERS = { Noor: "gemeente-leiden", Lars: "statistiekbureau", Eva: "corporatie", Mila: "huurdersvereniging" };
/** The most that six people together may have to do. */
const BAR = 120;

let server;
let partners;
/** Whether the pages run scripts. */
let scripts;
let people = {};
let links = {};
let counted = new Map();

/** A new home, with the files that partners prepare on their own machines. */
async function begin(withScripts) {
  scripts = withScripts;
  people = {};
  links = {};
  counted = new Map();
  server = await serveNew();
  partners = join(server.folder, "partners");
  execFileSync(program(), ["example", "generate", PROJECT, "--output", partners]);
  for (const name of ["corporatie", "wrong"]) {
    execFileSync(program(), ["party", "key", "new", keyFile(name)]);
  }
  const secret = join(server.folder, "secret");
  execFileSync(program(), ["data", "secret", secret]);
  for (const name of ["woningen", "inkomens"]) {
    const made = join(partners, `${name}.csv`);
    execFileSync(program(), ["data", "prepare", join(partners, "data", `${name}.csv`), "--key", "huishouden", "--secret", secret, "--output", made, "--summary", join(partners, `${name}.json`)]);
  }
}

function keyFile(party) {
  return join(server.folder, `${party}.key`);
}

after(closeBrowser);

/** Somebody at a browser of their own. */
async function somebody(name) {
  people[name] ??= await visitor(server, { javaScriptEnabled: scripts });
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

/** Hands over a file that is read at once; without scripts, by a button. */
async function handAndRead(page, label, file, button) {
  if (scripts) {
    await Promise.all([page.waitForEvent("load"), hand(page, label, file)]);
    return;
  }
  await hand(page, label, file);
  await press(page, "button", button);
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
async function makeKey(page, party) {
  if (!scripts) {
    execFileSync(program(), ["party", "key", "new", keyFile(party)]);
    await bringKey(page, party);
    return;
  }
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

/** Puts a key that was made elsewhere in the party's name. */
async function bringKey(page, party) {
  if (scripts) {
    await page.locator("[data-party-key] output").getByText("nog geen sleutel").waitFor();
    await hand(page, "Laad een sleutel uit een bestand", keyFile(party));
    await page.locator("[data-party-key] output").getByText("De sleutel is geladen").waitFor();
  } else {
    const key = execFileSync(program(), ["party", "key", "show", keyFile(party)], { encoding: "utf8" });
    await fill(page, "Publieke sleutel", key.trim());
  }
  await press(page, "button", "Zet deze sleutel op naam van uw partner");
  await told(page, "De sleutel staat op naam van uw partner.");
}

/** Signs what stands on the page, with the key in the browser or in a file. */
async function sign(page, party) {
  if (scripts) {
    await press(page, "button", "Onderteken en verstuur");
    return;
  }
  const statement = join(server.folder, "statement.json");
  await writeFile(statement, await page.locator("#statement").textContent());
  const signature = execFileSync(program(), ["party", "sign", statement, "--key", keyFile(party)], { encoding: "utf8" });
  await fill(page, "Handtekening", signature.trim());
  await press(page, "button", "Verstuur met handtekening");
}

for (const withScripts of [true, false]) {
  describe(`the first hour ${withScripts ? "with" : "without"} scripts`, () => {
    before(() => begin(withScripts));

    after(() => server?.stop());

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
        if (scripts) {
          await shown.getByRole("button", { name: "Kopieer de link" }).click();
          await shown.getByText("De link is gekopieerd.").waitFor();
        }
      }
      unharmed(page);
    });

    test("whoever decides is led to the key at once, makes one or loads one", async () => {
      for (const name of ["Noor", "Lars"]) {
        const page = await join_(name, links[name]);
        assert.equal(new URL(page.url()).pathname, `/account/key/${DECIDERS[name]}`);
        await makeKey(page, DECIDERS[name]);
        unharmed(page);
      }
      const eva = await join_("Eva", links.Eva);
      await bringKey(eva, "corporatie");
      assert.match(await words(eva), /De sleutel van uw partner is bekend/u);
      if (scripts) {
        // another key is told at once, and is not loaded
        await eva.getByLabel("Laad een sleutel uit een bestand").setInputFiles(keyFile("wrong"));
        await eva.locator("[data-party-key] output").getByText("een andere sleutel dan die van deze partner").waitFor();
        assert.equal(await eva.getByText("De sleutel is geladen").count(), 0);
      }
      await join_("Joris", links.Joris);
      assert.equal(new URL(people.Joris.url()).pathname, "/account");
      await join_("Mila", links.Mila);
      assert.equal(await done(people.Beheer), 2);
    });

    test("a project is proposed in six steps from a prepared file, waits for the key of a partner, and is not lost", async () => {
      const { Eva: eva, Mila: mila } = people;
      const next = (page) => press(page, "button", "Bewaar en ga verder");
      await eva.goto("/");
      await press(eva, "link", "Stel een project voor, en stem samen in");
      await fill(eva, "Hoe heet het project?", "Goedkoop scheefwonen in Leiden");
      await fill(eva, "Hoe heet de nieuwe opgave?", "Passend wonen in Leiden");
      await fill(eva, "Waar zijn de vragen voor?", "woonbeleid");
      await fill(eva, "Wat wilt u doen, en waarom?", "Wij willen weten wie goedkoop woont.");
      await fill(eva, "Wat kan het opleveren, en voor wie?", "Meer passende woningen.");
      await fill(eva, "Wat kan het schaden?", "Huurders kunnen zich bekeken voelen.");
      await fill(eva, "Wie kan er buiten vallen?", "Mensen zonder huurcontract.");
      await next(eva);
      await fill(eva, "Over wie gaan de gegevens?", "huurders van een corporatie in Leiden");
      // the partner of the residents says by whose mandate it speaks
      const tenants = eva.locator("details[open]", { hasText: "spreekt voor de mensen" });
      for (const [label, text] of [["Op welke dag?", "2026-02-01"], ["In welk besluit staat dat?", "besluit van de leden"]]) {
        one(eva);
        await tenants.getByLabel(label).fill(text);
      }
      await next(eva);
      // a file that is chosen is read at once
      for (const file of ["woningen.csv", "inkomens.json"]) {
        await handAndRead(eva, "Bestand (CSV", join(partners, file), "Lees dit bestand");
        await eva.locator("#read").getByText(file).waitFor();
      }
      assert.match(await words(eva, "#read"), /Wij lazen woningen\.csv: 22669 regels.*Wij lazen inkomens\.json/u);
      const source = (n) => eva.locator("section", { has: eva.locator(`#dataset-${n}`) });
      const into = async (field, text) => {
        one(eva);
        await field.fill(text);
      };
      await into(source(0).getByLabel("Waarom mag dat?"), "AVG art. 6, lid 1, onder f");
      await into(source(1).getByLabel("Waarom mag dat?"), "AVG art. 6, lid 1, onder e");
      one(eva);
      await source(1).getByLabel("Wie levert die?").selectOption({ label: "Statistiekbureau" });
      const column = (n, name) => source(n).locator(".card", { has: eva.getByRole("heading", { name, exact: true }) });
      await into(column(0, "huur").getByLabel("Waarin is het gemeten?"), "euro per maand");
      await into(column(1, "boven_grens").getByLabel("Welke waarden zijn er?"), "ja\nnee");
      one(eva);
      await column(1, "inkomen").getByText("Meetwaarde").click();
      await into(column(1, "inkomen").getByLabel("Waarin is het gemeten?"), "euro per jaar");
      await into(column(1, "inkomen").getByLabel("Laagste waarde"), "0");
      await into(column(1, "inkomen").getByLabel("Hoogste waarde"), "200000");
      await next(eva);
      await next(eva);
      await next(eva);
      assert.equal(await eva.locator("h1").innerText(), "Stap 6 van 6: nakijken");
      assert.equal(await eva.getByRole("alert").count(), 0, await words(eva));
      await press(eva, "button", "Stel voor en open de ronde");
      const waits = await words(eva, "[role=alert]");
      assert.match(waits, /wacht op de sleutel van Huurdersvereniging/u);
      assert.match(waits, /kreeg bericht en maakt de sleutel/u);
      assert.equal((await eva.goto(AT)).status(), 404, "nothing is proposed yet");
      await mila.goto("/account");
      await press(mila, "link", /Maak de sleutel van Huurdersvereniging/u);
      await makeKey(mila, "huurdersvereniging");
      await eva.goto("/account");
      await press(eva, "link", /De sleutel van Huurdersvereniging is er; uw voorstel kan verder/u);
      await press(eva, "button", "Stel voor en open de ronde");
      await told(eva, "De nieuwe versie staat klaar. De consentronde is open.");
      assert.equal(await done(people.Beheer), 3);
      unharmed(mila);
    });

    test("all four read what for, consent and sign with the key in their own browser", async () => {
      for (const name of Object.keys(DECIDERS)) {
        const page = people[name];
        await page.goto("/");
        // straight to what waits
        await press(page, "link", "Stel een project voor, en stem samen in");
        const what = await words(page, "section[aria-labelledby=for]");
        for (const part of ["wie goedkoop woont", "Meer passende woningen", "bekeken voelen", "zonder huurcontract"]) {
          assert.ok(what.includes(part), what);
        }
        await tick(page, "Wij stemmen in");
        await press(page, "button", "Verder naar ondertekenen");
        await sign(page, DECIDERS[name]);
        await told(page, "Uw besluit staat in het openbare logboek.");
        unharmed(page);
      }
      assert.equal(await done(people.Beheer), 4);
    });

    test("data are delivered, the first question is asked, and the list is gone", async () => {
      for (const [name, party, file] of [
        ["Joris", "corporatie", "woningen.csv"],
        ["Lars", "statistiekbureau", "inkomens.csv"],
      ]) {
        const page = people[name];
        await page.goto("/");
        await press(page, "link", "Lever de gegevens");
        await handAndRead(page, "Bestand (CSV, Parquet of Excel)", join(partners, file), "Kijk het bestand na");
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
  });
}
