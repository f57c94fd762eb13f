// The form of a proposal keeps what is filled in by itself, reads a file once it is chosen, and shows of a column only what
// its kind asks for. Without this its buttons do the same.

const form = document.querySelector("form[data-compose]");
const said = form.querySelector("[data-kept]");
const WAIT = 1500;
let waiting;
let sending = Promise.resolve();

/** Sends the form as it is, without files; the server keeps it for whoever is signed in. */
async function keep() {
  const sent = new FormData(form);
  sent.delete("file");
  sent.set("what", "autosave");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
    if (answer.status === 204) {
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      said.textContent = `${said.dataset.kept} ${time.format(new Date())}.`;
    }
  } catch {
    // the buttons keep it too
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    sending = sending.then(keep);
  }, WAIT);
}

/** Shows of a column what its kind asks for. */
function fit(card) {
  const role = card.querySelector("input[type=radio]:checked")?.value;
  for (const kind of ["dimension", "measure", "withheld"]) {
    card.querySelector(`.if-${kind}`).hidden = role !== kind;
  }
}

for (const card of form.querySelectorAll(".card:has(.if-dimension)")) {
  fit(card);
  card.addEventListener("change", () => fit(card));
}
form.addEventListener("input", (event) => {
  if (event.target.type !== "file") later();
});
form.addEventListener("submit", () => clearTimeout(waiting));
