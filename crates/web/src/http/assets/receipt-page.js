// The page where a visitor verifies a receipt: the file stays in the browser.
//
//   <section data-receipt-check data-log-key="name+id+key" data-names="{…}" hidden>
//     <label for="r">…</label> <input type="file" id="r">
//     <p data-receipt-drop>…</p>                      optional: where a file may be dropped; else the whole section
//     <output aria-live="polite"></output>            the verdict and each check
//     <div data-receipt-figures></div>                optional: what was answered, in a table
//   </section>
//
// `data-names` has, by the fingerprint of an agreement, what it calls its parties, purpose, columns and values; what it does
// not know keeps the name that the receipt has.
//
// Everything is written as text, never as HTML.

import { verify } from "./receipt.js";

/** As the command line has it. */
const LARGEST = 64 << 20;

const WORDS = {
  nl: {
    busy: "Bezig met nagaan…",
    large: "Dit bestand is te groot voor een controlebewijs.",
    unread: "Dit bestand kon niet worden gelezen. Kies het nog een keer.",
    good: "In orde. Dit antwoord is precies zo gegeven, en staat in het openbare logboek.",
    bad: "NIET in orde. Vertrouw dit controlebewijs niet.",
    unable: "Niet nagegaan. Er is niets gezegd over dit controlebewijs.",
    right: "klopt",
    wrong: "klopt niet",
    unchecked: "niet nagegaan",
    form: "Het bestand is geschreven zoals een controlebewijs",
    key: "De sleutel van het logboek is een goede sleutel",
    checkpoint: "Het logboek heeft dit controlepunt ondertekend",
    log: "Het antwoord staat in het logboek waarvoor is getekend",
    question: "Het antwoord hoort bij deze vraag en deze afspraak",
    answer: "Elk cijfer van het antwoord is zoals het toen is gegeven",
    not: "Dit kan een controlebewijs niet tonen: of de gegevens van de partners klopten, en of anderen hetzelfde logboek zien.",
    entry: (about) => `Het staat op regel ${about.index} van logboek ${about.log}. De eerste regel heeft nummer 0. Het logboek had toen ${about.size} regels.`,
    asked: (party, purpose, time) => `Gevraagd door: ${party}. Doel: ${purpose}. Wanneer: ${time}.`,
    agreement: "Vingerafdruk van de afspraak:",
    sql: "Toon de vraag als SQL",
    caption: "Het antwoord: vergelijk deze cijfers met die u kreeg",
    untrusted: "Dit staat in het bestand. Vertrouw het niet.",
    protected: "afgeschermd",
    total: "totaal",
    none: "bestaat niet",
  },
  en: {
    busy: "Verifying…",
    large: "This file is too large to be a receipt.",
    unread: "This file could not be read. Choose it again.",
    good: "In order. This is exactly the answer that was given, and the public log has it.",
    bad: "NOT in order. Do not trust this receipt.",
    unable: "Not verified. Nothing is said about this receipt.",
    right: "right",
    wrong: "wrong",
    unchecked: "not verified",
    form: "The file is written as receipts are",
    key: "The log's key is a proper key",
    checkpoint: "The log signed this checkpoint",
    log: "The log that was signed for has this answer",
    question: "The answer belongs to this question and this agreement",
    answer: "Every figure of the answer is as it was given then",
    not: "No receipt can show whether the partners' data were right, nor whether others see the same log.",
    entry: (about) => `It is entry ${about.index} of the log ${about.log}. The first entry has number 0. The log had ${about.size} entries then.`,
    asked: (party, purpose, time) => `Asked by: ${party}. Purpose: ${purpose}. When: ${time}.`,
    agreement: "Fingerprint of the agreement:",
    sql: "Show the question as SQL",
    caption: "The answer: compare these figures with those that you got",
    untrusted: "This is what the file says. Do not trust it.",
    protected: "protected",
    total: "total",
    none: "does not exist",
  },
};

