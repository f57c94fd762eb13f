// Verifies a receipt of Zwerm in the browser, with WebCrypto and nothing else: no server is asked.
//
// The same checks as `zwerm verify` does (crates/ledger/src/receipt.rs): the file is written as receipts are, the log's
// key signed the checkpoint, the log has the answer's entry, the entry belongs to this question, and the answer is the
// one that was entered. Canonical JSON is RFC 8785, inclusion RFC 9162 (2.1.3.2), the checkpoint a C2SP signed note.

const MEMBERS = ["answer", "asked", "checkpoint", "entry", "index", "proof", "question", "receipt", "salt"];
const FIELDS = {
  question: { agreement: isHash, kind: isText, party: isText, plan: isText, purpose: isText, time: isTime, view: isText },
  answer: { agreement: isHash, answer: isHash, kind: isText, question: isHash, release: isHash, rules: isTexts, time: isTime },
};
const LARGEST_ENTRY = 65535;
const DEEPEST = 128;
const MOST_SIGNATURES = 100;
const ED25519 = 1;

/** What is wrong, as a code that a page has words for. */
class Fault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * Verifies a receipt with the log's public key (`name+id+key`).
 *
 * `text` is the file's text, or its bytes. Every check is reported by name: `form`, `key`, `checkpoint`, `log`,
 * `question`, `answer`; `detail` is empty when it is right and else a code that says what is wrong. `about` holds what
 * the receipt says; show it as verified only if `ok`.
 */
export async function verify(text, logKeyLine) {
  const checks = [];
  const check = async (name, act) => {
    try {
      const value = await act();
      checks.push({ name, ok: true, detail: "" });
      return value;
    } catch (error) {
      checks.push({ name, ok: false, detail: error instanceof Fault ? error.code : "failed" });
      return undefined;
    }
  };
  const receipt = await check("form", () => parse(text));
  if (receipt === undefined) {
    return { ok: false, checks, asked: undefined, answer: undefined, about: undefined };
  }
  const key = await check("key", () => parseKey(logKeyLine));
  const checkpoint = await check("checkpoint", () => openCheckpoint(receipt.checkpoint, need(key, "no-key")));
  await check("log", () => included(receipt, need(checkpoint, "no-checkpoint")));
  await check("question", () => answersQuestion(receipt));
  await check("answer", () => isEntered(receipt));
  return {
    ok: checks.every((one) => one.ok),
    checks,
    asked: receipt.asked,
    answer: receipt.answer,
    about: about(receipt, checkpoint),
  };
}

/** The canonical JSON (RFC 8785) of a value that `JSON.parse` gave. */
export function canonical(value, depth = 0) {
  if (depth > DEEPEST) {
    throw new Fault("too-deep");
  }
  if (typeof value === "string") {
    // half of a pair of surrogates is no text
    if (/\p{Surrogate}/u.test(value)) {
      throw new Fault("not-canonical");
    }
    return JSON.stringify(value);
  }
  if (value === null || typeof value !== "object") {
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  }
  // sort() compares UTF-16 code units, as the RFC wants
  const members = Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key], depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** Reads a receipt: exactly the bytes that are written, so that none of them can be another without showing. */
function parse(text) {
  const receipt = parseJson(decode(text));
  const shape = isObject(receipt) && same(Object.keys(receipt).sort(), MEMBERS);
  if (!shape || !Number.isSafeInteger(receipt.receipt)) {
    throw new Fault("no-receipt");
  }
  if (receipt.receipt !== 1) {
    throw new Fault("other-version");
  }
  const texts = isText(receipt.asked) && isText(receipt.salt) && isText(receipt.checkpoint) && isTexts(receipt.proof);
  const index = Number.isSafeInteger(receipt.index) && receipt.index >= 0;
  if (!texts || !index || !isEntry(receipt.question) || !isEntry(receipt.entry)) {
    throw new Fault("no-receipt");
  }
  return receipt;
}

function decode(text) {
  if (typeof text === "string") {
    return text;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    throw new Fault("no-receipt");
  }
}

function parseJson(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault("no-receipt");
  }
  if (`${canonical(value)}\n` !== text) {
    throw new Fault("not-canonical");
  }
  return value;
}

/** An entry of the log; of those that a receipt may have, exactly the fields of its kind. */
function isEntry(entry) {
  if (!isObject(entry) || !isHash(entry.agreement) || !isTime(entry.time) || !isText(entry.kind)) {
    return false;
  }
  if (!Object.hasOwn(FIELDS, entry.kind)) {
    return true;
  }
  const fields = FIELDS[entry.kind];
  return same(Object.keys(entry).sort(), Object.keys(fields)) && Object.keys(fields).every((f) => fields[f](entry[f]));
}

/** The log's public key as signed notes write it: name, id and key, where the id is a hash of the other two. */
async function parseKey(line) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-fA-F]{8})\+(.+)$/su.exec(String(line ?? "").trim()) ?? [];
  if (name === undefined || !isName(name)) {
    throw new Fault("no-key");
  }
  const typed = fromBase64(encoded, "no-key");
  if (typed[0] !== ED25519 || typed.length !== 33) {
    throw new Fault("no-key");
  }
  const hash = await sha256(utf8(`${name}\n`), typed);
  if (toHex(hash.subarray(0, 4)) !== id.toLowerCase()) {
    throw new Fault("no-key");
  }
  try {
    const key = await subtle().importKey("raw", typed.subarray(1), { name: "Ed25519" }, false, ["verify"]);
    return { name, id: hash.subarray(0, 4), key };
  } catch (error) {
    throw error instanceof Fault ? error : new Fault("no-ed25519");
  }
}

