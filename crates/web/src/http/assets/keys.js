// The key with which a party signs, kept in its own browser.
//
// What is stored can sign and cannot be read: a non-extractable CryptoKey in IndexedDB, one per party. So a copy has to
// be made when the key is made or loaded; `make` and `load` therefore give the 32-byte seed, which the caller exports or
// lets go. Nothing here asks a server. The formats are those of the command line (crates/agreement/src/signature.rs).

const SECRET = "zwerm-private-key:ed25519:";
const PUBLIC = "ed25519:";
const DATABASE = "zwerm-keys";
const STORE = "keys";
/** How a file with an encrypted key names itself. */
export const FILE_KIND = "zwerm-encrypted-key";
/** Rounds of PBKDF2 with SHA-256; a file with fewer is not opened. */
export const ROUNDS = 600_000;
const MOST_ROUNDS = 10_000_000;
/** The fewest characters of a passphrase. */
export const SHORTEST = 12;

// PKCS #8 (RFC 8410) of an Ed25519 seed is always this, and then the seed.
const PKCS8 = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/** What went wrong with a key, as a code that a page has words for. */
export class KeyFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Makes a new key: `{seed, privateKey, publicKey}`. */
export function make() {
  return fromSeed(crypto.getRandomValues(new Uint8Array(32)));
}

/** The key of a 32-byte seed; `privateKey` signs and cannot be read out, `publicKey` is `ed25519:<base64>`. */
export async function fromSeed(seed) {
  if (seed.length !== 32) {
    throw new KeyFault("no-key");
  }
  const wrapped = Uint8Array.from([...PKCS8, ...seed]);
  try {
    const readable = await subtle().importKey("pkcs8", wrapped, { name: "Ed25519" }, true, ["sign"]);
    const { x } = await subtle().exportKey("jwk", readable);
    const privateKey = await subtle().importKey("pkcs8", wrapped, { name: "Ed25519" }, false, ["sign"]);
    const raw = fromBase64(x.replaceAll("-", "+").replaceAll("_", "/").padEnd(44, "="));
    return { seed, privateKey, publicKey: PUBLIC + toBase64(raw) };
  } catch (error) {
    throw error instanceof KeyFault ? error : new KeyFault("no-ed25519");
  } finally {
    wrapped.fill(0);
  }
}

/** The seed as the command line keeps it: whoever has this line can speak for the party. */
export function toLine(seed) {
  return SECRET + toBase64(seed);
}

/** The seed of such a line. */
export function fromLine(text) {
  // lines that begin with `#` are for people
  const lines = text.split("\n").map((one) => one.trim()).filter((one) => one !== "" && !one.startsWith("#"));
  const line = lines.length === 1 ? lines[0] : "";
  const seed = line.startsWith(SECRET) ? fromBase64(line.slice(SECRET.length)) : undefined;
  if (seed?.length !== 32) {
    throw new KeyFault("no-key");
  }
  return seed;
}

/** Reads a file with a key, plain as the command line writes it or encrypted; `{seed, privateKey, publicKey}`. */
export async function load(text, passphrase) {
  return fromSeed(isEncrypted(text) ? await decrypt(text, passphrase) : fromLine(text));
}

/** Whether a file holds an encrypted key, so that a passphrase is needed. */
export function isEncrypted(text) {
  return text.trimStart().startsWith("{");
}

/** The seed in a file that opens with a passphrase only: PBKDF2-SHA-256 and AES-256-GCM. */
export async function encrypt(seed, publicKey, passphrase) {
  if ([...passphrase].length < SHORTEST) {
    throw new KeyFault("short-passphrase");
  }
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const header = { kind: FILE_KIND, version: 1, public_key: publicKey, kdf: "PBKDF2-SHA-256", iterations: ROUNDS };
  const key = await derive(passphrase, salt, ROUNDS, "encrypt");
  const sealed = await subtle().encrypt({ name: "AES-GCM", iv, additionalData: bound(header) }, key, seed);
  const rest = { cipher: "AES-256-GCM", salt: toBase64(salt), iv: toBase64(iv), sealed: toBase64(new Uint8Array(sealed)) };
  return `${JSON.stringify({ ...header, ...rest }, null, 2)}\n`;
}

