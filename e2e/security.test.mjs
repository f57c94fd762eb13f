// What the server answers to requests that no page of ours sends, and what others may not do through ours.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, signedIn, visitor } from "./harness.mjs";
import { fields, changed, post, request, session } from "./http.mjs";
import { BY_DISTRICT, GOAL, amend, ask, decide, furnish, indicator, offer, target } from "./stage.mjs";

const AT = `/projects/${PROJECT}`;
const PAYLOAD = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

let server;
let stage;
let asset;

before(async () => {
  server = await serve();
  stage = await furnish(server);
  asset = (await request(server, "/")).text.match(/\/assets\/[0-9a-f]+\/zwerm\.css/u)[0];
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

test("every kind of answer carries the headers", async () => {
  const { cookie } = stage.people.noor;
  const answers = {
    page: await request(server, "/"),
    "page of somebody signed in": await request(server, "/account", { headers: { cookie } }),
    "no such page": await request(server, "/no-such-page"),
    asset: await request(server, asset),
    redirect: await request(server, "/sign-in", { headers: { cookie } }),
    "to be signed in": await request(server, "/account"),
    forbidden: await request(server, "/people", { headers: { cookie } }),
    "foreign form": await request(server, "/sign-in", { method: "POST", body: "" }),
    method: await request(server, "/", { method: "DELETE" }),
    file: await request(server, `${stage.answer}/answer.csv`),
    log: await request(server, "/log/checkpoint"),
    health: await request(server, "/health"),
    "too large": await post(server, "/sign-in", { login: "x".repeat(3 << 20) }),
    "unreadable path": await request(server, "/goals/%ff"),
    "unreadable number": await request(server, `${AT}/versions/one`),
  };
  for (const [kind, { headers, status }] of Object.entries(answers)) {
    for (const [name, value] of Object.entries(HEADERS)) {
      assert.equal(headers[name], value, `${name} of ${kind} (${status})`);
    }
    assert.ok(headers["cache-control"], `cache-control of ${kind}`);
    assert.equal(headers.server, undefined, kind);
    assert.ok(status < 500, `${kind}: ${status}`);
  }
  assert.equal(answers["page of somebody signed in"].headers["cache-control"], "no-store");
  assert.match(answers.asset.headers["cache-control"], /immutable/u);
  assert.match(answers.file.headers["content-disposition"], /^attachment/u);
});

test("visitors who are not signed in get no cookie, whatever they do", async () => {
  const answers = [
    await request(server, "/"),
    await request(server, "/sign-in"),
    await request(server, "/account"),
    await post(server, "/sign-in", { login: "noor", password: "wrong" }),
    await post(server, `${AT}/what-if`, { max_dimensions: "4" }),
    await request(server, "/ledger"),
  ];
  for (const answer of answers) {
    assert.deepEqual(answer.cookies, []);
  }
});

test("the session's cookie is for this site and no script, and is another at each sign-in", async () => {
  const password = server.password("eva");
  const planted = "zwerm=planted-by-somebody-else";
  const seen = new Set();
  for (const cookie of [planted, planted, undefined]) {
    const answer = await post(server, "/sign-in", { login: "eva", password }, cookie ? { cookie } : {});
    assert.equal(answer.status, 303);
    const [set] = answer.cookies;
    assert.match(set, /^zwerm=[^;]{40,}; Path=\/; HttpOnly; SameSite=Lax$/u);
    seen.add(set);
  }
  assert.equal(seen.size, 3);
  const account = await request(server, "/account", { headers: { cookie: planted } });
  assert.equal(account.status, 401);
});

test("signing out ends the session on the server", async () => {
  const eva = await session(server, "eva");
  assert.equal((await eva.get("/account")).status, 200);
  const out = await eva.post("/sign-out", {});
  assert.match(out.cookies[0], /Max-Age=0/u);
  assert.equal((await eva.get("/account")).status, 401);
});

test("a change without the session's token, or with another's, is refused and changes nothing", async () => {
  const { noor, bram, mila } = stage.people;
  const action = `${AT}/amend`;
  const form = changed(fields((await noor.get(action)).text, action), { what: "propose", retention: "36" });
  const { cookie } = noor;
  const before = (await request(server, AT)).text.match(/\/versions\/\d+/gu).length;
  for (const csrf of [undefined, "", bram.csrf, mila.csrf, `${noor.csrf}0`, noor.csrf.slice(1)]) {
    const token = csrf === undefined ? [] : [["csrf", csrf]];
    const answer = await post(server, action, [...token, ...form], { cookie });
    assert.equal(answer.status, 403, `token ${csrf}`);
  }
  assert.equal((await request(server, AT)).text.match(/\/versions\/\d+/gu).length, before);
});

test("a form that another site sends is refused, and changes nothing", async () => {
  const { noor } = stage.people;
  const evil = "http://evil.example";
  const foreign = [
    { origin: evil, "sec-fetch-site": "cross-site" },
    { origin: server.url, "sec-fetch-site": "same-site" },
    { origin: server.url, "sec-fetch-site": "none" },
    { origin: evil, "sec-fetch-site": undefined },
    { origin: "null", "sec-fetch-site": undefined },
    { origin: `${server.url}.evil.example`, "sec-fetch-site": undefined },
    { origin: undefined, "sec-fetch-site": undefined },
  ];
  const question = "Komt deze vraag van een andere site?";
  for (const headers of foreign) {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const raw = (path, body, more = {}) =>
      request(server, path, {
        method: "POST",
        body,
        headers: { "content-type": "application/x-www-form-urlencoded", "content-length": Buffer.byteLength(body), ...given, ...more },
      });
    const text = new URLSearchParams({ text: question }).toString();
    assert.equal((await raw(`${AT}/question`, text)).status, 403, JSON.stringify(headers));
    const out = new URLSearchParams({ csrf: noor.csrf }).toString();
    assert.equal((await raw("/sign-out", out, { cookie: noor.cookie })).status, 403, JSON.stringify(headers));
  }
  assert.ok(!(await request(server, AT)).text.includes(question));
  assert.equal((await noor.get("/account")).status, 200);
});

/** The steps of a proposal. */
const STEPS = [1, 2, 3, 4, 5, 6];

test("nothing that is typed in becomes markup", async () => {
  const { noor, bram, mila, joris, beheer } = stage.people;
  const reflected = [
    ["/ledger", "text"], ["/ledger", "kind"], ["/ledger", "project"], ["/ledger", "before"],
    ["/barriers", "project"], ["/", "place"], ["/", "done"], [`${AT}/ask`, "sql"], [`${AT}/ask`, "view"], [`${AT}/ask`, "only"], [`${AT}/ask`, "party"],
  ].map(([path, name]) => `${path}?${new URLSearchParams([[name, PAYLOAD], ["build", "yes"]])}`);
  reflected.push(`/no/${encodeURIComponent(PAYLOAD)}`, `/projects/${encodeURIComponent(PAYLOAD)}`, `/en/x?${encodeURIComponent(PAYLOAD)}`, `${AT}/ask?sql=${encodeURIComponent(PAYLOAD)}`);
  // kept on the server, and shown to others
  const version = await amend(noor, { promise: PAYLOAD });
  await decide(mila, version, "huurdersvereniging", { decision: "object", reason: PAYLOAD, lifts: PAYLOAD });
  await post(server, `${AT}/question`, { text: PAYLOAD });
  await mila.post(`${AT}/reply/${stage.open}`, { party: "huurdersvereniging", text: PAYLOAD, what: "decline" });
  await ask(bram, "gemeente-leiden", `SELECT units() AS "${PAYLOAD.replaceAll('"', '""')}" FROM huishoudens`);
  await ask(bram, "gemeente-leiden", BY_DISTRICT, PAYLOAD);
  const task = await offer(noor, "gemeente-leiden", "corporatie", PAYLOAD);
  const back = await offer(noor, "gemeente-leiden", "gemeente-leiden", PAYLOAD);
  await noor.post(back, { what: "give-back", reason: PAYLOAD });
  const quoted = `"${PAYLOAD.replaceAll('"', '""')}"`;
  const figures = await indicator(joris, "corporatie", PAYLOAD, `area,area_name,period,value\nWK054603,${quoted},2024,1\nWK054600,${quoted},2024,2\n`);
  const kept = { into: "figures", party: "corporatie", title_nl: PAYLOAD, title_en: PAYLOAD, unit_nl: PAYLOAD, unit_en: PAYLOAD, source_nl: PAYLOAD, source_en: PAYLOAD };
  await noor.post("/projects/new", { party: "gemeente-leiden", what: "keep", document: PAYLOAD, summary: PAYLOAD });
  const filled = Object.fromEntries(["title", "goal_title", "about", "party1", "column0", "column1", "condition0"].flatMap((name) => [[`${name}_nl`, PAYLOAD], [`${name}_en`, PAYLOAD]]));
  for (const name of ["purpose", "from", "unit", "view_name", "party1_key", "party1_mandate_evidence", "dataset0_name", "dataset0_basis", "dataset0_period", "dataset0_read", "dataset0_lines", "column0_name", "column0_kind", "column0_role", "column0_values", "column0_few", "column1_name", "column1_quantity", "column1_upper", "column1_why", "step", "base", "condition0_by", "minimum_units"]) {
    filled[name] = PAYLOAD;
  }
  await mila.post("/projects/new", { how: "form", what: "keep", party1_represents: "yes", ...filled });
  await noor.post(`${version}/decide`, { party: "gemeente-leiden", decision: "concern", reason: PAYLOAD, step: "words" });
  await beheer.post("/people", { name: PAYLOAD, party: "corporatie", role: "analyst" });
  const failed = [
    await noor.post(`${GOAL}/offer`, { by: "gemeente-leiden", to: PAYLOAD, what_nl: PAYLOAD, what_en: PAYLOAD }),
    await noor.post(stage.own, { what: "hand-over", to: PAYLOAD }),
    await joris.postParts(`${GOAL}/indicators/new`, { ...kept, figures: `area,area_name,period,value\n${quoted},${quoted},${quoted},${quoted}\n${PAYLOAD}` }),
    await joris.postParts(`${GOAL}/indicators/new`, { ...kept, file: `${quoted},${quoted}\n${PAYLOAD}` }),
    await joris.postParts(figures, { ...kept, how: "replace", figures: `area,area_name,period,value\nWK054603,${quoted},2024,3\n` }),
    await noor.post(stage.own, { what: "give-back", reason: PAYLOAD.repeat(10) }),
    await post(server, "/sign-in", { login: PAYLOAD, password: PAYLOAD, back: PAYLOAD, form: PAYLOAD, [`kept:${PAYLOAD}`]: PAYLOAD }),
    await post(server, `${AT}/decide-nothing`, { text: PAYLOAD }),
    await post(server, `${AT}/amend`, { promise: PAYLOAD, [PAYLOAD]: PAYLOAD }),
    await noor.post(`${AT}/amend`, { party: PAYLOAD, how: "form", what: "propose", base: PAYLOAD, minimum_units: PAYLOAD, retention: PAYLOAD, until: PAYLOAD, answer_huurdersvereniging: PAYLOAD }),
    await noor.postParts("/projects/new/file", { how: "form", step: PAYLOAD, file: `${quoted},${quoted}\n${PAYLOAD}` }),
    await noor.post("/projects/new", { party: "gemeente-leiden", what: "propose", document: PAYLOAD, summary: PAYLOAD, goal_title_nl: PAYLOAD, goal_title_en: PAYLOAD }),
    await mila.post("/projects/new", { party: PAYLOAD, how: "form", what: "next", rows_party: PAYLOAD, ...filled }),
    await noor.post("/account/key/gemeente-leiden", { public_key: PAYLOAD }),
    await bram.post(`${AT}/ask`, { sql: PAYLOAD, party: "gemeente-leiden", purpose: PAYLOAD, what: "ask" }),
    await post(server, `${AT}/what-if`, { document: PAYLOAD, minimum_units: PAYLOAD }),
    await beheer.post("/people", { name: PAYLOAD, party: PAYLOAD, role: PAYLOAD }),
  ];
  for (const { text, status } of failed) {
    assert.ok(status < 500, `${status}`);
    assert.ok(!text.includes("<script>alert") && !text.includes("<img src=x"), text.slice(0, 3000));
  }
  const shown = {
    nobody: [...reflected, "/", AT, GOAL, version, `${AT}/versions/3`, "/questions", "/barriers", "/ledger"],
    noor: [...reflected, "/account", GOAL, `${GOAL}/offer`, task, stage.own, "/projects/new", `${version}/decide`, ...STEPS.map((step) => `${AT}/amend?step=${step}`), AT, "/barriers"],
    bram: ["/questions", `${AT}/ask`, "/account", ...reflected],
    beheer: ["/people", "/account"],
    mila: [...STEPS.map((step) => `/projects/new?step=${step}`), "/projects/new?how=document", "/account"],
    joris: [GOAL, `${GOAL}/indicators/new`, figures, "/account"],
  };
  for (const [login, paths] of Object.entries(shown)) {
    const page = await (login === "nobody" ? visitor(server) : signedIn(server, login));
    for (const path of paths) {
      await page.goto(path);
      assert.equal(await page.locator("img, main script").count(), 0, `markup of a visitor on ${path}`);
    }
    await close(page);
  }
  const seen = await request(server, AT);
  assert.ok(seen.text.includes("&#60;script&#62;") || seen.text.includes("&lt;script&gt;"), "it stands there as text");
});

test("what was refused is told to its party only", async () => {
  const { bram, noor, mila } = stage.people;
  const places = ["/barriers", "/questions", "/ledger", "/ledger?text=jansen", AT, "/"];
  /** Where somebody else reads a name. */
  const seen = async (name) => {
    const found = [];
    for (const path of places) {
      const own = path.includes(name);
      for (const [who, answer] of [["nobody", await request(server, path)], ["mila", await mila.get(path)]]) {
        if (!own && answer.text.includes(name)) {
          found.push(`${path} shows "${name}" to ${who}`);
        }
      }
    }
    const key = (await request(server, "/barriers")).text.match(/\/barriers\/history\?[^"]+/u)[0].replaceAll("&#38;", "&");
    if ((await request(server, key)).text.includes(name)) {
      found.push(`the history of a barrier shows "${name}"`);
    }
    const form = fields((await request(server, `${AT}/what-if`)).text, `${AT}/what-if`);
    const tried = await post(server, `${AT}/what-if`, changed(form, { max_dimensions: "4" }));
    assert.match(tried.text, /id="outcome"/u);
    assert.ok(tried.text.length < 30_000, `what-if answers ${tried.text.length} bytes`);
    if (tried.text.includes(name)) {
      found.push(`what-if shows "${name}"`);
    }
    return found;
  };
  const refused = await ask(bram, "gemeente-leiden", BY_DISTRICT, "zoek-jansen-op");
  assert.ok((await noor.get(refused)).text.includes("jansen"), "its own party reads it");
  assert.equal((await mila.get(refused)).status, 404);
  assert.deepEqual(await seen("jansen"), []);
  // a mistake is told to whoever made it, and kept nowhere
  for (const [sql, name] of [
    ["SELECT pietersen, units() FROM huishoudens GROUP BY pietersen", "pietersen"],
    ["SELECT units() FROM huishoudens WHERE wijk = 'klaassen'", "klaassen"],
  ]) {
    const told = await bram.post(`${AT}/ask`, { sql, party: "gemeente-leiden", purpose: "housing-policy", what: "ask" });
    assert.equal(told.status, 200);
    assert.ok(told.text.includes(`id="sql"`) && told.text.includes(name), "what was typed is still there");
    assert.ok(!(await noor.get("/questions")).text.includes(name));
    assert.ok(!(await bram.get("/questions")).text.includes(name));
    assert.deepEqual(await seen(name), []);
  }
});

test("what one asker calls a column is in nobody else's answer, and no spreadsheet calculates it", async () => {
  const { bram, mila } = stage.people;
  const sql = (name) => `SELECT huurklasse, units()${name} FROM huishoudens GROUP BY huurklasse`;
  const named = await ask(bram, "gemeente-leiden", sql(' AS "=HYPERLINK(""mevrouw Jansen"")"'));
  const plain = await ask(mila, "huurdersvereniging", sql(""));
  for (const file of ["", "/answer.csv", "/receipt.json"]) {
    const { status, text } = await mila.get(plain.split("?")[0] + file);
    assert.equal(status, 200, file);
    assert.ok(!text.includes("Jansen"), `${file}: ${text.slice(0, 300)}`);
  }
  const head = (await bram.get(`${named.split("?")[0]}/answer.csv`)).text.split("\n")[0];
  assert.match(head, /"'=HYPERLINK\(/u);
});

test("no path leads out of the folders", async () => {
  const outside = ["../log.key", "..%2flog.key", "%2e%2e/log.key", "tile/../../log.key", "tile/..%2f..%2flog.key", "tile/%2e%2e/%2e%2e/log.key", "/etc/passwd", "%2fetc%2fpasswd", "..\\log.key", "tile/0/000%00", ""];
  for (const path of outside) {
    const { status, text } = await request(server, `/log/${path}`);
    assert.ok([400, 404].includes(status), `/log/${path}: ${status}`);
    assert.ok(!/PRIVATE KEY|root:/u.test(text), path);
  }
  const folder = asset.slice(0, asset.lastIndexOf("/"));
  for (const path of [`${folder}/../../zwerm.toml`, `${folder}/..%2f..%2fCargo.toml`, `${folder}/%2e%2e`, "/assets/theme.css", "/assets/..", `${folder}/`]) {
    const { status } = await request(server, path);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
  }
  for (const file of ["../receipt.json", "..%2freceipt.json", "answer.exe", "answer.csv%00", "%2e%2e", ""]) {
    const { status } = await request(server, `${stage.answer}/${file}`);
    assert.ok([400, 404].includes(status), `${stage.answer}/${file}: ${status}`);
  }
});

test("signing in leads to a page of ours only", async () => {
  const elsewhere = ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "\\\\evil.example", "/\r\nLocation: //evil", "javascript:alert(1)", "/é", "/\u0000"];
  for (const name of ["back", "form"]) {
    for (const path of elsewhere) {
      const fields = { login: "hugo", password: server.password("hugo"), [name]: path };
      const answer = await post(server, "/sign-in", fields);
      assert.equal(answer.headers.location, "/account", `${name}=${JSON.stringify(path)}`);
    }
  }
  for (const path of ["/en//evil.example", "/en///evil.example/x", "//evil.example"]) {
    const { text } = await request(server, path);
    const leaving = [...text.matchAll(/href="([^"]*)"/gu)].map(([, href]) => href).filter((href) => !/^(\/(?!\/)|#)/u.test(href));
    assert.deepEqual(leaving, [], path);
  }
});

test("another method than a page has is said to be that", async () => {
  for (const [method, path] of [["DELETE", "/"], ["PUT", AT], ["POST", "/ledger"], ["GET", "/sign-out"], ["PATCH", "/health"]]) {
    const { status, headers } = await request(server, path, { method, headers: { "sec-fetch-site": "same-origin" } });
    assert.equal(status, 405, `${method} ${path}`);
    assert.ok(headers.allow, `${method} ${path} names no method that is allowed`);
  }
});

test("the demonstration answers to no name of another site", async () => {
  const called = (host) => request(server, "/sign-in", { headers: { host } });
  for (const host of ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"]) {
    const { status, text } = await called(host);
    assert.equal(status, 421, host);
    assert.ok(!text.includes(server.password("noor")), host);
  }
  for (const host of ["localhost:8080", "127.0.0.1", "[::1]:80"]) {
    assert.equal((await called(host)).status, 200, host);
  }
});

test("a page's token is another each time, and the cookie's answer is kept nowhere", async () => {
  const answer = await post(server, "/sign-in", { login: "hugo", password: server.password("hugo") });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers["cache-control"], "no-store");
  const cookie = answer.headers["set-cookie"][0].split(";")[0];
  const token = async () => (await request(server, "/account", { headers: { cookie } })).text.match(/name="csrf" value="([0-9a-f]+)"/u)[1];
  const [first, second] = [await token(), await token()];
  assert.notEqual(first, second);
  const headers = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  const out = (csrf) => request(server, "/sign-out", { method: "POST", headers, body: `csrf=${csrf}` });
  assert.equal((await out(`${first.slice(0, 64)}${second.slice(64)}`)).status, 403);
  assert.equal((await out(first)).status, 303);
});

test("a body over the limit is not taken", async () => {
  const answer = await post(server, `${AT}/question`, { text: "x".repeat((2 << 20) + 1) });
  assert.equal(answer.status, 413);
  const signed = await stage.people.noor.post("/projects/new", { document: "x".repeat((2 << 20) + 1) });
  assert.equal(signed.status, 413);
});

test("who guesses a password is slowed down by account and by address", async () => {
  const guess = (login) => post(server, "/sign-in", { login, password: "not the password" });
  for (let n = 0; n < 5; n += 1) {
    assert.equal((await guess("lars")).status, 422, `guess ${n + 1}`);
  }
  const sixth = await guess("lars");
  assert.equal(sixth.status, 429);
  assert.ok(sixth.headers["retry-after"]);
  // the right password does not help either, or guessing would go on
  assert.equal((await post(server, "/sign-in", { login: "lars", password: server.password("lars") })).status, 429);
  for (let n = 0; n < 5; n += 1) {
    assert.equal((await guess("mila")).status, 422, `another account, guess ${n + 1}`);
  }
  assert.equal((await guess("mila")).status, 429);
  // a name that does not exist is treated the same
  for (let n = 0; n < 5; n += 1) {
    assert.equal((await guess("nobody-here")).status, 422);
  }
  assert.equal((await guess("nobody-here")).status, 429);
  target(await post(server, "/sign-in", { login: "joris", password: server.password("joris") }));
  // all of an address, whoever it is about
  let last;
  for (let n = 0; n < 31; n += 1) {
    last = await guess(`somebody-${n}`);
  }
  assert.equal(last.status, 429);
});
