// Making or loading a party's key, and signing with it, in the browser. The private key never leaves it.
//
//   <fieldset data-party-key data-party="ID" hidden>  a section or form will do too; data-public-key: the key on record
//     <input type="hidden" name="public_key">         is filled in once the key is kept
//     <button type="button" data-make>…</button>      optional, as is data-export: without them a key is only loaded
//     <input type="file" data-load>                   of the command line, or an encrypted copy
//     <input type="password" data-passphrase>         needs a label; has no name, so that it is never sent
//     <button type="button" data-export>…</button>    saves the encrypted copy
//     <code data-public-key-text></code>              optional
//     <output aria-live="polite"></output>
//   </fieldset>
//
//   <form data-sign data-party="ID" data-statement-field="ELEMENT-ID" [data-public-key="ed25519:…"]>
//     <textarea id="ELEMENT-ID" readonly>…</textarea> the exact text to sign; a pre will do too
//     <input name="signature">                        text, so that a signature of the command line can be pasted; or hidden
//     <button type="button" data-sign-now hidden>…</button>
//     <button type="submit">…</button>                waits for a signature, and is pressed once it is made here
//     <output aria-live="polite"></output>
//   </form>
//
// A key that is made is kept only after its copy was saved: later it cannot be read out any more.

import { KeyFault, decrypt, encrypt, fromLine, fromSeed, isEncrypted, isSignedBy, keep, kept, make, sign } from "./keys.js";

/** A file with a key is a few hundred bytes. */
const LARGEST = 16 << 10;

const WORDS = {
  nl: {
    has: "In deze browser staat een sleutel voor deze partner.",
    other: "In deze browser staat een andere sleutel dan die bij deze partner bekend is.",
    "in-order": "In deze browser staat een sleutel voor deze partner. Het is de goede.",
    checked: "De sleutel is geladen en staat nu in deze browser. Het is de goede sleutel voor deze partner.",
    "other-file": "In dit bestand staat een andere sleutel dan die van deze partner. Er is niets geladen. Kies een ander bestand.",
    empty: "In deze browser staat nog geen sleutel voor deze partner.",
    busy: "Even geduld…",
    replace: "Er staat al een sleutel in deze browser. Druk nog een keer om die te vervangen.",
    made: "De sleutel is gemaakt, maar nog niet bewaard. Kies een wachtzin en sla eerst een kopie op. Later kan dat niet meer.",
    saved: "De kopie is opgeslagen en de sleutel staat nu in deze browser. Bewaar het bestand en de wachtzin op verschillende plekken.",
    loaded: "De sleutel is geladen en staat nu in deze browser. Zolang u op deze pagina blijft, kunt u nog een kopie opslaan.",
    passphrase: "Dit bestand is versleuteld. Vul de wachtzin in en kies het bestand opnieuw.",
    nothing: "Er is niets om op te slaan. Maak eerst een sleutel, of laad er een.",
    signed: "Ondertekend. Het wordt verstuurd.",
    unsigned: "De tekst is veranderd. Onderteken opnieuw.",
    "no-key-here": "In deze browser staat geen sleutel voor deze partner. Maak of laad er eerst een.",
    "other-key": "De sleutel in deze browser is niet die van deze partner. Laad de goede sleutel.",
    "no-statement": "Er is geen tekst om te ondertekenen.",
    "no-key": "Dit is geen sleutel.",
    "no-key-file": "Dit is geen bestand met een sleutel, of er is iets in veranderd.",
    "wrong-passphrase": "De wachtzin is niet goed, of er is iets in het bestand veranderd.",
    "short-passphrase": "Neem een wachtzin van ten minste 12 tekens, zoals vier woorden.",
    "no-ed25519": "Deze browser kan niet ondertekenen. Neem een nieuwere browser.",
    "no-crypto": "De browser kan dit alleen op een pagina die via https komt.",
    "no-storage": "Deze browser bewaart niets, bijvoorbeeld in een privévenster.",
    failed: "Dit lukte niet. Er is niets veranderd.",
  },
  en: {
    has: "This browser has a key for this partner.",
    other: "This browser has another key than the one on record for this partner.",
    "in-order": "This browser has a key for this party. It is the right one.",
    checked: "The key is loaded and is in this browser now. It is the right key for this party.",
    "other-file": "The key in this file is not this party's. Nothing was loaded. Choose another file.",
    empty: "This browser has no key for this partner yet.",
    busy: "One moment…",
    replace: "There is a key in this browser already. Press once more to replace it.",
    made: "The key is made but not kept yet. Choose a passphrase and save a copy first. Later that is not possible.",
    saved: "The copy is saved and the key is in this browser now. Keep the file and the passphrase in different places.",
    loaded: "The key is loaded and is in this browser now. As long as you stay on this page you can save a copy.",
    passphrase: "This file is encrypted. Type the passphrase and choose the file again.",
    nothing: "There is nothing to save. Make a key first, or load one.",
    signed: "Signed. It is being sent.",
    unsigned: "The text was changed. Sign again.",
    "no-key-here": "This browser has no key for this partner. Make or load one first.",
    "other-key": "The key in this browser is not this partner's. Load the right key.",
    "no-statement": "There is no text to sign.",
    "no-key": "This is no key.",
    "no-key-file": "This is no file with a key, or something in it was changed.",
    "wrong-passphrase": "The passphrase is not right, or something in the file was changed.",
    "short-passphrase": "Take a passphrase of at least 12 characters, such as four words.",
    "no-ed25519": "This browser cannot sign. Take a newer browser.",
    "no-crypto": "The browser can only do this on a page that came over https.",
    "no-storage": "This browser keeps nothing, for instance in a private window.",
    failed: "This did not work. Nothing was changed.",
  },
};

