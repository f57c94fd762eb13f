// On the page of an answer: its address to copy and to cite, and its pictures as PNG, made here of the SVG that the page
// hands over. Without this the address is in the browser's own bar, and the pictures are there as SVG.

const address = location.origin + location.pathname;

for (const place of document.querySelectorAll("[data-address]")) {
  place.textContent = `, ${address}`;
}

const copy = document.querySelector("[data-copy]");
if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(address);
    document.querySelector("[data-copied]").hidden = false;
  });
}

/** How many pixels of the PNG there are to one of the drawing. */
const SCALE = 2;

async function png(link) {
  const picture = new Image();
  picture.src = link.href;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * SCALE;
  canvas.height = picture.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const file = document.createElement("a");
  file.href = URL.createObjectURL(blob);
  file.download = `${document.querySelector("h1").textContent.trim()}.png`;
  file.click();
  setTimeout(() => URL.revokeObjectURL(file.href), 10_000);
}

for (const link of document.querySelectorAll("a[data-picture]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--3";
  button.textContent = link.textContent.replace("SVG", "PNG");
  button.addEventListener("click", () => png(link));
  link.after(" ", button);
}
