/* Rows of a form: added and dropped in place, numbered anew, and summed where several scores share one scale. */

export function watchRows(form, whenAdded) {
  form.querySelectorAll("[data-rows]").forEach((list) => {
    list.addEventListener("click", (event) => {
      if (event.target.closest("[data-add]")) add(event, list, whenAdded);
      if (event.target.closest("[data-drop]")) drop(event, list);
    });
    list.querySelectorAll(".is-fixed").forEach(sum);
  });
}

/* Chinese keyboards type full-width digits. */
export function numberIn(text) {
  return Number(text.trim().replace(/[０-９．－＋]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)));
}

function add(event, list, whenAdded) {
  event.preventDefault();
  const number = Math.max(-1, ...cards(list).map((card) => Number(card.dataset.rowCard.split("-").at(-1)))) + 1;
  const copy = list.querySelector("template[data-blank]").content.cloneNode(true);
  copy.querySelectorAll("*").forEach((element) => fillNumber(element, number));
  const card = copy.querySelector("[data-row-card]");
  list.querySelector("[data-rows-here]").append(card);
  numberAnew(list);
  whenAdded(card);
  card.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function fillNumber(element, number) {
  for (const { name, value } of [...element.attributes]) {
    const filled = value.replace(/(^|[-:])__(?=$|[- ])/g, `$1${number}`);
    if (filled !== value) element.setAttribute(name, filled);
  }
}

function drop(event, list) {
  event.preventDefault();
  const card = event.target.closest("[data-row-card]"), next = card.nextElementSibling ?? card.previousElementSibling;
  card.remove();
  numberAnew(list);
  (next?.querySelector("input:not([type=hidden]), select, textarea") ?? list.querySelector("[data-add]")).focus();
  list.dispatchEvent(new Event("input", { bubbles: true }));
}

function numberAnew(list) {
  cards(list).forEach((card, place) => {
    card.querySelectorAll("[data-row-title]").forEach((title) => { title.textContent = `第 ${place + 1} 项`; });
  });
  list.querySelector("[data-add]").disabled = cards(list).length >= Number(list.dataset.most);
}

function cards(list) {
  return [...list.querySelectorAll("[data-row-card]")];
}

function sum(card) {
  const scores = [...card.querySelectorAll("input[data-number]")];
  if (scores.length < 2 || scores.some((score) => !score.dataset.number || score.dataset.number !== scores[0].dataset.number)) return;
  const total = Object.assign(document.createElement("span"), { className: "repeat-total" });
  const add = () => { total.textContent = `合计 ${scores.reduce((all, score) => all + (numberIn(score.value) || 0), 0)}`; };
  card.addEventListener("input", add);
  card.querySelector(".repeat-head").append(total);
  add();
}
