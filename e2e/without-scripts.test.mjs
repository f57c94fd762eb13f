// Everything without a script: what a browser without JavaScript, or an old one, can do. Nothing that was filled in is lost.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, program, serve, signedIn, signIn, told, visitor, words, writeSql } from "./harness.mjs";
import { session } from "./http.mjs";
import { amend } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
const PLAIN = { javaScriptEnabled: false };
const DECISION = "Uw besluit staat in het openbare logboek.";

let server;

before(async () => {
  server = await serve();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

test("signing in, asking by the builder, and reading the answer", async () => {
  const page = await visitor(server, PLAIN);
  await signIn(server, page, "bram");
  await page.goto(`${AT}/ask`);
  await page.locator("#by-wijk").check();
  await page.getByRole("button", { name: "Stel de vraag" }).click();
  await page.waitForURL("**/answers/*");
  assert.equal(await page.locator("table tbody tr").count(), 10);
  assert.equal(await page.locator("#map-heading svg:visible").count(), 1);
  await page.goto("/ledger");
  assert.match(await words(page), /zwerm verify receipt\.json/u);
  await close(page);
});

test("deciding, with a signature of the command line", async () => {
  const version = await amend(await session(server, "noor"), { retention: "12" });
  const page = await signedIn(server, "lars", PLAIN);
  await page.goto(`${version}/decide`);
  await page.getByLabel("Wij stemmen in, met een zorg").check();
  await page.getByLabel("Waarom").fill("Kort & bondig: \"12\" <maanden> is weinig.");
  await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  const statement = join(server.home, "..", "statement.json");
  await writeFile(statement, await page.locator("#statement").textContent());
  const signature = execFileSync(program(), ["party", "sign", statement, "--key", server.keyFile("statistiekbureau")], { encoding: "utf8" }).trim();
  await page.getByLabel("Handtekening").fill(`${signature.slice(0, 20)}AAAA${signature.slice(24)}`);
  await page.getByRole("button", { name: "Verstuur met handtekening" }).click();
  assert.match(await words(page, "[role=alert]"), /handtekening/u);
  // what was signed stays what it was: a slip in pasting does not mean signing again
  assert.equal(await page.locator("#statement").textContent(), await readFile(statement, "utf8"));
  await page.getByLabel("Handtekening").fill(signature);
  await page.getByRole("button", { name: "Verstuur met handtekening" }).click();
  await told(page, DECISION);
  assert.match(await words(page, "section[aria-labelledby=who]"), /12" <maanden> is weinig/u);
  await close(page);
});

test("a key that was made elsewhere is put in a party's name", async () => {
  const page = await signedIn(server, "lars", PLAIN);
  await page.goto("/account/key/statistiekbureau");
  assert.match(await words(page), /De sleutel van uw partner is bekend/u);
  await page.locator("summary", { hasText: "De sleutel is weg" }).click();
  await page.getByRole("link", { name: "Maak een andere sleutel" }).click();
  await page.getByLabel("Publieke sleutel").fill("geen sleutel");
  await page.getByRole("button", { name: "Zet deze sleutel op naam" }).click();
  assert.match(await words(page, "[role=alert]"), /geen publieke sleutel/u);
  const key = execFileSync(program(), ["party", "key", "show", server.keyFile("statistiekbureau")], { encoding: "utf8" }).trim();
  await page.getByLabel("Publieke sleutel").fill(key);
  await page.getByRole("button", { name: "Zet deze sleutel op naam" }).click();
  await told(page, "De sleutel staat op naam van uw partner.");
  await close(page);
});

test("consent without a signature does not count, and is not taken", async () => {
  const page = await signedIn(server, "eva", PLAIN);
  await page.goto(`${AT}/versions/3/decide`);
  await page.getByLabel("Wij stemmen in", { exact: true }).check();
  await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  assert.equal(await page.getByRole("button", { name: "Verstuur zonder handtekening" }).count(), 0);
  await page.getByRole("button", { name: "Verstuur met handtekening" }).click();
  await page.getByRole("alert").waitFor();
  await page.goto(`${AT}/versions/3`);
  const side = page.locator(".seat", { hasText: "Woningcorporaties" });
  assert.match(await side.innerText(), /Beslist nog/u);
  await close(page);
});

test("a draft of a proposal is kept, and found again", async () => {
  const page = await signedIn(server, "noor", PLAIN);
  await page.goto("/projects/new?how=document");
  const summary = "Wij willen weten waar bankjes nodig zijn.\nEn voor wie.";
  await page.getByLabel("Wat wilt u doen, en waarom?").fill(summary);
  await page.getByLabel("De afspraak (TOML)").fill('id = "bankjes"\n');
  await page.getByRole("button", { name: "Bewaar als concept" }).click();
  await told(page, "Het concept is bewaard.");
  await page.goto("/account");
  await page.locator("section[aria-labelledby=drafts] a[href='/projects/new']").click();
  assert.equal(await page.getByLabel("Wat wilt u doen, en waarom?").inputValue(), summary);
  assert.equal((await page.getByLabel("De afspraak (TOML)").inputValue()).trim(), 'id = "bankjes"');
  // what is wrong with it is said, and nothing of it is lost
  await page.getByRole("button", { name: "Stel voor en open de ronde" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("Wat wilt u doen, en waarom?").inputValue(), summary);
  await close(page);
});

/** Fills in a form, loses the session, sends, signs in again: what was filled in stands there. */
async function lose(login, path, fill, send, look) {
  const page = await signedIn(server, login, PLAIN);
  await page.goto(path);
  await fill(page);
  await page.context().clearCookies();
  await page.getByRole("button", { name: send, exact: true }).last().click();
  assert.match(await words(page), /Wat u invulde, is niet weg/u);
  await page.fill("#login", login);
  // a mistake on the way does not lose it either
  await page.fill("#password", "not the password");
  await page.click("main button[type=submit]");
  assert.match(await words(page), /Wat u invulde, is niet weg/u);
  await page.fill("#login", login);
  await page.fill("#password", server.password(login));
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => url.pathname === path);
  await look(page);
  await close(page);
}

const TEXT = "Regel een, met \"aanhalingstekens\" & <tekens>.\nRegel twee é.";

const FORMS = [
  ["mila", `${AT}/versions/3/decide`, "Waarom", "Verder naar ondertekenen", (page) => page.getByLabel("Wij hebben een overwegend").check()],
  ["mila", `${AT}/suspend`, "Waarom", "Verder naar ondertekenen", (page) => page.getByLabel("Schort op:").check()],
  ["bram", `${AT}/ask`, "Vraag", "Stel de vraag"],
  ["eva", "/projects/new", "Wat kan het schaden?", "Bewaar en ga verder"],
  ["noor", "/goals/leiden-passend-wonen/offer", "Wat is de taak? In het Nederlands", "Bied de taak aan"],
  ["joris", "/goals/leiden-passend-wonen/indicators/new", "Plak de cijfers hier", "Bekijk wat er verandert"],
  ["noor", `${AT}/amend`, "Hoe heet het project?", "Bewaar en ga verder"],
  ["joris", "/data/corporatie/woningen/withdraw", "Waarom", "Trek terug"],
];

for (const [login, path, label, send, more] of FORMS) {
  test(`a session that is lost on ${path} loses nothing`, async () => {
    const text = ["Hoe heet het project?", "Wat is de taak? In het Nederlands"].includes(label) ? TEXT.replace("\n", " ") : TEXT;
    await lose(
      login,
      path,
      async (page) => {
        if (label === "Vraag") {
          await writeSql(page, text);
        } else {
          await page.getByLabel(label).first().fill(text);
        }
        await more?.(page);
      },
      send,
      async (page) => {
        const kept = await page.getByLabel(label, { exact: label === "Vraag" }).first().inputValue();
        assert.equal(kept.replaceAll("\r\n", "\n"), text);
      },
    );
  });
}

test("a question in words, and a reply that survives a lost session", async () => {
  const resident = await visitor(server, PLAIN);
  await resident.goto(`${AT}/question`);
  await resident.getByLabel("Uw vraag").fill(TEXT);
  await resident.getByRole("button", { name: "Verstuur de vraag" }).click();
  await told(resident, "Uw vraag staat bij het project.");
  assert.ok((await words(resident)).includes(TEXT.replaceAll(/\s+/gu, " ")));
  await close(resident);
  const { text } = await (await session(server, "mila")).get(AT);
  const path = text.match(/\/projects\/[^"]+\/reply\/[^"]+/u)[0];
  const label = "Uw antwoord, of waarom niet";
  await lose(
    "mila",
    path,
    (page) => page.getByLabel(label).fill(TEXT),
    "Beantwoord",
    async (page) => {
      assert.equal((await page.getByLabel(label).inputValue()).replaceAll("\r\n", "\n"), TEXT);
      await page.getByRole("button", { name: "Beantwoord", exact: true }).click();
      await told(page, "Uw antwoord staat erbij.");
      await page.goto("/account");
      const drafts = await page.locator("section[aria-labelledby=drafts] a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
      assert.ok(!drafts.includes(path), "what was sent is no draft any more");
    },
  );
});

test("somebody is invited, makes an account, and uses a recovery code once", async () => {
  const admin = await signedIn(server, "beheer", PLAIN);
  await admin.goto("/people");
  await admin.getByLabel("Naam", { exact: true }).fill("Sanne");
  await admin.getByLabel("Partner", { exact: true }).selectOption("corporatie");
  await admin.getByLabel("onderzoeker").check();
  await admin.getByRole("button", { name: "Maak de uitnodiging" }).click();
  const link = await admin.getByRole("status").locator("code").innerText();
  const page = await visitor(server, PLAIN);
  const invitation = link.slice(link.indexOf("/invitations/"));
  await page.goto(invitation);
  const choose = async (again) => {
    await page.getByLabel("Gebruikersnaam").fill("sanne");
    await page.getByLabel("Wachtwoord").fill("vier woorden zijn genoeg");
    await page.getByLabel("Nog een keer").fill(again);
    await page.getByRole("button", { name: "Bewaar" }).click();
  };
  await choose("iets heel anders");
  assert.match(await words(page, "[role=alert]"), /niet gelijk/u);
  await choose("vier woorden zijn genoeg");
  await told(page, "Uw account is er. U bent aangemeld.");
  await page.getByRole("button", { name: "Afmelden" }).click();
  assert.equal((await page.goto(invitation)).status(), 404, "an invitation works once");
  const enter = async (secret) => {
    await page.goto("/sign-in");
    await page.fill("#login", "sanne");
    await page.fill("#password", secret);
    await page.click("main button[type=submit]");
  };
  await enter("vier woorden zijn genoeg");
  assert.match(await words(page), /onderzoeker, Woningcorporaties/u);
  await page.goto("/account/codes");
  const make = async (password) => {
    await page.fill("#password-old", password);
    await page.getByRole("button", { name: "Maak nieuwe codes" }).click();
  };
  await make("een open scherm is niet genoeg");
  assert.match(await words(page, "[role=alert]"), /niet uw huidige wachtwoord/u);
  await make("vier woorden zijn genoeg");
  const codes = await page.locator("main li code").allInnerTexts();
  assert.equal(codes.length, 10);
  await page.getByRole("button", { name: "Afmelden" }).click();
  await told(page, "U bent afgemeld.");
  await enter(codes[0]);
  assert.match(await words(page), /Aangemeld als sanne/u);
  await page.getByRole("button", { name: "Afmelden" }).click();
  await enter(codes[0]);
  assert.match(await words(page, "[role=alert]"), /Gebruikersnaam of wachtwoord klopt niet/u);
  await close(admin, page);
});

test("suspending without a signature counts at once", async () => {
  const page = await signedIn(server, "eva", PLAIN);
  await page.goto(`${AT}/suspend`);
  await page.getByLabel("Schort op:").check();
  await page.getByLabel("Waarom").fill("Eerst praten.");
  await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  await page.getByRole("button", { name: "Verstuur zonder handtekening" }).click();
  await told(page, "De afspraak is opgeschort.");
  assert.equal(await page.locator("main .state").first().innerText(), "Opgeschort");
  await close(page);
});
