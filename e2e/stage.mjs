// A home in which something has happened, made through the forms but without a browser: a version that waits for
// consent, an answer, refusals, questions in words with and without an answer and one that was taken away, an invitation,
// an account that was shut out.

import assert from "node:assert/strict";

import { PROJECT } from "./harness.mjs";
import { changed, fields, post, session, signature, unescape } from "./http.mjs";

export const BY_DISTRICT = "SELECT wijk, units() AS huishoudens, avg(huur) AS huur FROM huishoudens GROUP BY wijk";
export const WITH_PROTECTED =
  "SELECT wijk, boven_grens, units() AS huishoudens, avg(huur) AS huur FROM huishoudens WHERE huishoudtype = 'eenouder' GROUP BY wijk, boven_grens";
export const TOO_FINE =
  "SELECT wijk, huishoudtype, boven_grens, huurklasse, units() FROM huishoudens GROUP BY wijk, huishoudtype, boven_grens, huurklasse";
export const ONE_HOUSEHOLD = "SELECT inkomen FROM huishoudens WHERE huishouden = '0f3a'";

/** Where a redirect leads. */
export function target(answer) {
  assert.equal(answer.status, 303, `no redirect but ${answer.status}: ${said(answer)}`);
  return answer.headers.location;
}

/** What a page says in its alerts, for the message of a test that fails. */
export function said(answer) {
  const alerts = [...answer.text.matchAll(/role="alert"[^>]*>(.*?)<\/div>/gsu)].map(([, html]) => html);
  return unescape(alerts.join(" ").replaceAll(/<[^>]+>/gu, " ")).replaceAll(/\s+/gu, " ") || answer.text.slice(0, 500);
}

/** The goal that everything here is for. */
export const GOAL = "/goals/leiden-passend-wonen";

/** Asks; where the answer or the refusal is. */
export async function ask(person, party, sql, purpose = "housing-policy") {
  return target(await person.post(`/projects/${PROJECT}/ask`, { sql, party, purpose, what: "ask" }));
}

/** Proposes the next version with some fields of the form changed; its address. */
export async function amend(person, changes) {
  const action = `/projects/${PROJECT}/amend`;
  const form = fields((await person.get(action)).text, action);
  const to = target(await person.post(action, changed(form, { ...promised(form, changes), what: "propose" })));
  return to.split("?")[0];
}

/** A promise is a row more. */
function promised(form, { promise, ...changes }) {
  if (promise === undefined) {
    return changes;
  }
  const row = Number(form.find(([name]) => name === "rows_condition")[1]);
  return { ...changes, rows_condition: row + 1, [`condition${row}_nl`]: promise, [`condition${row}_by`]: "0" };
}

/** Decides in both steps; signed when there is a key file. */
export async function decide(person, version, party, words, keyFile) {
  const action = `${version}/decide`;
  const first = await person.post(action, { party, reason: "", lifts: "", ...words, step: "words" });
  assert.equal(first.status, 200, said(first));
  const statement = unescape(first.text.match(/<pre id="statement"[^>]*>([^<]*)<\/pre>/u)[1]);
  const form = fields(first.text, action);
  const pen = keyFile ? { signature: signature(keyFile, statement) } : { unsigned: "yes" };
  return target(await person.post(action, changed(form, pen)));
}

/** Puts a question in words; its id. */
export async function question(server, text, person) {
  const before = await questions(server, person);
  const path = `/projects/${PROJECT}/question`;
  target(await post(server, path, { text }));
  const after = await questions(server, person);
  return after.find((id) => !before.includes(id));
}

