// What every browser test needs: the demonstration on a free port with a home of its own, one browser, and pages that
// fail a test on a console error, a breach of the content policy, or a request to anybody else.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { session } from "./http.mjs";

const CHROMIUM = process.env.ZWERM_CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Milliseconds that the demonstration may take to be ready. */
const READY = 180_000;
/** Milliseconds that a page may take: the first question builds a release. */
const PATIENCE = 30_000;

export const PROJECT = "leiden-goedkoop-scheefwonen";
export const PARTIES = ["gemeente-leiden", "statistiekbureau", "corporatie", "huurdersvereniging"];

/** The program under test. */
export function program() {
  const path = process.env.ZWERM_BIN;
  assert.ok(path, "ZWERM_BIN is not set: it names the program to test, such as target/debug/zwerm");
  return path;
}

/** The demonstration, served: `{url, home, people, password, keyFile, stop, said, pid}`. */
export async function serve() {
  const folder = await mkdtemp(join(tmpdir(), "zwerm-e2e-"));
  const home = join(folder, "home");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program(), ["demo", "--home", home, "--port", String(port), "--lang", "nl"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data) => {
    said = (said + data).slice(-8000);
  });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    const end = await ended;
    clearTimeout(late);
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(end, { code: 0, signal: null }, `the server did not end well: ${said}`);
  };
  await ready(url, child, () => said);
  const people = await demoPeople(url);
  const password = (login) => {
    const found = people.get(login);
    assert.ok(found, `the demonstration has nobody called ${login}`);
    return found;
  };
  const keyFile = (party) => `${home}-partners/keys/${party}.key`;
  return { url, home, people, password, keyFile, stop, said: () => said, pid: child.pid };
}

/** A home that `zwerm serve` makes in an empty folder, served: `{url, home, first, stop}`, with the link for the first person. */
export async function serveNew() {
  const folder = await mkdtemp(join(tmpdir(), "zwerm-e2e-"));
  const home = join(folder, "home");
  await mkdir(home);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program(), ["serve", "--home", home, "--port", String(port), "--lang", "nl"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let told = "";
  child.stderr.on("data", (data) => {
    said = (said + data).slice(-8000);
  });
  child.stdout.on("data", (data) => {
    told += data;
  });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    const end = await ended;
    clearTimeout(late);
    await rm(folder, { recursive: true, force: true });
    assert.deepEqual(end, { code: 0, signal: null }, `the server did not end well: ${said}`);
  };
  await ready(url, child, () => said);
  const [first] = told.match(/http:\S+\/invitations\/\S+/u) ?? [];
  assert.ok(first, `no link for the first person: ${told}`);
  return { url, home, folder, first, stop };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function ready(url, child, said) {
  const end = Date.now() + READY;
  while (Date.now() < end) {
    assert.equal(child.exitCode, null, `the server ended before it was ready: ${said()}`);
    const answer = await fetch(`${url}/ready`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill("SIGKILL");
  assert.fail(`the server was not ready in time: ${said()}`);
}

/** Who may be looked as, with their passwords, from the table on the sign-in page. */
async function demoPeople(url) {
  const html = await (await fetch(`${url}/sign-in`)).text();
  const row = /<td><code>([^<]+)<\/code><\/td><td><code>([^<]+)<\/code><\/td>/gu;
  const people = new Map();
  for (const [, login, password] of html.matchAll(row)) {
    people.set(login, password);
  }
  assert.ok(people.size > 0, "the sign-in page of the demonstration lists nobody");
  return people;
}

let shared;

/** The one browser of a test file. */
export function browser() {
  shared ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  return shared;
}

/** Closes it. */
export async function closeBrowser() {
  await (await shared)?.close();
  shared = undefined;
}

/** A page of a fresh visitor; `page.faults` holds what went wrong on it. */
export async function visitor(server, options = {}) {
  const context = await (await browser()).newContext({ baseURL: server.url, locale: "nl-NL", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  watch(page, server.url);
  return page;
}

function watch(page, url) {
  page.faults = [];
  page.on("console", (message) => {
    // a page of ours may well be a refusal; what it needs is looked at below
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      page.faults.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => page.faults.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(`${url}/`) && !target.startsWith("blob:")) {
      page.faults.push(`request to another place: ${target}`);
    }
  });
  page.on("response", (response) => {
    if (response.status() >= 500 || (response.status() >= 400 && response.request().resourceType() !== "document")) {
      page.faults.push(`${response.status()}: ${response.url()}`);
    }
  });
}

/** Nothing went wrong on these pages; closes them. */
export async function close(...pages) {
  for (const page of pages) {
    unharmed(page);
    await page.context().close();
  }
}

/** Nothing went wrong on a page so far. */
export function unharmed(page) {
  assert.deepEqual(page.faults, [], `faults on ${page.url()}`);
}

/** Signs a demo person in through the form. */
export async function signIn(server, page, login, prefix = "") {
  await page.goto(`${prefix}/sign-in`);
  await page.fill("#login", login);
  await page.fill("#password", server.password(login));
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => url.pathname === `${prefix}/account`);
}

/** A page of a demo person who signed in elsewhere, which is quicker than the form. */
export async function signedIn(server, login, options = {}) {
  const page = await visitor(server, options);
  const { cookie } = await session(server, login);
  const [name, value] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: "Lax" }]);
  return page;
}

/** Loads a party's key file on the page for signing, and signs there. */
export async function signHere(page, file) {
  const section = page.locator("[data-party-key]");
  const details = page.locator("details", { has: section });
  await details.evaluate((element) => {
    element.open = true;
  });
  // first it looks whether there is a key
  await section.locator("output").getByText(/sleutel voor deze partner/u).waitFor();
  await section.locator("input[data-load]").setInputFiles(file);
  await section.locator("output").getByText("De sleutel is geladen").waitFor();
  await page.click("[data-sign-now]");
}

/** Writes a question in SQL, and says that it counts. */
export async function writeSql(page, sql) {
  if ((await page.locator("#in-sql[open]").count()) === 0) {
    await page.locator("#in-sql > summary").click();
  }
  await page.fill("#sql", sql);
  await page.locator("#counts-sql").check();
}

/** The text of a file that clicking a link hands over. */
export async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFile(await file.path());
}

/** What stands on a page, blanks made even. */
export async function words(page, selector = "main") {
  const text = await page.locator(selector).innerText();
  return text.replaceAll(/\s+/gu, " ");
}

/** Waits until a page says that something was done. */
export function told(page, text) {
  return page.getByRole("status").getByText(text).first().waitFor();
}