/** The seed of a file that `encrypt` wrote. */
export async function decrypt(text, passphrase) {
  const file = parseFile(text);
  const key = await derive(passphrase ?? "", fromBase64(file.salt), file.iterations, "decrypt");
  const how = { name: "AES-GCM", iv: fromBase64(file.iv), additionalData: bound(file) };
  let seed;
  try {
    seed = new Uint8Array(await subtle().decrypt(how, key, fromBase64(file.sealed)));
  } catch (error) {
    throw error instanceof KeyFault ? error : new KeyFault("wrong-passphrase");
  }
  if ((await fromSeed(seed)).publicKey !== file.public_key) {
    throw new KeyFault("no-key-file");
  }
  return seed;
}

function parseFile(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new KeyFault("no-key-file");
  }
  const texts = ["public_key", "salt", "iv", "sealed"].every((name) => typeof file?.[name] === "string");
  const known = file?.kind === FILE_KIND && file.version === 1 && file.kdf === "PBKDF2-SHA-256" && file.cipher === "AES-256-GCM";
  // few rounds are soon tried, and too many would stop the browser
  const rounds = Number.isInteger(file?.iterations) && file.iterations >= ROUNDS && file.iterations <= MOST_ROUNDS;
  if (!texts || !known || !rounds) {
    throw new KeyFault("no-key-file");
  }
  return file;
}

async function derive(passphrase, salt, iterations, use) {
  // one spelling of a passphrase with accents, whichever keyboard it came from
  const typed = new TextEncoder().encode(passphrase.normalize("NFC"));
  const base = await subtle().importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return subtle().deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
}

/** What of the file's head is sealed along, so that it cannot be changed. */
function bound({ kind, version, public_key, kdf, iterations }) {
  return new TextEncoder().encode([kind, version, public_key, kdf, iterations].join("\n"));
}

/** The signature, in base64, of bytes; of what a party says these are the UTF-8 bytes of its canonical JSON. */
export async function sign(privateKey, bytes) {
  return toBase64(new Uint8Array(await subtle().sign({ name: "Ed25519" }, privateKey, bytes)));
}

/** Whether a public key (`ed25519:<base64>`) made this signature of the bytes. */
export async function isSignedBy(publicKey, signature, bytes) {
  const raw = fromBase64(publicKey.startsWith(PUBLIC) ? publicKey.slice(PUBLIC.length) : "");
  const key = await subtle().importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  return subtle().verify({ name: "Ed25519" }, key, fromBase64(signature), bytes);
}

/** Keeps the key of a party in this browser, in place of the one that was there. */
export async function keep(party, { privateKey, publicKey }) {
  if (privateKey.extractable) {
    throw new KeyFault("readable-key");
  }
  await within("readwrite", (store) => store.put({ privateKey, publicKey }, party));
}

/** The key that this browser keeps for a party: `{privateKey, publicKey}`, or nothing. */
export function kept(party) {
  return within("readonly", (store) => store.get(party));
}

/** Takes a party's key out of this browser. */
export async function forget(party) {
  await within("readwrite", (store) => store.delete(party));
}

async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(new KeyFault("no-storage"));
    });
  } finally {
    database.close();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new KeyFault("no-storage"));
    let request;
    try {
      request = indexedDB.open(DATABASE, 1);
    } catch {
      fail();
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = fail;
    request.onblocked = fail;
  });
}

/** WebCrypto, which browsers give to pages that came over https or from this machine. */
function subtle() {
  const found = globalThis.crypto?.subtle;
  if (found === undefined) {
    throw new KeyFault("no-crypto");
  }
  return found;
}

function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    throw new KeyFault("no-key");
  }
  if (btoa(binary) !== text) {
    throw new KeyFault("no-key");
  }
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
