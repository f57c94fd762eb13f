// Every route of the server, for everyone: a route that is not in this table fails it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { PROJECT, serve } from "./harness.mjs";
import { post, postParts, request, session } from "./http.mjs";
import { GOAL, furnish } from "./stage.mjs";

const ROUTES = new URL("../crates/web/src/routes.rs", import.meta.url);
/** Who looks, and for which party. */
const PEOPLE = {
  nobody: "",
  noor: "gemeente-leiden",
  bram: "gemeente-leiden",
  eva: "corporatie",
  joris: "corporatie",
  lars: "statistiekbureau",
  hugo: "statistiekbureau",
  mila: "huurdersvereniging",
  beheer: "",
};
const ALL = Object.keys(PEOPLE);
const SIGNED_IN = ALL.slice(1);
const DECIDERS = ["noor", "eva", "lars", "mila"];
const ANALYSTS = ["bram", "hugo", "mila"];
const STEWARDS = ["joris", "hugo"];
const AT = `/projects/${PROJECT}`;

/** What signed-in people who may not get, and what visitors get. */
const REFUSED = { others: 403, nobody: 401 };

let server;
let stage;
let sessions;
let rows;

before(async () => {
  server = await serve();
  stage = await furnish(server);
  sessions = {};
  for (const login of SIGNED_IN) {
    sessions[login] = await session(server, login);
  }
  const barriers = (await sessions.mila.get("/barriers")).text;
  const key = barriers.match(/name="key" value="([^"]+)"/u)[1];
  const asset = (await request(server, "/")).text.match(/\/assets\/[^/]+\/zwerm\.css/u)[0];
  rows = table(key, asset);
});

after(() => server?.stop());

/** A row: what is asked, who may, what they get, what the others get. A `fields` makes of a person what they send. */
function row(route, path, may, status = 200, rest = {}) {
  const [method, template] = route.split(" ");
  return { method, template, path, may, status, fields: () => ({}), ...REFUSED, ...rest };
}

