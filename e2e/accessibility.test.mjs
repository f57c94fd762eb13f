// What a machine can see of accessibility, on every page for everyone who sees it: axe-core finds nothing, the page does
// not scroll sideways on a narrow screen or enlarged, and its frame is as it should be. A clean run is not yet WCAG.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { close, closeBrowser, serve, signedIn, visitor } from "./harness.mjs";
import { everyPage } from "./pages.mjs";
import { furnish } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** 1280 pixels enlarged twice: half the pixels of CSS. */
const ENLARGED = { width: 640, height: 450 };

let server;
let stage;

before(async () => {
  server = await serve();
  stage = await furnish(server);
});

after(async () => {
  await closeBrowser();
  await server?.stop();
});

async function axe(page, run) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.evaluate(AXE);
  }
  const violations = await page.evaluate(async (options) => {
    const { violations: found } = await globalThis.axe.run(document, { resultTypes: ["violations"], ...options });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).slice(0, 5).join(" | ")}`);
  }, run);
  return violations;
}

const ALL_RULES = { runOnly: TAGS };
/** Colours are the same in the other language, and take longest. */
const ALL_BUT_COLOURS = { runOnly: TAGS, rules: { "color-contrast": { enabled: false } } };
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast"] } };
/** Rules whose outcome may be another on a narrow screen. */
const SIZES = { runOnly: { type: "rule", values: ["target-size", "scrollable-region-focusable"] } };

/** What is wrong with a page at a size. */
async function sideways(page, size, what) {
  await page.setViewportSize(size);
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return wide > inner ? [`${what}: ${wide} px wide in ${inner} px`] : [];
}

/** What is wrong with the frame of a page. */
function frame(page, lang) {
  return page.evaluate((wanted) => {
    const wrong = [];
    const one = (selector) => {
      const count = document.querySelectorAll(selector).length;
      if (count !== 1) {
        wrong.push(`${count} of ${selector}`);
      }
    };
    for (const selector of ["h1", "main", "head > title", "header", "footer", "a.skip"]) {
      one(selector);
    }
    if (document.documentElement.lang !== wanted) {
      wrong.push(`lang is ${document.documentElement.lang}, not ${wanted}`);
    }
    const skip = document.querySelector("a.skip");
    if (document.querySelector("a") !== skip || document.querySelector(skip.getAttribute("href")) !== document.querySelector("main")) {
      wrong.push("the skip link is not the first, or leads elsewhere");
    }
    if (!document.title.startsWith(document.querySelector("h1").textContent.trim())) {
      wrong.push(`the title "${document.title}" does not begin with the heading`);
    }
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
    if (twice.length > 0) {
      wrong.push(`ids that stand twice: ${twice}`);
    }
    return wrong;
  }, lang);
}

async function look(page, path) {
  const wrong = [];
  await page.emulateMedia({ colorScheme: "light", media: "screen" });
  await page.setViewportSize(WIDE);
  for (const [prefix, lang] of [["", "nl"], ["/en", "en"]]) {
    const address = prefix && path === "/" ? prefix : prefix + path;
    await page.goto(address);
    // what can be folded out is looked at as well
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => details.setAttribute("open", "")));
    const add = (found) => wrong.push(...found.map((one) => [address, one]));
    add(await frame(page, lang));
    add(await axe(page, lang === "nl" ? ALL_RULES : ALL_BUT_COLOURS));
    add(await sideways(page, ENLARGED, "enlarged twice"));
    add(await sideways(page, NARROW, "narrow"));
    if (lang === "nl") {
      add(await axe(page, SIZES));
      await page.emulateMedia({ colorScheme: "dark" });
      add(await axe(page, COLOURS));
      await page.setViewportSize(WIDE);
      await page.emulateMedia({ colorScheme: "light", media: "print" });
      add(await printed(page));
      await page.emulateMedia({ media: "screen" });
    } else {
      await page.setViewportSize(WIDE);
    }
  }
  return wrong;
}

/** What is wrong with a page on paper. */
function printed(page) {
  return page.evaluate(() => {
    const wrong = [];
    const heading = document.querySelector("h1").getBoundingClientRect();
    if (heading.height === 0) {
      wrong.push("the heading is not printed");
    }
    for (const selector of [".head nav", ".menu", ".foot"]) {
      if (document.querySelector(selector).getBoundingClientRect().height > 0) {
        wrong.push(`${selector} is printed`);
      }
    }
    return wrong;
  });
}

for (const place of [0, 1, 2, 3, 4]) {
  const who = ["everyone", "a decider", "an analyst", "a steward", "an administrator"][place];
  test(`pages for ${who}`, async () => {
    const [login, paths] = everyPage(stage)[place];
    const page = await (login === undefined ? visitor(server) : signedIn(server, login));
    const wrong = [];
    for (const path of paths) {
      wrong.push(...(await look(page, path)));
    }
    assert.deepEqual(byFault(wrong), {});
    await close(page);
  });
}

/** What is wrong, each with the pages where it is. */
function byFault(wrong) {
  const all = {};
  for (const [path, fault] of wrong) {
    (all[fault] ??= []).push(path);
  }
  return all;
}

test("the page for signing, and a form with something wrong in it", async () => {
  const page = await signedIn(server, "mila");
  await page.goto(`${stage.version}/decide`);
  await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  await page.getByRole("alert").waitFor();
  const wrong = [...(await frame(page, "nl")), ...(await axe(page, ALL_RULES)), ...(await sideways(page, NARROW, "narrow"))];
  await page.getByLabel("Wij stemmen in", { exact: true }).check();
  await page.getByRole("button", { name: "Verder naar ondertekenen" }).click();
  await page.locator("#statement").waitFor();
  await page.evaluate(() => document.querySelector("details").setAttribute("open", ""));
  wrong.push(...(await frame(page, "nl")), ...(await axe(page, ALL_RULES)), ...(await sideways(page, NARROW, "narrow")));
  assert.deepEqual(wrong, []);
  await close(page);
});

test("a page is printed to paper", async () => {
  const page = await visitor(server);
  await page.goto(stage.answer);
  const pdf = await page.pdf({ format: "A4" });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 10_000);
  await close(page);
});
