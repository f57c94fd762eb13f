// Requests without a browser, as they are: no redirect is followed and no path is tidied up.

import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import http from "node:http";

// PKCS #8 (RFC 8410) of an Ed25519 seed is always this, and then the seed
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** One request: `{status, headers, cookies, text}`. */
export function request(server, path, { method = "GET", headers = {}, body } = {}) {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname, port, path, method, headers, agent: false }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        resolve({ status: answer.statusCode, headers: answer.headers, cookies: answer.headers["set-cookie"] ?? [], text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A form as our own pages send it; `fields` is an object, or pairs when a name comes twice. */
export function post(server, path, fields, headers = {}) {
  const body = new URLSearchParams(fields).toString();
  const own = { origin: server.url, "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
  return request(server, path, { method: "POST", body, headers: { ...own, "content-length": Buffer.byteLength(body), ...headers } });
}

/** The same with the encoding that a file needs; a field `file` is sent as one. */
export function postParts(server, path, fields, headers = {}) {
  const line = "--------zwerm";
  const part = (name, value) => {
    const file = name === "file" ? `; filename="file.csv"\r\ncontent-type: text/csv` : "";
    return `--${line}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  };
  const body = `${Object.entries(fields).map(([name, value]) => part(name, value)).join("")}--${line}--\r\n`;
  const own = { origin: server.url, "sec-fetch-site": "same-origin", "content-type": `multipart/form-data; boundary=${line}` };
  return request(server, path, { method: "POST", body, headers: { ...own, "content-length": Buffer.byteLength(body), ...headers } });
}

/** A session of a demo person: `{cookie, csrf, get, post}`. */
export async function session(server, login, headers = {}) {
  const answer = await post(server, "/sign-in", { login, password: server.password(login) }, headers);
  assert.equal(answer.status, 303, `${login} cannot sign in: ${answer.text.slice(0, 2000)}`);
  const cookie = answer.cookies[0].split(";")[0];
  const get = (path, more = {}) => request(server, path, { headers: { cookie, ...more } });
  const { text } = await get("/account");
  const csrf = text.match(/name="csrf" value="([^"]+)"/u)?.[1];
  assert.ok(csrf, "the pages of somebody signed in carry no token");
  const all = (fields) => (Array.isArray(fields) ? [["csrf", csrf], ...fields] : { csrf, ...fields });
  return {
    login,
    cookie,
    csrf,
    get,
    post: (path, fields, more = {}) => post(server, path, all(fields), { cookie, ...more }),
    postParts: (path, fields, more = {}) => postParts(server, path, { csrf, ...fields }, { cookie, ...more }),
  };
}

/** The signature of a text with the key in a file of the command line. */
export function signature(file, text) {
  const line = readFileSync(file, "utf8").split("\n").find((one) => one.startsWith("zwerm-private-key:"));
  const seed = Buffer.from(line.slice("zwerm-private-key:ed25519:".length), "base64");
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
  return sign(null, Buffer.from(text, "utf8"), key).toString("base64");
}

/** A text as HTML holds it, back. */
export function unescape(html) {
  const names = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return html.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(amp|lt|gt|quot));/giu, (_, decimal, hex, name) =>
    name ? names[name.toLowerCase()] : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

/** The fields of the form on a page that goes to an address, as they stand there: pairs. */
export function fields(html, action) {
  const start = html.indexOf(`method="post" action="${action}"`);
  assert.ok(start >= 0, `no form goes to ${action}`);
  const form = html.slice(start, html.indexOf("</form>", start));
  const found = [];
  const inputs = /<input\b([^>]*)>|<textarea\b([^>]*)>([^<]*)<\/textarea>|<select\b([^>]*)>(.*?)<\/select>/gsu;
  const get = (attributes, name) => unescape(attributes.match(new RegExp(`\\b${name}="([^"]*)"`, "u"))?.[1] ?? "");
  for (const [, input, area, text, select, options] of form.matchAll(inputs)) {
    const attributes = input ?? area ?? select;
    const [name, type] = [get(attributes, "name"), get(attributes, "type")];
    const unticked = ["checkbox", "radio"].includes(type) && !/\bchecked\b/u.test(attributes);
    if (name === "" || name === "csrf" || unticked || type === "file") {
      continue;
    }
    const chosen = options?.match(/<option value="([^"]*)" selected/u) ?? options?.match(/<option value="([^"]*)"/u);
    const value = input === undefined ? (area === undefined ? unescape(chosen?.[1] ?? "") : unescape(text)) : get(attributes, "value");
    found.push([name, value]);
  }
  return found;
}

/** Pairs with some of them changed, or added. */
export function changed(pairs, changes) {
  return [...pairs.filter(([name]) => !Object.hasOwn(changes, name)), ...Object.entries(changes)];
}
