/* Comfort for a form that works without it: opens what a button needs, adds rows, counts, asks, keeps the draft. */

import { keepDraft } from "./drafts.js";
import { watchFiles } from "./previews.js";
import { numberIn, watchRows } from "./repeat.js";

const form = document.querySelector("form[data-form]");
if (form) start(form);

function start(form) {
  form.classList.add("is-scripted");
  const outcomes = followOutcomes(form);
  const show = () => showWhatIsAsked(form, outcomes.current);
  outcomes.whenChanged(show);
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
  enrich(form);
  watchRows(form, (card) => { enrich(card); show(); });
  keepDraft(form);
  sendOnce(form, outcomes);
  form.addEventListener("keydown", refuseEnter);
  guideToErrors(form);
}

function enrich(part) {
  part.querySelectorAll("[data-count]").forEach(countSigns);
  part.querySelectorAll("select").forEach(offerFilter);
  part.querySelectorAll("input[data-files]").forEach(watchFiles);
}

/* Outcomes. The first button's questions stand open; those of another open when it is first pressed. */

function followOutcomes(form) {
  const buttons = [...form.querySelectorAll("button[name=outcome]:not([tabindex])")];
  const outcomes = { current: form.dataset.pressed || buttons[0]?.value, listeners: [] };
  outcomes.whenChanged = (listener) => outcomes.listeners.push(listener);
  outcomes.turnTo = (key) => {
    outcomes.current = key;
    buttons.forEach((button) => makeFirst(button, button.value === key));
    outcomes.listeners.forEach((listener) => listener());
  };
  return outcomes;
}

function makeFirst(button, first) {
  if (button.classList.contains("btn-danger")) return;
  button.classList.toggle("btn-primary", first);
  button.classList.toggle("btn-plain", !first);
}

function showWhatIsAsked(form, outcome) {
  for (const part of form.querySelectorAll("[data-outcomes], [data-hide-key]")) {
    const asked = !part.dataset.outcomes || part.dataset.outcomes.split(",").includes(outcome);
    part.hidden = !asked || isHiddenByAnswer(form, part);
  }
  for (const group of form.querySelectorAll("fieldset.form-section")) {
    if (group.dataset.outcomes || group.dataset.hideKey) continue;
    const parts = [...group.children].filter((part) => part.matches(".field, hr"));
    group.hidden = parts.length > 0 && parts.every((part) => part.hidden);
  }
}

/* Conditions: `key op literal`, with the server's null logic. A question that is itself hidden counts as unanswered. */

function isHiddenByAnswer(form, part) {
  const { hideKey: key, hideOp: op, hideValue } = part.dataset;
  if (!key) return false;
  const literal = JSON.parse(hideValue);
  const answer = answerOf(form, part, key, typeof literal);
  if (answer === null || literal === null) return op === "=" ? answer === literal : op === "!=" && answer !== literal;
  if (typeof answer !== typeof literal) return false;
  const holds = { "=": answer === literal, "!=": answer !== literal, "<": answer < literal, "<=": answer <= literal, ">": answer > literal, ">=": answer >= literal };
  return holds[op];
}

function answerOf(form, part, key, kind) {
  const row = part.closest("[data-row-card]")?.dataset.rowCard;
  const named = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  const controls = [row && named(`${row}-${key}`), named(key)].find((found) => found?.length) ?? [];
  if (controls.length === 0 || controls[0].closest("[hidden]")) return controls[0]?.type === "checkbox" ? false : null;
  if (controls[0].type === "checkbox") return controls[0].checked;
  const text = (controls[0].type === "radio" ? controls.find((one) => one.checked)?.value : controls[0].value)?.trim();
  if (!text) return null;
  return kind === "number" ? numberIn(text) : text;
}

/* Sending: open first, then ask, then send once. */