function table(key, asset) {
  const own = (more = {}) => ({ fields: (login) => ({ party: PEOPLE[login], ...more }) });
  const version = stage.version;
  const dataset = "/data/corporatie/woningen";
  const { joris } = stage.ids;
  const answering = [...DECIDERS, "bram", "hugo"];
  return [
    row("GET /", "/", ALL),
    row("GET /en/", "/en/", ALL, 308, { once: true }),
    row("GET /goals/{id}", "/goals/leiden-passend-wonen", ALL),
    row("GET /goals/{id}/words", `${GOAL}/words`, ALL),
    row("POST /goals/{id}/words", `${GOAL}/words`, DECIDERS, [200, 303], own()),
    row("GET /projects/{id}/words", `${AT}/words`, ALL),
    row("POST /projects/{id}/words", `${AT}/words`, ["noor"], [200, 303], own()),
    row("GET /goals/{id}/offer", `${GOAL}/offer`, DECIDERS),
    row("POST /goals/{id}/offer", `${GOAL}/offer`, DECIDERS, 200, { fields: (login) => ({ by: PEOPLE[login], to: PEOPLE[login] }) }),
    // who offered it may take it back, and whom it was offered to may answer
    row("GET /goals/{id}/tasks", `${GOAL}/tasks`, ALL),
    row("GET /goals/{id}/tasks/{task}", stage.task, ["noor", "eva"]),
    row("POST /goals/{id}/tasks/{task}", stage.task, ["eva"], 200, { fields: () => ({ what: "decline", reason: "" }) }),
    row("GET /goals/{id}/tasks/{task}", stage.own, ["noor"]),
    row("POST /goals/{id}/tasks/{task}", stage.own, ["noor"], 200, { fields: () => ({ what: "hand-over", to: "nobody" }) }),
    row("GET /goals/{id}/indicators/{indicator}", `${GOAL}/indicators/new`, [...DECIDERS, ...STEWARDS]),
    row("POST /goals/{id}/indicators/{indicator}", `${GOAL}/indicators/new`, [...DECIDERS, ...STEWARDS], 200, { multipart: true }),
    // who brought figures corrects them
    row("GET /goals/{id}/indicators/{indicator}", stage.figures, ["eva", "joris"]),
    row("POST /goals/{id}/indicators/{indicator}", stage.figures, ["eva", "joris"], 200, { multipart: true }),
    row("GET /goals", "/goals", ALL),
    row("GET /projects", "/projects", ALL),
    row("GET /projects/new", "/projects/new", DECIDERS),
    row("POST /projects/new", "/projects/new", DECIDERS, 303, own({ what: "keep" })),
    row("GET /projects/{id}", AT, ALL),
    row("GET /projects/{id}/question", `${AT}/question`, ALL),
    row("POST /projects/{id}/question", `${AT}/question`, ALL, [200, 422]),
    row("GET /projects/{id}/reply/{question}", `${AT}/reply/${stage.open}`, answering),
    row("POST /projects/{id}/reply/{question}", `${AT}/reply/${stage.open}`, answering, [200, 422], own({ what: "answer" })),
    row("GET /projects/{id}/questions", `${AT}/questions`, ALL),
    row("GET /projects/{id}/questions/{question}", `${AT}/questions/${stage.open}`, ALL),
    row("GET /projects/{id}/take-away", `${AT}/take-away?question=${stage.open}`, answering),
    row("POST /projects/{id}/take-away", `${AT}/take-away`, answering, [200, 422, 404], own()),
    row("GET /projects/{id}/questions/{question}/take-away", `${AT}/questions/${stage.open}/take-away`, answering),
    row("POST /projects/{id}/questions/{question}/take-away", `${AT}/questions/${stage.open}/take-away`, answering, [200, 422], own()),
    row("POST /projects/new/file", "/projects/new/file", DECIDERS, 200, { multipart: true }),
    row("POST /projects/{id}/amend/file", `${AT}/amend/file`, DECIDERS, 200, { multipart: true }),
    row("GET /projects/{id}/amend", `${AT}/amend`, DECIDERS),
    row("POST /projects/{id}/amend", `${AT}/amend`, DECIDERS, 303, own({ what: "keep" })),
    row("GET /projects/{id}/ask", `${AT}/ask`, ANALYSTS),
    row("POST /projects/{id}/ask", `${AT}/ask`, ANALYSTS, [200, 422], own({ what: "ask" })),
    row("GET /projects/{id}/what-if", `${AT}/what-if`, ALL),
    row("POST /projects/{id}/what-if", `${AT}/what-if`, ALL, [200, 422]),
    // who provides data or speaks for the people concerned; the municipality does neither
    row("GET /projects/{id}/suspend", `${AT}/suspend`, ["eva", "lars", "mila"]),
    row("POST /projects/{id}/suspend", `${AT}/suspend`, ["eva", "lars", "mila"], [200, 422], own()),
    row("GET /projects/{id}/versions/{version}", version, ALL),
    row("GET /projects/{id}/versions/{version}/decide", `${version}/decide`, DECIDERS),
    row("POST /projects/{id}/versions/{version}/decide", `${version}/decide`, DECIDERS, [200, 422], own()),
    row("POST /projects/{id}/versions/{version}/round", `${version}/round`, DECIDERS, [303, 422], own({ days: "7" })),
    row("GET /questions", "/questions", ALL),
    row("GET /answers/{id}", stage.answer, ALL),
    // what was refused may name somebody: it is the party's, and whether it is there is told to nobody else
    row("GET /answers/{id}", stage.refused, ["noor", "bram"], 200, { others: 404, nobody: 404 }),
    row("GET /answers/{id}/{file}", `${stage.answer}/answer.csv`, ALL),
    row("GET /answers/{id}/{file}", `${stage.refused}/answer.csv`, [], 200, { others: 404, nobody: 404 }),
    // what an answer is called is up to the analysts of the party that asked; what stands beside it to each party at the table
    row("POST /answers/{id}/title", `${stage.answer}/title`, ["bram"], 303, { fields: () => ({ title: "Huur per wijk" }) }),
    row("POST /answers/{id}/title", `${stage.answer}/title`, ["bram", "beheer"], 303, { fields: () => ({ what: "back" }) }),
    row("POST /answers/{id}/note", `${stage.answer}/note`, answering, 303, own({ words: "Dit zegt weinig." })),
    row("GET /barriers", "/barriers", ALL),
    row("GET /barriers/history", `/barriers/history?${new URLSearchParams({ key })}`, ALL),
    row("POST /barriers", "/barriers", ["mila"], 303, { fields: () => ({ key, status: "stays", reason: "" }) }),
    row("GET /data", "/data", STEWARDS),
    row("GET /data/prepare", "/data/prepare", SIGNED_IN),
    row("GET /data/{party}/{dataset}", dataset, ["joris"]),
    row("GET /data/{party}/{dataset}/deliver", `${dataset}/deliver`, ["joris"]),
    row("POST /data/{party}/{dataset}/deliver", `${dataset}/deliver`, ["joris"], [200, 422], { multipart: true }),
    row("GET /data/{party}/{dataset}/withdraw", `${dataset}/withdraw`, ["joris"]),
    row("POST /data/{party}/{dataset}/withdraw", `${dataset}/withdraw`, ["joris"], [200, 422]),
    row("GET /ledger", "/ledger", ALL),
    row("GET /sign-in", "/sign-in", ["nobody"], 200, { others: 303 }),
    row("POST /sign-in", "/sign-in", ALL, 422, { fields: (login) => ({ login: `guess-${login}`, password: "none" }) }),
    row("GET /invitations/{token}", stage.invitation, ALL),
    row("POST /invitations/{token}", stage.invitation, ALL, [200, 422]),
    row("GET /reset/{token}", "/reset/0000", [], 200, { others: 404, nobody: 404 }),
    row("POST /reset/{token}", "/reset/0000", [], 200, { others: 404, nobody: 404 }),
    row("GET /account", "/account", SIGNED_IN),
    row("GET /account/password", "/account/password", SIGNED_IN),
    // not the same twice: a guess at the old one would count
    row("POST /account/password", "/account/password", SIGNED_IN, [200, 422], { fields: () => ({ password: "x" }) }),
    row("GET /account/codes", "/account/codes", SIGNED_IN),
    row("POST /account/codes", "/account/codes", SIGNED_IN),
    row("GET /account/key/{party}", "/account/key/gemeente-leiden", ["noor"]),
    row("POST /account/key/{party}", "/account/key/gemeente-leiden", ["noor"], [200, 422]),
    row("GET /people", "/people", ["beheer", ...DECIDERS]),
    row("POST /people", "/people", ["beheer", ...DECIDERS], [200, 422]),
    row("POST /people", "/people", ["beheer", "eva"], [200, 422], { fields: () => ({ party: "corporatie" }) }),
    row("POST /people", "/people", ["beheer"], [200, 422], { fields: () => ({ admin: "yes" }), others: 403 }),
    row("POST /people/withdraw", "/people/withdraw", ["beheer", ...DECIDERS], [303, 422]),
    row("GET /people/{person}", `/people/${joris}`, ["beheer"]),
    row("POST /people/{person}/grant", `/people/${joris}/grant`, ["beheer"], [200, 422]),
    row("POST /people/{person}/end-administration", `/people/${joris}/end-administration`, ["beheer"], [200, 422]),
    row("POST /people/{person}/password-link", "/people/0000/password-link", ["beheer"], 404),
    row("GET /people/{person}/disable", `/people/${joris}/disable`, ["beheer"]),
    row("POST /people/{person}/disable", "/people/0000/disable", ["beheer"], 404),
    row("POST /people/{person}/enable", `/people/${joris}/enable`, ["beheer"], 303),
    row("GET /people/{person}/roles/{party}/{role}", `/people/${joris}/roles/corporatie/steward`, ["beheer", "eva"]),
    // whether somebody is there is told to nobody who has no say about the party
    row("GET /people/{person}/roles/{party}/{role}", `/people/${joris}/roles/gemeente-leiden/steward`, ["beheer", "noor"], 404),
    row("POST /people/{person}/roles/{party}/{role}", `/people/${joris}/roles/corporatie/decider`, ["beheer", "eva"], 404),
    row("GET /parties", "/parties", ["beheer"]),
    row("POST /parties", "/parties", ["beheer"], [200, 422]),
    row("GET /parties/{party}", "/parties/corporatie", ["beheer"]),
    row("POST /parties/{party}", "/parties/corporatie", ["beheer"], [200, 422]),
    row("POST /parties/{party}/remove", "/parties/corporatie/remove", ["beheer"], [200, 422]),
    row("GET /search", "/search?q=huur", ALL),
    row("GET /status", "/status", ["beheer"]),
    row("GET /about", "/about", ALL),
    row("GET /accessibility", "/accessibility", ALL),
    row("GET /assets/{version}/{name}", asset, ALL, 200, { once: true }),
    row("GET /assets/accent.css", "/assets/accent.css", [], 200, { others: 404, nobody: 404, once: true }),
    row("GET /assets/logo", "/assets/logo", [], 200, { others: 404, nobody: 404, once: true }),
    row("GET /assets/theme.css", "/assets/theme.css", [], 200, { others: 404, nobody: 404, once: true }),
    row("GET /log/{*path}", "/log/checkpoint", ALL, 200, { once: true }),
    row("GET /health", "/health", ALL, 200, { once: true }),
    row("GET /ready", "/ready", ALL, 200, { once: true }),
    row("GET /metrics", "/metrics", ALL, 200, { once: true }),
    row("POST /sign-out", "/sign-out", ALL, 303),
  ];
}

