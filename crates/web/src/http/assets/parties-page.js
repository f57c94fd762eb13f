// Shows, while a name is typed, the short name that will be made of it. The server makes it again and has the last word.
//
//   <form data-slug-from="ID of the name's field" data-slug-to="ID of the short name's field">

const LETTERS = { æ: "ae", đ: "d", ð: "d", ħ: "h", ı: "i", ĳ: "ij", ł: "l", ø: "o", œ: "oe", ß: "ss", þ: "th", "'": "", "’": "" };
const LONGEST = 40;

/** A name as an id: letters without accents, digits, hyphens. */
export function slug(name) {
  const folded = name.toLowerCase().replaceAll(/[æđðħıĳłøœßþ'’]/gu, (letter) => LETTERS[letter]);
  const plain = folded.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll(/[^a-z0-9]+/gu, "-");
  const id = plain.replaceAll(/^-+|-+$/gu, "").slice(0, LONGEST).replaceAll(/-+$/gu, "");
  return /^[a-z]/u.test(id) ? id : `partner-${id}`.replaceAll(/-+$/gu, "");
}

for (const form of document.querySelectorAll("form[data-slug-from]")) {
  const from = document.getElementById(form.dataset.slugFrom);
  const to = document.getElementById(form.dataset.slugTo);
  const show = () => {
    to.placeholder = from.value.trim() === "" ? "" : slug(from.value);
  };
  from.addEventListener("input", show);
  show();
}