function sendOnce(form, outcomes) {
  let agreed = null, sent = false;
  window.addEventListener("pageshow", () => { sent = false; });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (sent) return event.preventDefault();
    if (!navigator.onLine) return stay(event, form, "网络断开，还没有提交。填写的内容都在，网络恢复后请再按一次。");
    if (form.dataset.signedOut) return stay(event, form, "登录已过期，还没有提交。填写的内容都在：请在另一个窗口登录，看到“草稿已自动保存”后再按一次。");
    if (button?.name === "outcome" && opensMore(form, button, outcomes)) return event.preventDefault();
    if (button?.dataset.ask && agreed !== button) {
      event.preventDefault();
      return ask(button).then((yes) => { if (yes) { agreed = button; form.requestSubmit(button); } });
    }
    sent = true;
    form.dispatchEvent(new CustomEvent("form:sent"));
  });
}

/* Without a line or a visit the browser would leave for another page, and what was typed since the last draft with it. */
function stay(event, form, words) {
  event.preventDefault();
  form.querySelector("[data-next]").textContent = words;
}

function opensMore(form, button, outcomes) {
  if (outcomes.current === button.value) return false;
  const open = () => [...form.querySelectorAll("[data-outcomes]")].filter(isOpen);
  const before = new Set(open());
  outcomes.turnTo(button.value);
  const fresh = open().find((part) => !before.has(part));
  if (!fresh) return false;
  form.querySelector("[data-next]").textContent = `请先填写这里要求的内容，再按“${button.textContent.trim()}”。`;
  focusOn(fresh.querySelector("input:not([type=hidden]), select, textarea") ?? fresh);
  return true;
}

function isOpen(part) {
  return !part.closest("[hidden]");
}

function ask(button) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  dialog.setAttribute("aria-labelledby", "ask-words");
  const words = Object.assign(document.createElement("p"), { id: "ask-words", textContent: button.dataset.ask });
  const acts = Object.assign(document.createElement("form"), { className: "acts", method: "dialog" });
  acts.append(choice(button.textContent.trim(), button.className, "yes"), choice("再想想", "btn btn-quiet", "no"));
  dialog.append(words, acts);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => {
    answer(dialog.returnValue === "yes");
    dialog.remove();
  }));
}

function choice(words, look, value) {
  return Object.assign(document.createElement("button"), { textContent: words, className: look, value });
}

function refuseEnter(event) {
  if (event.key === "Enter" && event.target.matches("input:not([type=submit], [type=button], [type=file])")) event.preventDefault();
}

/* Counters, long lists, and the way from an error to its field. */

function countSigns(note) {
  const field = document.getElementById(note.dataset.count), most = Number(note.dataset.most);
  const count = () => {
    const signs = [...field.value.trim().replaceAll("\r\n", "\n")].length;
    note.hidden = signs < most * 0.8;
    note.classList.toggle("is-over", signs > most);
    note.textContent = signs > most ? `多了 ${signs - most} 个字` : `还可写 ${most - signs} 个字`;
  };
  field.addEventListener("input", count);
  count();
}

function offerFilter(select) {
  const options = [...select.options].slice(1);
  if (options.length < 15 || select.dataset.filtered) return;
  select.dataset.filtered = "true";
  const label = document.querySelector(`label[for="${select.id}"]`)?.firstChild?.textContent ?? "";
  const filter = Object.assign(document.createElement("input"), { type: "search", className: "form-control select-filter", placeholder: "输入几个字，缩小下面的名单", autocomplete: "off" });
  filter.setAttribute("aria-label", `筛选${label}`);
  const places = options.map((option) => ({ option, home: option.parentElement }));
  filter.addEventListener("input", (event) => {
    event.stopPropagation();
    narrow(select, places, filter.value.trim().toLowerCase());
  });
  select.before(filter);
}

function narrow(select, places, words) {
  for (const { option, home } of places) {
    if (option.textContent.toLowerCase().includes(words) || option.selected) home.append(option);
    else option.remove();
  }
  for (const group of select.querySelectorAll("optgroup")) group.hidden = group.children.length === 0;
}

function guideToErrors(form) {
  const summary = form.querySelector("#form-errors");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const target = document.getElementById(event.target.closest("a")?.hash.slice(1) ?? "");
    if (!target) return;
    event.preventDefault();
    focusOn(target);
  });
}

function focusOn(target) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  (target.closest(".field") ?? target).scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  target.focus({ preventScroll: true });
}
