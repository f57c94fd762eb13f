// The browser's keys, against what the Rust code makes of the same private key:
// `cargo run -p zwerm-agreement --example party_key -- KEY-LINE > e2e/unit/fixtures/party-key.json`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import * as keys from "../../crates/web/src/http/assets/keys.js";

const rust = JSON.parse(readFileSync(new URL("fixtures/party-key.json", import.meta.url), "utf8"));
const bytes = (text) => new TextEncoder().encode(text);
const fault = (code) => (error) => error instanceof keys.KeyFault && error.code === code;
const passphrase = "vier woorden zijn genoeg é";

test("a key of the command line is the same key here", async () => {
  const key = await keys.load(`${rust.private}\n`);
  assert.equal(key.publicKey, rust.public);
  assert.equal(keys.toLine(key.seed), rust.private);
});

test("a signature is the one that the Rust code makes, byte for byte", async () => {
  const { privateKey } = await keys.load(rust.private);
  assert.equal(await keys.sign(privateKey, bytes(rust.statement)), rust.signature);
  assert.equal(await keys.isSignedBy(rust.public, rust.signature, bytes(rust.statement)), true);
  assert.equal(await keys.isSignedBy(rust.public, rust.signature, bytes(`${rust.statement} `)), false);
});

test("what signs cannot be read out", async () => {
  const { privateKey } = await keys.make();
  assert.equal(privateKey.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("pkcs8", privateKey));
  await assert.rejects(keys.keep("corporatie", { privateKey: { extractable: true } }), fault("readable-key"));
});

test("two keys that are made differ", async () => {
  const [one, other] = [await keys.make(), await keys.make()];
  assert.notEqual(one.publicKey, other.publicKey);
  assert.match(one.publicKey, /^ed25519:[A-Za-z0-9+/]{43}=$/u);
});

test("an encrypted file opens with its passphrase only", async () => {
  const made = await keys.make();
  const file = await keys.encrypt(made.seed, made.publicKey, passphrase);
  assert.ok(keys.isEncrypted(file) && !keys.isEncrypted(rust.private));
  assert.ok(!file.includes(keys.toLine(made.seed).slice(-44)));
  assert.ok(JSON.parse(file).iterations >= 600_000);
  const loaded = await keys.load(file, passphrase.normalize("NFD"));
  assert.equal(loaded.publicKey, made.publicKey);
  await assert.rejects(keys.load(file, `${passphrase}.`), fault("wrong-passphrase"));
  await assert.rejects(keys.load(file), fault("wrong-passphrase"));
});

test("an encrypted file that was changed does not open", async () => {
  const made = await keys.make();
  const file = JSON.parse(await keys.encrypt(made.seed, made.publicKey, passphrase));
  const change = (more) => keys.load(JSON.stringify({ ...file, ...more }), passphrase);
  await assert.rejects(change({ public_key: rust.public }), fault("wrong-passphrase"));
  await assert.rejects(change({ iterations: file.iterations + 1 }), fault("wrong-passphrase"));
  await assert.rejects(change({ iterations: 1000 }), fault("no-key-file"));
  await assert.rejects(change({ iterations: 1e9 }), fault("no-key-file"));
  await assert.rejects(change({ kind: "other" }), fault("no-key-file"));
  await assert.rejects(change({ sealed: btoa("nothing") }), fault("wrong-passphrase"));
  await assert.rejects(change({ sealed: "?" }), fault("no-key"));
});

test("a short passphrase and text that is no key are refused", async () => {
  const { seed, publicKey } = await keys.make();
  await assert.rejects(keys.encrypt(seed, publicKey, "short"), fault("short-passphrase"));
  for (const wrong of ["", rust.public, `${rust.private}A`, rust.private.slice(0, -2), "{", "{}"]) {
    await assert.rejects(keys.load(wrong, passphrase), keys.KeyFault, wrong);
  }
});
