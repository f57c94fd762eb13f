// Dutch that residents can read: short sentences, and none of the words of docs/plain-language.md.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { PROJECT, close, closeBrowser, serve, visitor } from "./harness.mjs";
import { furnish } from "./stage.mjs";

const LIST = new URL("../docs/plain-language.md", import.meta.url);
const MOST_WORDS = 15;
/** What is not the interface's own: code, figures, and what parties and visitors wrote. */
const THEIRS = "code, pre, table, blockquote, textarea, svg, script, noscript, select, input, [data-theirs]";
const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, label, legend, summary, button, th, td, figcaption, a.btn";

let server;
let pages;
let stage;

before(async () => {
  server = await serve();
  stage = await furnish(server);
  const at = `/projects/${PROJECT}`;
  pages = ["/", "/goals", "/projects", at, `${at}/question`, "/questions", stage.answer, stage.hidden, "/barriers", "/ledger", "/search?q=wonen", "/search?q=hurr", "/about", "/accessibility"];
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

/** The words that may not stand there, as expressions. */
function jargon() {
  const rows = readFileSync(LIST, "utf8").matchAll(/^\| ([^|]+) \| ([^|]+) \|$/gmu);
  const words = [...rows].map(([, word, plain]) => [word.trim(), plain.trim()]).filter(([word]) => word !== "not");
  assert.ok(words.length >= 30, "the list in docs/plain-language.md cannot be read");
  return words.map(([word, plain]) => {
    const inner = word.replaceAll("*", "\\p{L}*").replaceAll(" ", "\\s+");
    return { word, plain, found: new RegExp(`(?<![\\p{L}-])${inner}(?![\\p{L}-])`, "iu") };
  });
}

/** The blocks of text that are the interface's own. */
function own(page) {
  return page.evaluate(
    ([theirs, blocks]) => {
      const main = document.querySelector("main").cloneNode(true);
      for (const element of main.querySelectorAll(theirs)) {
        element.replaceWith(" … ");
      }
      // each block for itself, without the blocks in it
      const texts = [];
      for (const block of [...main.querySelectorAll(blocks)].toReversed()) {
        texts.push(block.textContent.replaceAll(/\s+/gu, " ").trim());
        block.remove();
      }
      return texts.toReversed().filter((text) => text !== "");
    },
    [THEIRS, BLOCKS],
  );
}

/** Sentences proper: what ends in a full stop, a question mark or a colon. A label is none. */
function sentences(texts) {
  const all = texts.flatMap((text) => text.match(/[^.!?:]+[.!?:]+(?=\s|$)/gu) ?? []);
  return all.map((text) => text.trim().split(/\s+/u).filter((word) => /\p{L}|\d/u.test(word))).filter((words) => words.length > 1);
}

test("sentences are short on every page that residents read", async () => {
  const page = await visitor(server);
  const long = [];
  for (const path of pages) {
    await page.goto(path);
    const texts = await own(page);
    assert.ok(texts.length > 2, `hardly a text was found on ${path}`);
    const found = sentences(texts);
    const mean = found.reduce((sum, words) => sum + words.length, 0) / found.length;
    if (mean > MOST_WORDS) {
      const longest = found.toSorted((a, b) => b.length - a.length).slice(0, 3);
      long.push({ path, mean: mean.toFixed(1), longest: longest.map((words) => words.join(" ")) });
    }
  }
  assert.deepEqual(long, []);
  await close(page);
});

test("no jargon stands on any page that residents read", async () => {
  const list = jargon();
  const page = await visitor(server);
  const found = [];
  for (const path of pages) {
    await page.goto(path);
    for (const text of await own(page)) {
      for (const { word, plain, found: expression } of list) {
        if (expression.test(text)) {
          found.push(`${path}: "${word}" in "${text}"; rather: ${plain}`);
        }
      }
    }
  }
  assert.deepEqual(found, []);
  await close(page);
});

/** Words that read as a translation, a command or a code; each has been on a page once. */
const ONCE = {
  nl: [
    "Zwijgen is geen instemming",
    "Hoe het zo kwam",
    "Wat op wie wacht",
    "Biedt u haar",
    "pakt haar op",
    "belemmering met een eigenaar",
    "Dit kan niet zo worden gevraagd",
    "Één",
    "in het huis",
    "de machine",
    "housing-policy",
    "gemeente-leiden",
    "huurdersvereniging)",
    "--reason",
    "zwerm agreement",
    "INVULLEN",
  ],
  en: ["fall out", "paramount", "are read by", "Silence is no consent", "housing-policy", "gemeente-leiden", "--reason", "zwerm agreement"],
};

test("no command, code or word of a translation stands on any page that everyone reads", async () => {
  const page = await visitor(server);
  const found = [];
  const words = (path) => page.goto(path).then(() => page.evaluate(() => {
    const main = document.querySelector("main").cloneNode(true);
    for (const element of main.querySelectorAll("pre, textarea, script, noscript")) {
      element.remove();
    }
    return main.textContent;
  }));
  for (const path of [...pages, `/projects/${PROJECT}/versions/1`, `/projects/${PROJECT}/versions/2`, stage.history, "/no-such-page"]) {
    for (const [lang, list] of Object.entries(ONCE)) {
      const text = await words(lang === "en" ? `/en${path === "/" ? "" : path}` : path);
      found.push(...list.filter((old) => text.includes(old)).map((old) => `${lang}${path}: ${old}`));
      found.push(...[...text.matchAll(/\b\d{4}-\d{2}-\d{2}\b/gu)].map(([day]) => `${lang}${path}: ${day}`));
    }
  }
  assert.deepEqual(found, []);
  await close(page);
});

test("the words that are hard are explained where they stand", async () => {
  const page = await visitor(server);
  for (const path of [`/projects/${PROJECT}`, `/projects/${PROJECT}/versions/2`]) {
    await page.goto(path);
    await page.getByText("Wat betekenen deze woorden?").click();
    const told = await page.locator("[data-hard-words] dt").allInnerTexts();
    assert.deepEqual(told, ["Consentronde", "Gezamenlijke basis", "Grondslag", "Mandaat", "Overwegend bezwaar"]);
  }
  await close(page);
});

test("the check finds what it is for", () => {
  const hits = (text) => jargon().filter(({ found }) => found.test(text)).map(({ word }) => word);
  assert.deepEqual(hits("Wij faciliteren dit middels een dataset."), ["middels", "faciliteren", "dataset*"]);
  assert.deepEqual(hits("In het  kader van de stakeholders"), ["stakeholder*", "in het kader van"]);
  assert.deepEqual(hits("Datasetten? Nee: gegevens, en mitsen."), ["dataset*"]);
  assert.deepEqual(sentences(["Een label", "Dit is kort. Dit is nog een zin, echt waar!"]).map((words) => words.length), [3, 7]);
});
