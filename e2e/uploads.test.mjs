// Files that are sent to bring a server down, or by somebody who may not send any.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { parquet, workbook } from "./bombs.mjs";
import { serve } from "./harness.mjs";
import { request, session } from "./http.mjs";

const DELIVER = "/data/corporatie/woningen/deliver";
const VERSION = "leiden-goedkoop-scheefwonen@2";

let server;
let joris;

before(async () => {
  server = await serve();
  joris = await session(server, "joris");
});

after(() => server?.stop());

/** Sends a file as the form does. */
async function upload(who, name, bytes, headers = {}) {
  const form = new FormData();
  form.set("csrf", who.csrf);
  form.set("version", VERSION);
  form.set("what", "check");
  form.set("file", new Blob([bytes]), name);
  const packed = new Response(form);
  const body = Buffer.from(await packed.arrayBuffer());
  const own = { origin: server.url, "sec-fetch-site": "same-origin", "content-type": packed.headers.get("content-type") };
  return request(server, DELIVER, { method: "POST", body, headers: { ...own, cookie: who.cookie, ...headers } });
}

/** What the server holds in memory at most, so far, in MiB. */
async function memory() {
  const status = await readFile(`/proc/${server.pid}/status`, "utf8");
  return Number(status.match(/VmHWM:\s+(\d+) kB/u)[1]) / 1024;
}

for (const [name, make, found] of [
  ["a workbook that unpacks to a thousand times its size", () => ["woningen.xlsx", workbook(200)], /uitgepakt te groot/u],
  ["a Parquet file that unpacks to a gigabyte", () => ["woningen.parquet", parquet("huishouden", 1000)], /uitgepakt te groot/u],
  ["a CSV of one endless line", () => ["woningen.csv", Buffer.alloc(4 << 20, "a")], /te lang|langer/u],
  ["a file that is nothing of what it is called", () => ["woningen.parquet", Buffer.alloc(1 << 20, "PAR1")], /geen Parquet-bestand/u],
]) {
  test(`${name} is refused, and costs the server nothing`, async () => {
    const [file, bytes] = make();
    const answer = await upload(joris, file, bytes);
    assert.equal(answer.status, 200, answer.text.slice(0, 500));
    const alert = answer.text.slice(answer.text.indexOf('role="alert"'));
    assert.ok(answer.text.includes('role="alert"'), "nothing was found");
    assert.match(alert, found);
    assert.ok((await memory()) < 512, `the server took ${await memory()} MiB`);
    assert.equal((await request(server, "/ready")).status, 200);
    const left = (await readdir(server.home)).filter((one) => one.startsWith(".incoming-"));
    assert.deepEqual(left, []);
  });
}

test("a small Parquet file of the same kind is read", async () => {
  const answer = await upload(joris, "woningen.parquet", parquet("huishouden", 1));
  assert.equal(answer.status, 200);
  // other columns were agreed, and that is all that is wrong with it
  assert.match(answer.text, /kolom `huur`|huur/u);
  assert.doesNotMatch(answer.text, /uitgepakt te groot|geen Parquet-bestand/u);
});

test("more than is taken is not taken", async () => {
  const answer = await upload(joris, "woningen.csv", Buffer.alloc((256 << 20) + 1, "a\n")).catch((error) => error);
  // the server may close the connection before all of it is sent
  assert.ok(answer.status === 413 || ["ECONNRESET", "EPIPE"].includes(answer.code), String(answer.status ?? answer));
  assert.ok((await memory()) < 512);
});

test("who keeps no data of the party sends no file, nor does another site", async () => {
  for (const login of ["noor", "bram", "beheer"]) {
    const other = await session(server, login);
    const answer = await upload(other, "woningen.csv", "huishouden\na1\n");
    assert.equal(answer.status, 403, login);
  }
  const visitor = { csrf: "", cookie: "" };
  assert.equal((await upload(visitor, "woningen.csv", "huishouden\na1\n")).status, 401);
  const foreign = await upload(joris, "woningen.csv", "huishouden\na1\n", { "sec-fetch-site": "cross-site" });
  assert.equal(foreign.status, 403);
  const without = await upload({ ...joris, csrf: "x" }, "woningen.csv", "huishouden\na1\n");
  assert.equal(without.status, 403);
});
