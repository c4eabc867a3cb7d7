// The drawing pad: the pen, and what the network says about the drawing.
// First the drawing as cells, then one function for each part on the screen, last `render`.

export const SIDE = 64; // cells on each side, as in digit_pad.py
const PEN = 3.3; // radius of the pen, in cells
const STRIDE = 2; // cells that an arrow key moves the cursor
const PATIENCE = 4000; // milliseconds to wait for the kernel before saying so
const PAPER = "#000";
const INK = "#fff";
const CURSOR = "#e69f00";

// ---- The drawing ----------------------------------------------------------------------------

/** One bit a cell, row by row, the first cell in the highest bit: what the kernel gets. */
export function pack(cells) {
  const bytes = new Uint8Array(cells.length / 8);
  cells.forEach((cell, i) => (bytes[i >> 3] |= cell << (7 - (i & 7))));
  return new DataView(bytes.buffer);
}

/** The cells of a packed drawing: 0 for paper, 1 for ink. */
export function unpack(view) {
  const cells = new Uint8Array(SIDE * SIDE);
  return cells.map((_, i) => (view.getUint8(i >> 3) >> (7 - (i & 7))) & 1);
}

export function sameDrawing(one, other) {
  const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const [left, right] = [bytes(one), bytes(other)];
  return left.every((byte, i) => byte === right[i]);
}

/** Put ink on every cell that a round pen covers at (x, y). */
export function dab(cells, x, y, radius = PEN) {
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(SIDE - 1, y + radius); row++) {
    for (let column = Math.max(0, Math.ceil(x - radius)); column <= Math.min(SIDE - 1, x + radius); column++) {
      if ((row - y) ** 2 + (column - x) ** 2 <= radius ** 2) cells[row * SIDE + column] = 1;
    }
  }
}

/** Draw from one place to another: a dab for every cell on the way. */
export function stroke(cells, from, to) {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  for (let i = 0; i <= steps; i++) {
    dab(cells, from.x + ((to.x - from.x) * i) / steps, from.y + ((to.y - from.y) * i) / steps);
  }
}

/** Where an arrow key moves the cursor to, or undefined for any other key. */
export function moved({ x, y }, key) {
  const shift = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!shift) return undefined;
  const inside = (value) => Math.min(SIDE - 1, Math.max(0, value));
  return { x: inside(x + STRIDE * shift[0]), y: inside(y + STRIDE * shift[1]) };
}

// ---- Small things ---------------------------------------------------------------------------

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function button(onClick, attributes, ...children) {
  const node = element("button", { type: "button", ...attributes }, ...children);
  node.addEventListener("click", onClick);
  return node;
}

function paint(canvas, cells) {
  const context = canvas.getContext("2d");
  const scale = canvas.width / SIDE;
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = INK;
  cells.forEach((cell, i) => {
    if (cell) context.fillRect((i % SIDE) * scale, Math.floor(i / SIDE) * scale, scale, scale);
  });
}

function heading(text) {
  return element("div", { class: "dp-heading" }, text);
}

/** A picture from the bytes of a PNG; `show` frees the one before. */
function picture(alt) {
  const image = element("img", { alt });
  let url = "";
  function show(bytes) {
    free();
    url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    image.src = url;
  }
  function free() {
    if (url) URL.revokeObjectURL(url);
  }
  return { image, show, free };
}

// ---- The pad --------------------------------------------------------------------------------

function padPanel(actions) {
  const canvas = element("canvas", {
    width: SIDE * 5, height: SIDE * 5, tabindex: 0, role: "application",
    "aria-label":
      "Drawing area. Draw with mouse or finger; or move with the arrow keys, " +
      "put the pen down and up with the space bar, clear with Delete.",
  });
  let cells = new Uint8Array(SIDE * SIDE);
  let cursor = { x: SIDE / 2, y: SIDE / 2 };
  let pointer = null; // where the pressed pointer was last
  let penDown = false; // for the keyboard

  function refresh() {
    paint(canvas, cells);
    if (document.activeElement === canvas && !pointer) drawCursor();
  }

  function drawCursor() {
    const context = canvas.getContext("2d");
    const scale = canvas.width / SIDE;
    context.beginPath();
    context.arc((cursor.x + 0.5) * scale, (cursor.y + 0.5) * scale, PEN * scale, 0, 2 * Math.PI);
    context.lineWidth = penDown ? 7 : 3;
    context.strokeStyle = CURSOR;
    context.stroke();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const cell = (offset, length) => (offset / length) * SIDE - 0.5;
    return { x: cell(event.clientX - box.left, box.width), y: cell(event.clientY - box.top, box.height) };
  }

  function draw(from, to) {
    stroke(cells, from, to);
    cursor = { x: Math.round(to.x), y: Math.round(to.y) };
    refresh();
    actions.drawn(cells);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    pointer = place(event);
    draw(pointer, pointer);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pointer) return;
    const before = pointer;
    pointer = place(event);
    draw(before, pointer);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      pointer = null;
      refresh();
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const next = moved(cursor, event.key);
    if (next) move(next);
    else if (event.key === " ") togglePen();
    else if (event.key === "Delete" || event.key === "Backspace") actions.clear();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("focus", refresh);
  canvas.addEventListener("blur", () => {
    penDown = false;
    actions.say("");
    refresh();
  });

  function move(next) {
    const before = cursor;
    cursor = next;
    if (penDown) draw(before, next);
    else refresh();
  }

  function togglePen() {
    penDown = !penDown;
    actions.say(penDown ? "Pen down: the arrow keys draw." : "Pen up: the arrow keys move.");
    if (penDown) draw(cursor, cursor);
    else refresh();
  }

  /** Show a drawing that came from elsewhere, but never under a moving pen. */
  function load(view) {
    if (pointer) return;
    cells = unpack(view);
    refresh();
  }
  return { canvas, load };
}

