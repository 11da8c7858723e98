/* Matters like what is being typed, asked for a moment after the last key. The form itself is left alone. */

import { token } from "./drafts.js";

const PAUSE = 700;

const panel = document.querySelector("[data-similar-url]");
const form = document.querySelector("form[data-form]");
if (panel && form) watch(panel, form);

function watch(panel, form) {
  const names = panel.dataset.similarFields.split(" ");
  const state = { timer: 0, asked: told(form, names).toString(), asking: null };
  panel.classList.add("is-watching");
  panel.querySelector("[data-similar-check]").hidden = true;
  say(panel);
  form.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(state.timer);
    state.timer = setTimeout(() => ask(panel, form, told(form, names), state), PAUSE);
  });
}

/* Only the last answer counts. Without one the button of those who have no scripts takes over. */
async function ask(panel, form, body, state) {
  if (body.toString() === state.asked) return;
  state.asked = body.toString();
  state.asking?.abort();
  state.asking = new AbortController();
  try {
    const reply = await fetch(panel.dataset.similarUrl, { method: "POST", body, headers: { "X-CSRFToken": token(form) }, signal: state.asking.signal });
    if (!reply.ok || reply.redirected) throw new Error();
    panel.querySelector("[data-similar-found]").innerHTML = await reply.text();
    say(panel);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    state.asked = null;
    panel.querySelector("[data-similar-check]").hidden = false;
  }
}

/* How many, in a few words: read out, and what a phone shows of the folded list. */
function say(panel) {
  const said = panel.querySelector("[data-said]")?.dataset.said ?? "";
  const note = panel.querySelector("[data-similar-said]");
  if (note.textContent !== said) note.textContent = said;
  panel.classList.toggle("has-found", said !== "");
}

function told(form, names) {
  return new URLSearchParams(names.map((name) => [name, form.elements[name]?.value ?? ""]));
}
