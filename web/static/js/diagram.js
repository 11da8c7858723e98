// Makes a drawn diagram handier where scripts run: begins at the step where the case stands, and zooms.
// Without it the frame scrolls and everything can be read.

const STEPS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2];
const WHERE_IT_STANDS = [".is-mine", ".is-late", ".is-now", ".is-waiting"];

for (const frame of document.querySelectorAll("[data-drawing]")) enhance(frame);

function enhance(frame) {
  const drawing = frame.querySelector("svg.bpmn");
  if (!drawing) return;
  const size = { width: drawing.width.baseVal.value, height: drawing.height.baseVal.value };
  offerZoom(frame, size, (scale) => zoom(frame, drawing, size, scale));
  whenShown(frame, () => showWhereItStands(frame, drawing));
}

/** A drawing in a closed <details> has no size yet: look when it opens, once. */
function whenShown(frame, look) {
  const fold = frame.closest("details:not([open])");
  if (fold) fold.addEventListener("toggle", look, { once: true });
  else look();
}

/** Brings the innermost step that is being worked on to the middle of the frame; never scrolls the page. */
function showWhereItStands(frame, drawing) {
  const steps = WHERE_IT_STANDS.flatMap((state) => [...drawing.querySelectorAll(`.bpmn-step${state}`)]);
  const step = steps.find((found) => !found.querySelector(":scope > .area")) ?? steps[0];
  if (!step) return;
  const here = step.getBoundingClientRect();
  const view = frame.getBoundingClientRect();
  frame.scrollLeft += here.left + here.width / 2 - (view.left + view.width / 2);
  frame.scrollTop += here.top + here.height / 2 - (view.top + view.height / 2);
}

function offerZoom(frame, size, apply) {
  const words = frame.dataset;
  let step = STEPS.indexOf(1);
  const bar = document.createElement("div");
  bar.className = "drawing-zoom";
  const shown = document.createElement("output");
  const smaller = button("−", words.zoomOut ?? "缩小", () => turn(-1));
  const larger = button("+", words.zoomIn ?? "放大", () => turn(1));
  const whole = button("⤢", words.zoomFit ?? "看全图", () => fit());
  bar.append(whole, smaller, shown, larger);
  frame.before(bar);
  turn(0);

  function turn(by) {
    step = Math.min(Math.max(step + by, 0), STEPS.length - 1);
    smaller.disabled = step === 0;
    larger.disabled = step === STEPS.length - 1;
    shown.value = `${Math.round(STEPS[step] * 100)}%`;
    if (by) apply(STEPS[step]);
  }

  /** The whole drawing in the frame's width; the next step of the zoom begins at 100 % again. */
  function fit() {
    const scale = Math.min(1, frame.clientWidth / size.width);
    step = STEPS.indexOf(1);
    smaller.disabled = larger.disabled = false;
    shown.value = `${Math.round(scale * 100)}%`;
    apply(scale);
  }
}

function button(sign, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.setAttribute("aria-label", words);
  made.title = words;
  made.addEventListener("click", act);
  return made;
}

/** Resizes the drawing and keeps what is in the middle of the frame in the middle. */
function zoom(frame, drawing, size, scale) {
  const before = drawing.width.baseVal.value;
  const middle = { x: frame.scrollLeft + frame.clientWidth / 2, y: frame.scrollTop + frame.clientHeight / 2 };
  drawing.setAttribute("width", size.width * scale);
  drawing.setAttribute("height", size.height * scale);
  const ratio = (size.width * scale) / before;
  frame.scrollLeft = middle.x * ratio - frame.clientWidth / 2;
  frame.scrollTop = middle.y * ratio - frame.clientHeight / 2;
}