function sampleButtons(samples, load) {
  return samples.map(({ label, drawing }) => {
    const thumbnail = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    paint(thumbnail, unpack(drawing));
    const name = `Load a written ${label}`;
    return button(() => load(drawing), { class: "dp-sample", "aria-label": name, title: name }, thumbnail);
  });
}

// ---- What the network says ------------------------------------------------------------------

function mapsPanel() {
  const root = element("div", { class: "dp-maps" });
  const pictures = [];

  function slot(index) {
    if (!pictures[index]) {
      const title = heading("");
      const one = picture("");
      pictures[index] = { ...one, title };
      root.append(element("figure", {}, title, one.image));
    }
    return pictures[index];
  }

  function update({ seen, pictures: maps }) {
    [{ title: "What the network gets: 32×32", png: seen }, ...maps].forEach(({ title, png }, index) => {
      const one = slot(index);
      one.title.textContent = one.image.alt = title;
      one.show(png);
    });
  }
  return { root, update, free: () => pictures.forEach((one) => one.free()) };
}

function barsPanel() {
  const root = element("div", { class: "dp-bars", role: "list", "aria-label": "Probability of each digit" });
  const rows = Array.from({ length: 10 }, (_, digit) => barRow(digit));
  root.append(...rows.map((row) => row.root));

  function update(probabilities) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    rows.forEach((row, digit) => row.update(probabilities[digit] ?? 0, digit === best));
  }
  return { root, update };
}

function barRow(digit) {
  const bar = element("span", { class: "dp-bar" });
  const value = element("span", { class: "dp-value" });
  const track = element("span", { class: "dp-track" }, bar);
  const root = element("div", { class: "dp-row", role: "listitem" }, element("b", {}, String(digit)), track, value);

  function update(probability, best) {
    const percent = Math.round(100 * probability);
    bar.style.width = `${100 * probability}%`;
    value.textContent = `${percent}%`;
    root.classList.toggle("dp-best", best);
    root.setAttribute("aria-label", `${digit}: ${percent} percent`);
  }
  return { root, update };
}

export function verdict(probabilities) {
  if (!probabilities.length) return "Draw a digit.";
  const highest = Math.max(...probabilities);
  const digit = probabilities.indexOf(highest);
  return `The network reads a ${digit} (${Math.round(100 * highest)}%).`;
}

// ---- The widget -----------------------------------------------------------------------------

function render({ model, el }) {
  let waiting = null; // a timer while the kernel reads a drawing
  let next = null; // the drawing to send after that

  function send(cells) {
    next = pack(cells);
    if (!waiting) sendNext();
  }

  function sendNext() {
    if (!next || sameDrawing(next, model.get("drawing"))) {
      next = null;
      return;
    }
    waiting = setTimeout(giveUp, PATIENCE);
    model.set("drawing", next);
    next = null;
    model.save_changes();
  }

  function giveUp() {
    waiting = null;
    complaint.textContent = "No answer: run this notebook's cells, and draw again.";
  }

  const actions = {
    drawn: send,
    clear: () => load(new DataView(new ArrayBuffer((SIDE * SIDE) / 8))),
    say: (text) => (penStatus.textContent = text),
  };

  function load(view) {
    pad.load(view);
    send(unpack(view));
  }

  const pad = padPanel(actions);
  const maps = mapsPanel();
  const bars = barsPanel();
  const status = element("div", { class: "dp-status", role: "status" });
  const penStatus = element("div", { class: "dp-pen", role: "status" });
  const complaint = element("div", { class: "dp-complaint", role: "alert" });
  const samples = element(
    "div", { class: "dp-samples", role: "group", "aria-label": "Digits to load" },
    ...sampleButtons(model.get("samples"), load),
  );
  const clear = button(actions.clear, { class: "dp-clear" }, "Clear");
  const root = element(
    "div",
    {
      class: "digit-pad", role: "group", "aria-label": "Drawing pad",
      "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
    },
    element("div", { class: "dp-left" }, element("div", { class: "dp-title" }, heading("Draw here"), clear), pad.canvas, penStatus, samples),
    maps.root,
    element("div", { class: "dp-right" }, heading("Probabilities"), bars.root, status, complaint),
  );

  function answered() {
    clearTimeout(waiting);
    waiting = null;
    show();
    sendNext();
  }

  function show() {
    const reading = model.get("reading");
    complaint.textContent = reading.problem ?? "";
    if (!reading.pictures) return;
    maps.update(reading);
    bars.update(reading.probabilities);
    status.textContent = verdict(reading.probabilities);
  }

  function redrawn() {
    if (!next) pad.load(model.get("drawing"));
  }

  root.addEventListener("keydown", (event) => event.stopPropagation());
  model.on("change:reading", answered);
  model.on("change:drawing", redrawn);
  el.append(root);
  redrawn();
  show();

  return () => {
    clearTimeout(waiting);
    maps.free();
    model.off("change:reading", answered);
    model.off("change:drawing", redrawn);
  };
}

export default { render };