/** The size and root that the log's key signed for. */
async function openCheckpoint(note, key) {
  // a note has no control characters but line ends
  const split = note.lastIndexOf("\n\n");
  if (/[\u0000-\u0009\u000b-\u001f]/u.test(note) || split < 0 || !note.endsWith("\n")) {
    throw new Fault("no-note");
  }
  const text = note.slice(0, split + 1);
  const signatures = note.slice(split + 2, -1).split("\n").map(parseSignature);
  const [origin, size, root, ...more] = text.slice(0, -1).split("\n");
  if (root === undefined || more.includes("") || !/^(0|[1-9][0-9]{0,19})$/u.test(size)) {
    throw new Fault("no-note");
  }
  const hash = fromBase64(root, "no-note");
  if (hash.length !== 32 || BigInt(size) >= 1n << 64n || signatures.length > MOST_SIGNATURES) {
    throw new Fault("no-note");
  }
  if (origin !== key.name) {
    throw new Fault("other-log");
  }
  const own = signatures.find((one) => one.name === key.name && equal(one.id, key.id));
  if (own === undefined) {
    throw new Fault("not-signed");
  }
  if (!(await subtle().verify({ name: "Ed25519" }, key.key, own.signature, utf8(text)))) {
    throw new Fault("wrong-signature");
  }
  return { origin, size: BigInt(size), root: hash };
}

function parseSignature(line) {
  const [, name, encoded] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
  if (name === undefined || !isName(name)) {
    throw new Fault("no-note");
  }
  const bytes = fromBase64(encoded, "no-note");
  if (bytes.length < 5) {
    throw new Fault("no-note");
  }
  return { name, id: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

/** Whether the tree that was signed for has the answer's entry at its index. */
async function included(receipt, { size, root }) {
  const proof = receipt.proof.map((text) => fromBase64(text, "no-proof"));
  if (proof.some((hash) => hash.length !== 32)) {
    throw new Fault("no-proof");
  }
  let at = BigInt(receipt.index);
  let last = size - 1n;
  if (at > last) {
    throw new Fault("not-in-log");
  }
  let hash = await leafHash(receipt.entry);
  for (const sibling of proof) {
    if (last === 0n) {
      throw new Fault("not-in-log");
    }
    if (at % 2n === 1n || at === last) {
      hash = await sha256(Uint8Array.of(1), sibling, hash);
      while (at % 2n === 0n && at !== 0n) {
        at /= 2n;
        last /= 2n;
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, sibling);
    }
    at /= 2n;
    last /= 2n;
  }
  if (last !== 0n || !equal(hash, root)) {
    throw new Fault("not-in-log");
  }
}

/** Whether the entry is the answer to this question, under the same agreement. */
async function answersQuestion({ question, entry }) {
  if (entry.kind !== "answer") {
    throw new Fault("no-answer");
  }
  const hash = toHex(await leafHash(question));
  if (question.kind !== "question" || hash !== entry.question || question.agreement !== entry.agreement) {
    throw new Fault("other-question");
  }
}

/** Whether the answer, and the question in full, are those whose salted hash was entered. */
async function isEntered(receipt) {
  if (receipt.entry.kind !== "answer") {
    throw new Fault("no-answer");
  }
  const salt = fromBase64(receipt.salt, "other-answer");
  const content = canonical({ answer: receipt.answer, asked: receipt.asked });
  const hash = toHex(await sha256(salt, utf8(content)));
  if (salt.length !== 32 || hash !== receipt.entry.answer) {
    throw new Fault("other-answer");
  }
}

function about(receipt, checkpoint) {
  const { question, entry } = receipt;
  return {
    log: checkpoint?.origin,
    size: checkpoint === undefined ? undefined : String(checkpoint.size),
    index: receipt.index,
    time: entry.time,
    agreement: entry.agreement,
    release: entry.kind === "answer" ? entry.release : undefined,
    rules: entry.kind === "answer" ? entry.rules : [],
    party: question.kind === "question" ? question.party : undefined,
    purpose: question.kind === "question" ? question.purpose : undefined,
    view: question.kind === "question" ? question.view : undefined,
  };
}

async function leafHash(entry) {
  const bytes = utf8(canonical(entry));
  if (bytes.length > LARGEST_ENTRY) {
    throw new Fault("too-large");
  }
  return sha256(Uint8Array.of(0), bytes);
}

async function sha256(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await subtle().digest("SHA-256", all));
}

/** WebCrypto, which browsers give to pages that came over https or from this machine. */
function subtle() {
  return globalThis.crypto?.subtle ?? fail("no-crypto");
}

function fail(code) {
  throw new Fault(code);
}

function need(value, code) {
  return value ?? fail(code);
}

/** Bytes of base64 that is written in the one right way. */
function fromBase64(text, code) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new Fault(code);
  }
  // unused bits and spaces would give one value several spellings
  return btoa(binary) === text ? Uint8Array.from(binary, (char) => char.charCodeAt(0)) : fail(code);
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

function equal(a, b) {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

function same(a, b) {
  return a.length === b.length && a.every((item, place) => item === b[place]);
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value) {
  return typeof value === "string";
}

function isTexts(value) {
  return Array.isArray(value) && value.every(isText);
}

function isHash(value) {
  return isText(value) && /^[0-9a-f]{64}$/u.test(value);
}

function isTime(value) {
  return isText(value) && /^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z$/u.test(value);
}

function isName(name) {
  return name !== "" && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}