const words = WORDS[document.documentElement.lang.startsWith("en") ? "en" : "nl"];

// what only whoever has no scripts needs at hand
for (const fold of document.querySelectorAll("details[data-open-without-scripts]")) {
  fold.open = fold.querySelector("input:not([value=''])") !== null;
}
for (const section of document.querySelectorAll("[data-party-key]")) {
  keySection(section);
}
for (const form of document.querySelectorAll("form[data-sign]")) {
  signForm(form);
}

function keySection(section) {
  const { party, publicKey: onRecord } = section.dataset;
  const find = (selector) => section.querySelector(selector);
  const [field, output, shown] = [find("input[name=public_key]"), find("output"), find("[data-public-key-text]")];
  const [makeButton, loadInput, exportButton] = [find("[data-make]"), find("input[data-load]"), find("[data-export]")];
  const passphrase = find("input[data-passphrase]");
  if (!party || [field, output, loadInput, passphrase].includes(null)) {
    return;
  }
  // what stands in these is never sent, whatever form they are in
  for (const secret of [passphrase, loadInput]) {
    secret.removeAttribute("name");
  }
  // the key whose seed can still be saved, and whether it is in the browser already
  let fresh;
  let mayReplace = false;
  const say = saying(output);
  const attempt = attempting(say);
  // a form that puts the key in the party's name waits for one that is kept
  const submit = field.form?.querySelector("button[type=submit]");
  const mayGo = () => {
    if (submit !== null && submit !== undefined && !submit.form.hasAttribute("data-sign")) {
      submit.disabled = field.value === "";
    }
  };
  const show = (key) => {
    field.value = key.publicKey;
    mayGo();
    shown?.replaceChildren(key.publicKey);
    // so that a page can react, such as a signing form beside it
    section.dispatchEvent(new CustomEvent("zwerm-key", { bubbles: true }));
  };
  const isOther = (key) => onRecord !== undefined && key.publicKey !== onRecord;
  const take = (key) => {
    fresh?.seed.fill(0);
    fresh = key;
    if (exportButton !== null) {
      exportButton.disabled = false;
    }
    mayReplace = false;
  };
  const makeNew = async () => {
    if (!mayReplace && (fresh !== undefined || (await kept(party)) !== undefined)) {
      mayReplace = true;
      return "replace";
    }
    take(await make());
    // until its copy is saved no key goes on: neither this one nor one of before
    field.value = "";
    shown?.replaceChildren("");
    mayGo();
    passphrase.focus();
    return "made";
  };
  const loadFile = async () => {
    const [file] = loadInput.files;
    if (file === undefined) {
      return undefined;
    }
    const text = file.size > LARGEST ? "" : await file.text();
    loadInput.value = "";
    if (isEncrypted(text) && passphrase.value === "") {
      passphrase.focus();
      return "passphrase";
    }
    const seed = isEncrypted(text) ? await decrypt(text, passphrase.value) : fromLine(text);
    const key = await fromSeed(seed);
    if (isOther(key)) {
      return "other-file";
    }
    await keep(party, key);
    take(key);
    passphrase.value = "";
    show(key);
    forgetOldErrors();
    return onRecord === undefined ? "loaded" : "checked";
  };
  const save = async () => {
    if (fresh === undefined) {
      return "nothing";
    }
    download(`zwerm-${party}.key.json`, await encrypt(fresh.seed, fresh.publicKey, passphrase.value));
    await keep(party, fresh);
    show(fresh);
    forgetOldErrors();
    fresh.seed.fill(0);
    fresh = undefined;
    passphrase.value = "";
    exportButton.disabled = true;
    return "saved";
  };
  makeButton?.addEventListener("click", () => attempt(makeNew));
  loadInput.addEventListener("change", () => attempt(loadFile));
  exportButton?.addEventListener("click", () => attempt(save));
  // Enter would send the form that the section is in
  passphrase.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (exportButton !== null) {
        attempt(save);
      }
    }
  });
  if (exportButton !== null) {
    exportButton.disabled = true;
  }
  section.hidden = false;
  mayGo();
  attempt(async () => {
    const key = await kept(party);
    if (key === undefined || isOther(key)) {
      // whoever needs it must not look for it
      section.closest("details")?.setAttribute("open", "");
      return key === undefined ? "empty" : "other";
    }
    show(key);
    return onRecord === undefined ? "has" : "in-order";
  });
}

