// The form of a question, easier: what was chosen is looked at as one chooses, a word of the code book goes into the SQL,
// Ctrl+Enter asks, and no more dimensions can be chosen than agreed. Without this the form does the same by its buttons.

const form = document.querySelector("form[data-ask]");
const sql = form.elements.sql;
const WAIT = 250;
let waiting;
let looking;

function counts(value) {
  form.querySelector(`[name=counts][value=${value}]`).checked = true;
}

/** The dimensions that are used: divided by, or about some of whose values the question is. */
function used() {
  const names = [...form.querySelectorAll("[name=by]:checked")].map((box) => box.value);
  const only = [...form.querySelectorAll("[name=only]:checked")].map((box) => box.value.slice(0, box.value.indexOf("=")));
  return new Set([...names, ...only]);
}

/** Keeps a dimension too many from being chosen. */
function limit() {
  const most = Number(form.querySelector("#by").dataset.most);
  const now = used();
  for (const box of form.querySelectorAll("[name=by], [name=only]")) {
    const name = box.name === "by" ? box.value : box.value.slice(0, box.value.indexOf("="));
    box.disabled = !box.checked && now.size >= most && !now.has(name);
  }
}

/** Has the server look at what is chosen, and shows what it says. */
async function look() {
  looking?.abort();
  looking = new AbortController();
  const sent = new URLSearchParams(new FormData(form));
  sent.set("what", "look");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, signal: looking.signal });
    if (!answer.ok) return;
    show(new DOMParser().parseFromString(await answer.text(), "text/html"), sent);
  } catch {
    // the button does the same
  }
}

function show(page, sent) {
  const preview = page.querySelector("#preview");
  if (!preview) return;
  document.querySelector("#preview").replaceWith(document.adoptNode(preview));
  // what somebody wrote is never written over: only choices that counted, and count, become SQL
  const chosen = sent.get("counts") === "choose" && form.elements.counts.value === "choose";
  if (!chosen || page.querySelector("#told") || sql.value !== sent.get("sql").replaceAll("\r\n", "\n")) return;
  for (const name of ["sql", "shown_sql", "shown_choice"]) {
    form.elements[name].value = page.querySelector(`[name=${name}]`).value;
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT);
}

/** Puts a word where the cursor is. */
function insert(word) {
  const before = sql.value.slice(0, sql.selectionStart);
  const space = before === "" || /[\s(,=]$/u.test(before) ? "" : " ";
  sql.setRangeText(space + word, sql.selectionStart, sql.selectionEnd, "end");
  sql.dispatchEvent(new Event("input", { bubbles: true }));
  sql.focus();
}

function makeButtons() {
  const book = form.querySelector("[data-code-book]");
  for (const code of book.querySelectorAll("[data-insert]")) {
    if (code.closest("summary")) {
      // a button in a summary would be one control in another
      const button = wordButton(code.dataset.insert);
      code.closest("details").querySelector("dl").before(button);
      continue;
    }
    code.replaceWith(wordButton(code.dataset.insert));
  }
  book.querySelector("[data-clicks]").hidden = false;
}

function wordButton(word) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "word";
  button.textContent = word;
  button.addEventListener("click", () => insert(word));
  return button;
}

form.addEventListener("change", (event) => {
  if (event.target === sql) return;
  limit();
  later();
});
sql.addEventListener("input", () => {
  counts("sql");
  later();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=ask]"));
  }
});
makeButtons();
limit();
document.querySelector("#told")?.focus();
