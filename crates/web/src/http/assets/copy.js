// Buttons that copy a text of the page, so that nobody has to select a long link.
//
//   <button type="button" data-copy="ID of the text" data-copied="what is said then" hidden>…</button>
//   <output aria-live="polite" data-copy-said></output>   beside it, in the same element

/** Copies where the browser lets a page write to the clipboard; else selects the text, for the visitor to copy. */
async function copy(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  try {
    // only on pages that came over https or from this machine
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copy-said]");
  if (text !== null && said !== null) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.replaceChildren((await copy(text)) ? button.dataset.copied : "");
    });
  }
}