function signForm(form) {
  const { party, statementField, publicKey: onRecord } = form.dataset;
  const statement = document.getElementById(statementField);
  const field = form.querySelector("input[name=signature]");
  const output = form.querySelector("output");
  const submit = form.querySelector("button[type=submit], input[type=submit]");
  const button = form.querySelector("button[data-sign-now]");
  if (!party || [statement, field, output, submit, button].includes(null)) {
    return;
  }
  const say = saying(output);
  const attempt = attempting(say);
  const text = () => ("value" in statement ? statement.value : statement.textContent);
  const mayGo = () => {
    submit.disabled = field.value.trim() === "";
  };
  const signNow = async () => {
    const signedText = text();
    if (signedText === "") {
      return "no-statement";
    }
    const key = await kept(party);
    if (key === undefined) {
      return "no-key-here";
    }
    if (onRecord && key.publicKey !== onRecord) {
      return "other-key";
    }
    const bytes = new TextEncoder().encode(signedText);
    const signature = await sign(key.privateKey, bytes);
    if (!(await isSignedBy(key.publicKey, signature, bytes))) {
      return "failed";
    }
    if (text() !== signedText) {
      return "unsigned";
    }
    field.value = signature;
    forgetOldErrors();
    mayGo();
    // once: a second press would send the same decision again
    button.disabled = true;
    form.requestSubmit(submit);
    return "signed";
  };
  button.addEventListener("click", () => attempt(signNow));
  field.addEventListener("input", mayGo);
  statement.addEventListener("input", () => {
    if (field.value !== "") {
      field.value = "";
      say("unsigned");
    }
    mayGo();
  });
  addEventListener("pageshow", () => {
    button.disabled = false;
  });
  button.hidden = false;
  mayGo();
}

/** What the site said of an earlier try is over once it goes well. */
function forgetOldErrors() {
  document.getElementById("told")?.remove();
}

/** Says something in words; nothing, when there is nothing to say. */
function saying(output) {
  return (code) => output.replaceChildren(code === undefined ? "" : (words[code] ?? words.failed));
}

/** Runs one act after another, and says what came of each. */
function attempting(say) {
  let last = Promise.resolve();
  return (act) => {
    last = last.then(async () => {
      say("busy");
      try {
        say(await act());
      } catch (error) {
        say(error instanceof KeyFault ? error.code : "failed");
      }
    });
    return last;
  };
}

/** Hands a text to the visitor as a file; it goes nowhere else. */
function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  // the browser needs the address a little longer than this turn
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
