/* Chosen files shown before they are sent: their names and sizes, and pictures drawn small. */

const WIDTH = 96, HEIGHT = 72;

export function watchFiles(input) {
  const list = Object.assign(document.createElement("ul"), { className: "previews" });
  list.setAttribute("aria-live", "polite");
  input.after(list);
  input.addEventListener("change", () => list.replaceChildren(...[...input.files].map(preview)));
}

function preview(file) {
  const item = document.createElement("li");
  item.textContent = `${file.name}（${size(file.size)}）`;
  if (file.type.startsWith("image/")) drawSmall(file).then((picture) => item.prepend(picture), () => {});
  return item;
}

/* On a canvas, because the page's policy lets no picture in from elsewhere, not even from the file itself. */
async function drawSmall(file) {
  const picture = await createImageBitmap(file);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH * 2, height: HEIGHT * 2 });
  const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const width = picture.width * scale, height = picture.height * scale;
  canvas.getContext("2d").drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  return canvas;
}

function size(bytes) {
  return bytes >= 2 ** 20 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 2 ** 10))} KB`;
}
