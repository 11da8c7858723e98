/* Small helps that the pages do without: clocks that run on, keys, the demo filter. */

const MINUTE = 60_000, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

start();

function start() {
  keepClocks();
  listenForKeys();
  document.querySelectorAll("[data-filter]").forEach(filterAsTyped);
  foldOnPhones();
}

/* On a phone the form should not lie below a long matter: it opens with one touch. */

function foldOnPhones() {
  if (matchMedia("(max-width: 767px)").matches) {
    document.querySelectorAll("details[data-fold]").forEach((part) => { part.open = false; });
  }
}

/* Clocks. The server's clock counts, not this computer's; words the server chose stay until the last day. */

function keepClocks() {
  const said = Date.parse(document.querySelector("meta[name=server-time]")?.content ?? "");
  const ahead = Number.isNaN(said) ? 0 : said - Date.now();
  const clocks = [...document.querySelectorAll("[data-due]")];
  const tick = () => clocks.forEach((clock) => showTimeLeft(clock, Date.now() + ahead));
  if (clocks.length === 0 || Number.isNaN(said)) return;
  tick();
  setInterval(tick, 1000);
}

function showTimeLeft(clock, now) {
  const left = Date.parse(clock.dataset.due) - now;
  if (Math.abs(left) >= DAY) return;
  const words = left < 0 ? `超 ${lengthInWords(-left)}` : `还剩 ${lengthInWords(left)}`;
  if (clock.textContent !== words) clock.textContent = words;
  if (left < 0) turnRed(clock.closest(".light"));
}

function lengthInWords(length) {
  const hours = Math.floor(length / HOUR), minutes = Math.floor((length % HOUR) / MINUTE);
  if (hours > 0) return minutes > 0 ? `${hours} 小时 ${minutes} 分` : `${hours} 小时`;
  const seconds = Math.floor((length % MINUTE) / 1000);
  return minutes > 0 ? `${minutes} 分 ${String(seconds).padStart(2, "0")} 秒` : `${seconds} 秒`;
}

function turnRed(light) {
  if (!light || light.classList.contains("light-red")) return;
  light.className = "light light-red";
  const use = light.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#alert-triangle"));
}

/* Keys: / search, j k move, Enter opens (the link has the focus), ? help. */

function listenForKeys() {
  document.querySelectorAll("[data-open]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => toggle(document.getElementById(button.dataset.open)));
  });
  const acts = { "/": focusSearch, "?": () => toggle(document.getElementById("keys")), j: () => move(1), k: () => move(-1) };
  document.addEventListener("keydown", (event) => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    act();
  });
}

function isTyping(target) {
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function focusSearch() {
  document.querySelector("input[type=search]")?.focus();
}

function toggle(dialog) {
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function move(step) {
  const links = [...document.querySelectorAll("[data-row] .row-link")];
  const here = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, here + step))]?.focus();
}

/* The demo's people, narrowed as one types; groups without anyone left go too. */

function filterAsTyped(box) {
  const people = document.querySelector(box.dataset.filter);
  box.closest("[data-filter-box]").hidden = false;
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    people.querySelectorAll("[data-filter-item]").forEach((item) => {
      item.hidden = !`${item.dataset.filterText ?? ""} ${item.textContent}`.toLowerCase().includes(wanted);
    });
    const groups = [...people.querySelectorAll("[data-filter-group]")];
    groups.forEach((group) => { group.hidden = !group.querySelector("[data-filter-item]:not([hidden])"); });
    people.querySelector("[data-filter-none]").hidden = groups.some((group) => !group.hidden);
  });
}
