// A file that is chosen is read at once; without this the button does it.
//
//   <input type="file">                    in the same form as
//   <button type="submit" data-read>…</button>

for (const button of document.querySelectorAll("button[data-read]")) {
  const file = button.form.querySelector("input[type=file]");
  file.addEventListener("change", () => {
    if (file.files.length > 0) button.form.requestSubmit(button);
  });
}