const DETAILS = {
  nl: {
    "no-receipt": "dit is geen controlebewijs",
    "not-canonical": "er is iets in veranderd",
    "too-deep": "er is iets in veranderd",
    "other-version": "deze pagina kent deze versie niet",
    "no-key": "deze pagina heeft geen goede sleutel van het logboek",
    "no-ed25519": "deze browser kan dit niet nagaan; neem een nieuwere",
    "no-crypto": "de browser kan dit alleen op een pagina die via https komt",
    "no-note": "het controlepunt is niet geschreven zoals het hoort",
    "other-log": "het is van een ander logboek",
    "not-signed": "het logboek heeft het niet ondertekend",
    "wrong-signature": "het is na het tekenen veranderd",
    "no-checkpoint": "niet na te gaan zonder ondertekend controlepunt",
    "no-proof": "het bewijs bestaat niet uit vingerafdrukken",
    "not-in-log": "deze regel staat er niet op die plaats",
    "no-answer": "de regel is niet die van een antwoord",
    "other-question": "het is een andere vraag, of een andere afspraak",
    "other-answer": "het antwoord, of de vraag voluit, is niet wat is ingeschreven",
    "too-large": "een regel is te groot",
    failed: "het nagaan lukte niet",
  },
  en: {
    "no-receipt": "this is no receipt",
    "not-canonical": "something in it was changed",
    "too-deep": "something in it was changed",
    "other-version": "this page does not know this version",
    "no-key": "this page has no proper key of the log",
    "no-ed25519": "this browser cannot verify it; take a newer one",
    "no-crypto": "the browser can only do this on a page that came over https",
    "no-note": "the checkpoint is not written as it must be",
    "other-log": "it is of another log",
    "not-signed": "the log did not sign it",
    "wrong-signature": "it was changed after it was signed",
    "no-checkpoint": "cannot be verified without a signed checkpoint",
    "no-proof": "the proof is not made of fingerprints",
    "not-in-log": "this entry is not in that place",
    "no-answer": "the entry is not that of an answer",
    "other-question": "it is another question, or another agreement",
    "other-answer": "the answer, or the question in full, is not what was entered",
    "too-large": "an entry is too large",
    failed: "verifying did not work",
  },
};

/** What could not be verified, through no fault of the receipt. */
const UNCHECKED = new Set(["no-key", "no-ed25519", "no-crypto", "no-checkpoint", "failed"]);

const lang = document.documentElement.lang.startsWith("en") ? "en" : "nl";
const words = WORDS[lang];

for (const section of document.querySelectorAll("[data-receipt-check]")) {
  enhance(section);
}

function enhance(section) {
  const input = section.querySelector("input[type=file]");
  const output = section.querySelector("output");
  if (input === null || output === null) {
    return;
  }
  const figures = section.querySelector("[data-receipt-figures]") ?? output.insertAdjacentElement("afterend", element("div"));
  const drop = section.querySelector("[data-receipt-drop]") ?? section;
  // a file that is chosen while another is being verified takes its place
  let latest = 0;
  const take = async (file) => {
    latest += 1;
    const turn = latest;
    output.replaceChildren(words.busy);
    figures.replaceChildren();
    const show = await judge(file, section.dataset.logKey, JSON.parse(section.dataset.names ?? "{}"));
    if (turn === latest) {
      show(output, figures);
    }
  };
  input.addEventListener("change", () => input.files.length > 0 && take(input.files[0]));
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.toggleAttribute("data-dragging", true);
    });
  }
  drop.addEventListener("dragleave", () => drop.toggleAttribute("data-dragging", false));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.toggleAttribute("data-dragging", false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) {
      take(file);
    }
  });
  section.hidden = false;
}

/** Verifies a file, and gives what shows the verdict. */
async function judge(file, key, allNames) {
  if (file.size > LARGEST) {
    return (output) => output.replaceChildren(words.large);
  }
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return (output) => output.replaceChildren(words.unread);
  }
  const verdict = await verify(bytes, key);
  const names = own(allNames, verdict.about?.agreement) ?? {};
  return (output, figures) => {
    output.replaceChildren(...verdictWords(verdict, names));
    figures.replaceChildren(...(verdict.answer === undefined ? [] : figuresOf(verdict, names)));
  };
}

