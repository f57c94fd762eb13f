// Who belongs to a party: a decider invites somebody, who signs in; and whoever is shut out gets nothing any more. In a
// browser without scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, signedIn, unharmed, visitor, words, writeSql } from "./harness.mjs";

const PLAIN = { javaScriptEnabled: false };
const PASSWORD = "vier woorden zijn genoeg";

let server;

before(async () => {
  server = await serve();
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** The line of somebody in the table of the people. */
function line(page, login) {
  return page.locator("tr", { has: page.locator(".soft").getByText(login, { exact: true }) });
}

test("a decider invites somebody to their own party, who signs in and does the work", async () => {
  const eva = await signedIn(server, "eva", PLAIN);
  await eva.goto("/");
  await eva.getByRole("link", { name: "Mensen", exact: true }).click();
  const page = await words(eva);
  assert.ok(page.includes("Joris") && !page.includes("Noor") && !page.includes("Beheer"), page);
  assert.equal(await eva.locator("#party option").count(), 1, "only her own party is there to choose");
  await eva.getByLabel("Naam", { exact: true }).fill("Sanne");
  await eva.getByLabel("gegevensbeheerder").check();
  await eva.getByRole("button", { name: "Maak de uitnodiging" }).click();
  const link = await eva.getByRole("status").locator("code").innerText();
  assert.ok(link.startsWith(`${server.url}/invitations/`), `the link can be used as it is: ${link}`);
  assert.match(await words(eva, "[role=status]"), /Voor Sanne, als gegevensbeheerder van /u);
  const sanne = await visitor(server, PLAIN);
  await sanne.goto(link);
  await sanne.getByLabel("Gebruikersnaam").fill("sanne");
  await sanne.getByLabel("Wachtwoord").fill(PASSWORD);
  await sanne.getByLabel("Nog een keer").fill(PASSWORD);
  await sanne.getByRole("button", { name: "Bewaar" }).click();
  await sanne.getByRole("status").getByText("U bent aangemeld.").waitFor();
  assert.match(await words(sanne), /gegevensbeheerder, Woningcorporaties/u);
  await sanne.goto("/data");
  assert.match(await words(sanne), /woningen/u);
  await eva.goto("/account");
  assert.match(await words(eva, "section[aria-labelledby=notices]"), /Eva nodigde Sanne uit als gegevensbeheerder/u);
  await close(eva, sanne);
});

test("whoever is shut out gets nothing any more at their next request", async () => {
  const bram = await signedIn(server, "bram", PLAIN);
  const beheer = await signedIn(server, "beheer", PLAIN);
  await bram.goto(`/projects/${PROJECT}/ask`);
  await writeSql(bram, "SELECT units() FROM huishoudens");
  await beheer.goto("/people");
  await line(beheer, "bram").getByRole("link", { name: "Blokkeer Bram" }).click();
  await beheer.getByRole("link", { name: "Nee, laat zo" }).click();
  await line(beheer, "bram").getByRole("link", { name: "Blokkeer Bram" }).click();
  await beheer.getByRole("button", { name: "Blokkeer", exact: true }).click();
  await beheer.getByRole("status").getByText("Het account is geblokkeerd.").waitFor();
  assert.equal(await line(beheer, "bram").getByText("geblokkeerd").count(), 1);
  await bram.getByRole("button", { name: "Stel de vraag" }).click();
  assert.equal(await bram.locator("h1").innerText(), "Meld u eerst aan");
  await bram.fill("#login", "bram");
  await bram.fill("#password", server.password("bram"));
  await bram.click("main button[type=submit]");
  assert.match(await words(bram, "[role=alert]"), /Gebruikersnaam of wachtwoord klopt niet/u);
  await line(beheer, "bram").getByRole("button", { name: "Laat weer toe Bram" }).click();
  await beheer.getByRole("status").getByText("Het account is weer toegelaten.").waitFor();
  await bram.fill("#password", server.password("bram"));
  await bram.click("main button[type=submit]");
  const kept = await bram.getByLabel("Vraag", { exact: true }).inputValue();
  assert.equal(kept, "SELECT units() FROM huishoudens", "what was being written is not lost");
  await close(beheer, bram);
});

test("a role that ends counts at once, after a confirmation", async () => {
  const lars = await signedIn(server, "lars", PLAIN);
  const hugo = await signedIn(server, "hugo", PLAIN);
  await lars.goto("/people");
  const role = line(lars, "hugo").getByRole("link", { name: /deze rol van Hugo: gegevensbeheerder/u });
  await role.click();
  assert.match(await words(lars), /Het einde geldt meteen/u);
  await lars.getByRole("button", { name: "Beëindig de rol" }).click();
  await lars.getByRole("status").getByText("De rol is beëindigd.").waitFor();
  await hugo.goto("/account");
  assert.match(await words(hugo, "section[aria-labelledby=notices]"), /U bent geen gegevensbeheerder meer/u);
  assert.equal(await hugo.getByRole("link", { name: "Gegevens", exact: true }).count(), 0);
  assert.equal(await line(lars, "lars").getByRole("link").count(), 0, "the last decider stays one");
  await close(lars, hugo);
});

test("a question that names somebody is taken away, with who and why", async () => {
  const resident = await visitor(server, PLAIN);
  await resident.goto(`/projects/${PROJECT}/question`);
  await resident.getByLabel("Uw vraag").fill("Waarom heeft mevrouw Jansen twee huizen?");
  await resident.getByRole("button", { name: "Verstuur de vraag" }).click();
  const mila = await signedIn(server, "mila", PLAIN);
  await mila.goto(`/projects/${PROJECT}`);
  await mila.locator("article", { hasText: "Jansen" }).getByRole("link", { name: "Haal deze vraag weg" }).click();
  await mila.getByLabel("Waarom").fill("De vraag noemt een bewoner.");
  await mila.getByRole("button", { name: "Haal de vraag weg" }).click();
  await mila.getByRole("status").getByText("De vraag is weggehaald.").waitFor();
  await resident.goto(`/projects/${PROJECT}`);
  const shown = await words(resident, "section[aria-labelledby=words]");
  assert.ok(!shown.includes("Jansen"), shown);
  assert.match(shown, /Zij is weggehaald\. .*weggehaald door .* De vraag noemt een bewoner\./u);
  await close(mila, resident);
});

test("consent is offered only while a round is open, with what it is for", async () => {
  const noor = await signedIn(server, "noor", PLAIN);
  const at = `/projects/${PROJECT}/versions/2`;
  await noor.goto(at);
  assert.equal(await noor.getByRole("link", { name: "Besluit namens uw partner" }).count(), 0);
  await noor.getByRole("link", { name: "Maak bezwaar" }).click();
  const page = await words(noor);
  assert.match(page, /Instemmen kan nog niet/u);
  for (const heading of ["Wat en waarom", "Wat het kan opleveren", "Wat het kan schaden", "Wie er buiten kan vallen"]) {
    assert.ok(page.includes(heading), heading);
  }
  assert.equal(await noor.getByLabel("Wij stemmen in").count(), 0);
  assert.equal(await noor.getByLabel(/overwegend bezwaar/u).count(), 1, "objecting needs no round");
  await noor.getByRole("button", { name: "Open de ronde" }).click();
  await noor.getByRole("status").getByText("De consentronde is open.").waitFor();
  await noor.getByRole("link", { name: "Besluit namens uw partner" }).click();
  assert.equal(await noor.getByLabel("Wij stemmen in", { exact: true }).count(), 1);
  await close(noor);
});

test("the administrator gives a further role and a link for a new password, and stays when nobody else could", async () => {
  const beheer = await signedIn(server, "beheer", PLAIN);
  await beheer.goto("/people");
  await beheer.getByRole("link", { name: "Joris", exact: true }).click();
  await beheer.getByLabel("Partner", { exact: true }).selectOption("huurdersvereniging");
  await beheer.getByLabel("onderzoeker").check();
  await beheer.getByRole("button", { name: "Geef deze rollen" }).click();
  await beheer.getByRole("status").getByText("De rol is gegeven.").waitFor();
  assert.match(await words(beheer, "section[aria-labelledby=held]"), /onderzoeker, Huurdersvereniging/u);
  await beheer.getByRole("button", { name: "Maak een link voor een nieuw wachtwoord" }).click();
  const link = await beheer.getByRole("status").locator("code").innerText();
  assert.ok(link.startsWith(`${server.url}/reset/`), link);
  const joris = await visitor(server, PLAIN);
  await joris.goto(link);
  await joris.getByLabel("Wachtwoord").fill(PASSWORD);
  await joris.getByLabel("Nog een keer").fill(PASSWORD);
  await joris.getByRole("button", { name: "Bewaar" }).click();
  await joris.fill("#login", "joris");
  await joris.fill("#password", PASSWORD);
  await joris.click("main button[type=submit]");
  const told = await words(joris, "section[aria-labelledby=notices]");
  assert.match(told, /Beheer maakte een link voor een nieuw wachtwoord van Joris/u);
  assert.match(told, /U bent nu ook onderzoeker van Huurdersvereniging/u);
  await beheer.goto("/people");
  await beheer.locator("main").getByRole("link", { name: "Beheer", exact: true }).click();
  await beheer.getByRole("button", { name: "Maak geen beheerder meer" }).click();
  assert.match(await words(beheer, "[role=alert]"), /laatste beheerder/u);
  await close(beheer, joris);
});

test("one click looks as somebody of the demonstration", async () => {
  const page = await visitor(server);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Kijk als Mila" }).click();
  await page.locator("header").getByRole("link", { name: "Mila" }).first().waitFor();
  unharmed(page);
  await close(page);
});
