/* What was typed is not lost: the draft keeps itself a moment after the last key, and leaving unsaved is asked about. */

const PAUSE = 3000, AGAIN = 8000;

export function keepDraft(form) {
  const state = { changed: false, timer: 0 };
  const note = form.querySelector("[data-draft-note]");
  const changed = () => {
    state.changed = true;
    clearTimeout(state.timer);
    if (form.dataset.draftUrl) state.timer = setTimeout(() => save(form, note, state), PAUSE);
  };
  const typed = (event) => { if (event.target.name) changed(); };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  if (hasUnsaved(form)) changed();
  form.addEventListener("form:sent", () => { form.dataset.sent = "true"; state.changed = false; clearTimeout(state.timer); });
  window.addEventListener("online", () => {
    clearTimeout(state.timer);
    if (state.changed && form.dataset.draftUrl) save(form, note, state);
  });
  window.addEventListener("beforeunload", (event) => { if (state.changed || hasNewFiles(form)) event.preventDefault(); });
}

async function save(form, note, state) {
  state.changed = false;
  try {
    const reply = await fetch(form.dataset.draftUrl, { method: "POST", body: texts(form), headers: { "X-CSRFToken": token(form), Accept: "application/json" } });
    if (!reply.ok) throw Object.assign(new Error(), { status: reply.status });
    delete form.dataset.signedOut;
    note.textContent = `草稿已自动保存 ${clock()}${hasNewFiles(form) ? "，文件在提交或存草稿时上传" : ""}`;
  } catch (problem) {
    state.changed = true;
    clearTimeout(state.timer);
    const { status = 500 } = problem, isSignedOut = status === 401;
    if (isSignedOut) form.dataset.signedOut = "true";
    if ((isSignedOut || status >= 500) && !form.dataset.sent) state.timer = setTimeout(() => save(form, note, state), AGAIN);
    note.textContent = isSignedOut ? "登录已过期，草稿没有存上。请在另一个窗口登录，这里填写的会接着保存" : "草稿没有存上，网络恢复后会再存；也可以按“存草稿”";
  }
}

/* On a slow line a person types before the scripts have come, and a reload puts back what was typed: that is unsaved too. */
function hasUnsaved(form) {
  return [...form.elements].some((control) => control.name && differs(control));
}

function differs(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) return control.selectedIndex !== Math.max(0, [...control.options].findIndex((option) => option.defaultSelected));
  return ["text", "date", "number", "tel", "textarea"].includes(control.type) && control.value !== control.defaultValue;
}

function texts(form) {
  const kept = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") kept.append(name, value);
  return kept;
}

export function token(form) {
  return document.querySelector("meta[name=csrf-token]")?.content ?? form.elements.csrf_token?.value ?? "";
}

function hasNewFiles(form) {
  return !form.dataset.sent && [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);
}

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}