/** What an object has under a name; nothing that every object has. */
function own(object, name) {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

function verdictWords({ ok, checks, about }, names) {
  const wrong = checks.some((check) => !check.ok && !UNCHECKED.has(check.detail));
  const state = ok ? "good" : wrong ? "bad" : "unable";
  const verdict = element("p", element("strong", words[state]));
  verdict.dataset.receiptVerdict = state;
  const list = element("ul", ...checks.map(checkWords));
  if (!ok) {
    return [verdict, list];
  }
  const time = new Date(about.time).toLocaleString(lang, { dateStyle: "long", timeStyle: "short" });
  const party = own(names.parties, about.party) ?? about.party;
  const purpose = own(names.purposes, about.purpose) ?? about.purpose;
  const facts = [words.entry(about), words.asked(party, purpose, time)].map((text) => element("li", text));
  const hash = element("li", `${words.agreement} `, element("code", about.agreement));
  return [verdict, list, element("ul", ...facts, hash), element("p", words.not)];
}

function checkWords({ name, ok, detail }) {
  const why = ok ? "" : ` (${DETAILS[lang][detail] ?? detail})`;
  const verdict = ok ? words.right : UNCHECKED.has(detail) ? words.unchecked : words.wrong;
  const item = element("li", `${words[name]}: ${verdict}${why}`);
  item.dataset.receiptCheckName = name;
  item.dataset.receiptCheckOk = String(ok);
  return item;
}

function figuresOf({ ok, asked, answer, about }, names) {
  const question = element("details", element("summary", words.sql), element("pre", element("code", asked)));
  const warning = ok ? [] : [element("p", element("strong", words.untrusted))];
  const view = own(names.views, about?.view) ?? {};
  return [...warning, isTable(answer) ? table(answer, view, ok) : element("pre", JSON.stringify(answer, null, 2)), question];
}

function isTable(answer) {
  const lists = ["columns", "rows", "protected", "totals"];
  const object = (value) => typeof value === "object" && value !== null;
  return object(answer) && lists.every((name) => Array.isArray(answer[name]) && answer[name].every(object));
}

/** An answer as crates/zwerm/src/app/wire.rs writes it. */
function table({ columns, rows, protected: hidden, totals }, view, ok) {
  const at = (places, row, column) => places.some((place) => place.row === row && place.column === column);
  const cell = (row, number, column) => {
    const value = Object.hasOwn(row, column) ? row[column] : null;
    if (value === null) {
      return at(hidden, number, column) ? words.protected : at(totals, number, column) ? words.total : words.none;
    }
    return typeof value === "number" ? figure(value) : (own(own(view.values, column), String(value)) ?? String(value));
  };
  const heads = columns.map((column) => {
    const head = element("th", own(view.columns, column.name) ?? String(column.label ?? column.name));
    head.scope = "col";
    return head;
  });
  const lines = rows.map((row, number) => {
    const cells = columns.map((column) => {
      const made = element("td", cell(row, number, column.name));
      made.className = typeof row[column.name] === "number" ? "num" : "";
      return made;
    });
    return element("tr", ...cells);
  });
  const made = element(
    "table",
    element("caption", ok ? words.caption : words.untrusted),
    element("thead", element("tr", ...heads)),
    element("tbody", ...lines),
  );
  // a wide table scrolls within its own frame, also by keyboard
  const frame = element("div", made);
  frame.className = "tab";
  frame.tabIndex = 0;
  frame.setAttribute("role", "group");
  frame.setAttribute("aria-label", ok ? words.caption : words.untrusted);
  return frame;
}

/** A figure to two decimals; one that would be nothing then, as exact as it takes to read it. */
function figure(value) {
  const tiny = value !== 0 && Math.abs(value) < 0.01;
  return value.toLocaleString(lang, tiny ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 });
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