test("the table has every route of the server, and no other", () => {
  const source = readFileSync(ROUTES, "utf8");
  const routes = [];
  const single = source.matchAll(/\.route\(\s*"([^"]+)",(.*?)(?=\n\s{8}\.(?:route|merge|nest|fallback|layer|with_state)|\n\})/gsu);
  // forms that are kept for whoever must sign in again stand in one list
  const forms = source.matchAll(/^\s{8}\(\s*"(\/[^"]+)",(.*?)\),$(?=\n\s{8}\(|\n\s{4}\])/gmsu);
  for (const [, path, rest] of [...single, ...forms]) {
    const handlers = rest.replaceAll(/\.layer\(.*/gsu, "");
    for (const [, method] of handlers.matchAll(/\b(get|post|put|patch|delete|any)\(/gu)) {
      routes.push(`${method.toUpperCase()} ${path}`);
    }
  }
  assert.ok(routes.length > 50, `only ${routes.length} routes were found in routes.rs`);
  const known = [...new Set(rows.map(({ method, template }) => `${method} ${template}`))];
  assert.deepEqual(known.toSorted(), routes.toSorted());
});

test("everyone gets what is theirs, and nothing else", async () => {
  const wrong = [];
  const tell = (text) => {
    wrong.push(text);
  };
  for (const one of rows) {
    const prefixes = one.once || one.template === "/sign-out" ? [""] : ["", "/en"];
    for (const prefix of prefixes) {
      for (const login of ALL) {
        await look(one, prefix + (prefix && one.path === "/" ? "" : one.path), login, tell);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("a barrier's reason that is too long is an error, and the words are still there", async () => {
  // the others have signed out by now
  const mila = await session(server, "mila");
  const key = (await mila.get("/barriers")).text.match(/name="key" value="([^"]+)"/u)[1];
  const reason = `${"lang ".repeat(200)}genoeg`;
  const refused = (await mila.post("/barriers", { key, status: "stays", reason })).text;
  assert.match(refused, /heeft 1006 tekens/u);
  assert.ok(refused.includes(reason), "what was typed is lost");
  assert.match(refused, /<option value="stays" selected>/u, "what was chosen is lost");
  const after = (await mila.get("/barriers")).text;
  assert.ok(!after.includes("lang lang"), "half a reason was kept");
});

async function look(one, path, login, tell) {
  const { status } = await send(one, path, login);
  const expected = one.may.includes(login) ? one.status : login === "nobody" ? one.nobody : one.others;
  if (![expected].flat().includes(status)) {
    tell(`${one.method} ${path} for ${login}: ${status}, not ${expected}`);
  }
}

function send(one, path, login) {
  const person = sessions[login];
  if (one.method === "GET") {
    return person ? person.get(path) : request(server, path);
  }
  if (one.multipart) {
    const fields = { what: "check" };
    return person ? person.postParts(path, fields) : postParts(server, path, fields);
  }
  return person ? person.post(path, one.fields(login)) : post(server, path, one.fields(login));
}