async function questions(server, person) {
  const { text } = await person.get(`/projects/${PROJECT}`);
  return [...text.matchAll(/\/reply\/([^"]+)"/gu)].map(([, id]) => id);
}

/** The id of somebody, as the page of the people shows it to an administrator. */
export async function idOf(admin, login) {
  const { text } = await admin.get("/people");
  const id = text.match(new RegExp(`href="/people/([0-9a-f]+)">[^<]*</a><br><span class="soft small">${login}</span>`, "u"))?.[1];
  assert.ok(id, `${login} is not on the page`);
  return id;
}

/** Invites somebody; the path of the link. */
export async function invite(inviter, fields) {
  const invited = await inviter.post("/people", fields);
  const invitation = invited.text.match(/\/invitations\/[^<"\s]+/u)?.[0];
  assert.ok(invitation, `nobody was invited: ${said(invited)}`);
  return invitation;
}

/** Makes the account of an invitation. */
export async function accept(server, invitation, login, password) {
  const form = { login, name: login, password, "password-again": password };
  assert.match(target(await post(server, invitation, form)), /^\/account.*\?done=account$/u);
}

/** Offers a task of the goal on behalf of a party; where it is answered. */
export async function offer(person, by, to, what) {
  const before = await tasks(person);
  target(await person.post(`${GOAL}/offer`, { by, to, what_nl: what, what_en: `${what} (in English)` }));
  return (await tasks(person)).find((path) => !before.includes(path));
}

/** Adds an indicator of the goal, in both steps; where its figures are added to. */
export async function indicator(person, party, title, figures) {
  const path = `${GOAL}/indicators/new`;
  const words = { title_nl: title, title_en: title, unit_nl: "jaar", unit_en: "years", source_nl: title, source_en: title };
  const given = { into: "figures", party, ...words, figures };
  const looked = await person.postParts(path, { ...given, what: "look" });
  const seen = looked.text.match(/name="seen" value="([^"]+)"/u)?.[1];
  assert.ok(seen, said(looked));
  target(await person.postParts(path, { ...given, what: "take", seen }));
  const { text } = await person.get(GOAL);
  return [...text.matchAll(/href="(\/goals\/[^"]+\/indicators\/[^"]+)"/gu)].map(([, found]) => found).find((found) => !found.endsWith("/new"));
}

async function tasks(person) {
  const { text } = await person.get(GOAL);
  return [...text.matchAll(/href="(\/goals\/[^"]+\/tasks\/[^"]+)"/gu)].map(([, path]) => path);
}

/** Makes all of it; the people and the addresses. */
export async function furnish(server) {
  const names = ["noor", "bram", "mila", "joris", "beheer"];
  const people = {};
  for (const name of names) {
    people[name] = await session(server, name);
  }
  const { noor, bram, mila, joris, beheer } = people;
  const answer = await ask(bram, "gemeente-leiden", BY_DISTRICT);
  const hidden = await ask(bram, "gemeente-leiden", WITH_PROTECTED);
  const refused = await ask(bram, "gemeente-leiden", BY_DISTRICT, "fraud");
  await ask(bram, "gemeente-leiden", TOO_FINE);
  const history = unescape((await bram.get("/barriers")).text.match(/href="(\/barriers\/history\?[^"]+)"/u)[1]);
  const open = await question(server, "Hoeveel woningen komen er in de Merenwijk vrij?", mila);
  const replied = await question(server, "Gaat mijn huur hierdoor omhoog?", mila);
  target(
    await mila.post(`/projects/${PROJECT}/reply/${replied}`, {
      party: "huurdersvereniging",
      text: "Nee, dat hebben de corporaties beloofd.",
      what: "answer",
    }),
  );
  const version = await amend(noor, { retention: "12" });
  await decide(mila, version, "huurdersvereniging", { decision: "object", reason: "Dit is te kort.", lifts: "Laat het 24 maanden." });
  const task = await offer(noor, "gemeente-leiden", "corporatie", "Wie wil verhuizen, helpen zoeken");
  const own = await offer(noor, "gemeente-leiden", "gemeente-leiden", "Elk jaar tellen hoe het gaat");
  const figures = await indicator(joris, "corporatie", "Wachttijd", "area;area_name;period;value\nWK054603;Leiden-Noord;2023;7,5\nWK054603;Leiden-Noord;2024;\n");
  const insult = await question(server, "Waarom is mevrouw Jansen zo lui?", mila);
  const reason = "De vraag noemt een bewoner.";
  target(await bram.post(`/projects/${PROJECT}/questions/${insult}/take-away`, { party: "gemeente-leiden", reason }));
  const invitation = await invite(beheer, { name: "Sanne", party: "corporatie", role: "analyst" });
  await accept(server, await invite(noor, { name: "Kim", party: "gemeente-leiden", role: "analyst" }), "kim", "vier woorden zijn genoeg");
  target(await beheer.post(`/people/${await idOf(beheer, "kim")}/disable`, {}));
  const ids = { noor: await idOf(beheer, "noor"), bram: await idOf(beheer, "bram"), joris: await idOf(beheer, "joris") };
  return { people, answer, hidden, refused, history, open, replied, task, own, figures, version, invitation, ids };
}
