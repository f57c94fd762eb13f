// The browser's verification of receipts, on receipts that the Rust code made:
// `cargo run -p zwerm-ledger --example receipt > e2e/unit/fixtures/receipts.json`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { canonical, verify } from "../../crates/web/src/http/assets/receipt.js";

const { key, receipts } = JSON.parse(readFileSync(new URL("fixtures/receipts.json", import.meta.url), "utf8"));
const write = (receipt) => `${canonical(receipt)}\n`;
const failed = (verdict) => verdict.checks.filter((check) => !check.ok).map((check) => `${check.name}: ${check.detail}`);

/** Changes a receipt and writes it anew, so that only its content is wrong. */
async function changed(change, withKey = key, number = 0) {
  const receipt = JSON.parse(receipts[number]);
  change(receipt);
  const text = write(receipt);
  assert.notEqual(text, receipts[number]);
  const verdict = await verify(text, withKey);
  assert.equal(verdict.ok, false);
  return failed(verdict);
}

function flip(text, place) {
  const other = text[place] === "A" ? "B" : "A";
  return text.slice(0, place) + other + text.slice(place + 1);
}

test("receipts that the log gave are in order, as text and as bytes", async () => {
  for (const receipt of receipts) {
    for (const file of [receipt, new TextEncoder().encode(receipt)]) {
      const verdict = await verify(file, `${key}\n`);
      assert.deepEqual(failed(verdict), []);
      assert.equal(verdict.ok, true);
      assert.deepEqual(verdict.checks.map((check) => check.name), ["form", "key", "checkpoint", "log", "question", "answer"]);
      assert.equal(verdict.about.log, "example.nl/log");
      assert.equal(verdict.about.party, "gemeente");
      assert.equal(verdict.answer.rows.length, 3);
      assert.match(verdict.asked, /^SELECT wijk/u);
    }
  }
});

test("each part that is changed fails its own check", async () => {
  assert.deepEqual(await changed((r) => (r.answer.rows[0].units += 1)), ["answer: other-answer"]);
  assert.deepEqual(await changed((r) => (r.asked += " ")), ["answer: other-answer"]);
  assert.deepEqual(await changed((r) => (r.salt = flip(r.salt, 3))), ["answer: other-answer"]);
  assert.deepEqual(await changed((r) => (r.salt = btoa("short"))), ["answer: other-answer"]);
  assert.deepEqual(await changed((r) => (r.question.purpose = "iets-anders")), ["question: other-question"]);
  assert.deepEqual(await changed((r) => (r.question.kind = "refusal")), ["question: other-question"]);
  assert.deepEqual(await changed((r) => (r.proof[0] = flip(r.proof[0], 5))), ["log: not-in-log"]);
  assert.deepEqual(await changed((r) => (r.proof[0] = "?")), ["log: no-proof"]);
  assert.deepEqual(await changed((r) => r.proof.pop()), ["log: not-in-log"]);
  assert.deepEqual(await changed((r) => r.proof.push(r.proof[0])), ["log: not-in-log"]);
  assert.deepEqual(await changed((r) => (r.index -= 1)), ["log: not-in-log"]);
  assert.deepEqual(await changed((r) => (r.index = 2 ** 52)), ["log: not-in-log"]);
  assert.deepEqual(await changed((r) => (r.entry.rules = [])), ["log: not-in-log"]);
  assert.deepEqual(
    await changed((r) => (r.entry.agreement = "0".repeat(64))),
    ["log: not-in-log", "question: other-question"],
  );
  assert.deepEqual(await changed((r) => (r.receipt = 2)), ["form: other-version"]);
  assert.deepEqual(await changed((r) => (r.more = 1)), ["form: no-receipt"]);
  assert.deepEqual(await changed((r) => (r.entry.more = 1)), ["form: no-receipt"]);
  assert.deepEqual(await changed((r) => (r.entry.answer = r.entry.answer.toUpperCase())), ["form: no-receipt"]);
});

test("a checkpoint is the log's, as it was signed", async () => {
  const of = (change) => changed((r) => (r.checkpoint = change(r.checkpoint)));
  const notChecked = "log: no-checkpoint";
  assert.deepEqual(await of((c) => c.replace(/\n\d+\n/u, "\n9\n")), ["checkpoint: wrong-signature", notChecked]);
  assert.deepEqual(await of((c) => c.replace(/\n(\d+)\n/u, "\n0$1\n")), ["checkpoint: no-note", notChecked]);
  assert.deepEqual(await of((c) => c.replace("example", "exempel")), ["checkpoint: other-log", notChecked]);
  assert.deepEqual(await of((c) => c.replace("\u2014 example", "\u2014 exempel")), ["checkpoint: not-signed", notChecked]);
  assert.deepEqual(await of((c) => flip(c, c.length - 20)), ["checkpoint: wrong-signature", notChecked]);
  assert.deepEqual(await of((c) => c.trimEnd()), ["checkpoint: no-note", notChecked]);
  assert.deepEqual(await of(() => ""), ["checkpoint: no-note", notChecked]);
});

test("without the right key nothing is verified", async () => {
  const other = key.replace("example.nl", "example.com");
  for (const wrong of [other, flip(key, key.length - 5), "", "a+b+c", undefined]) {
    const verdict = await verify(receipts[0], wrong);
    assert.deepEqual(failed(verdict), ["key: no-key", "checkpoint: no-key", "log: no-checkpoint"], wrong);
  }
});

test("no byte of a receipt can be another", async () => {
  const bytes = new TextEncoder().encode(receipts[1]);
  for (let place = 0; place < bytes.length; place += 1) {
    for (const bit of [1, 32]) {
      const other = bytes.slice();
      other[place] ^= bit;
      const verdict = await verify(other, key);
      assert.equal(verdict.ok, false, `byte ${place}, bit ${bit}`);
    }
  }
  for (let length = 0; length < bytes.length; length += 7) {
    assert.equal((await verify(bytes.slice(0, length), key)).ok, false);
  }
});

test("only the form that receipts are written in is read", async () => {
  const [file] = receipts;
  const forms = [
    file.trimEnd(),
    `\ufeff${file}`,
    file.replace('"index":', '"index": '),
    file.replace('"index":', '"index":0,"index":'),
    file.replace("31250.5", "31250.50"),
    file.replace('"asked":"S', '"asked":"\\u0053'),
    file.replace("Huishoudens", "\\ud83d"),
    JSON.stringify(JSON.parse(file)),
    "null\n",
    "[]\n",
    `${"[".repeat(100_000)}${"]".repeat(100_000)}\n`,
    "",
  ];
  for (const form of forms) {
    assert.notEqual(form, file);
    const verdict = await verify(form, key);
    assert.equal(verdict.checks.length, 1);
    assert.equal(verdict.checks[0].name, "form");
    assert.equal(verdict.ok, false);
  }
});

test("canonical JSON is that of RFC 8785", () => {
  assert.equal(canonical(JSON.parse('{"b":1.0,"a":"é"}')), '{"a":"é","b":1}');
  const sorted = JSON.parse('{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}');
  assert.equal(canonical(sorted), '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  const numbers = JSON.parse("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0]");
  assert.equal(canonical(numbers), "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]");
});
