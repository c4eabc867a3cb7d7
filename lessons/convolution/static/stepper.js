// The convolution steppers: a kernel steps over a small grid, or volume, one window at a time.
// First the arithmetic, then one function for each part on the screen, last the two widgets.

const MAX_PADDING = 3;
const SLOWEST_STEP = 700; // milliseconds a window, when there are few
const WHOLE_TOUR = 14000; // milliseconds for all windows, when there are many
const SIGN = 1.2; // digits that a minus, a plus or a times is wide

// ---- Arithmetic -----------------------------------------------------------------------------

/** Side of the output: floor((n + 2p - k) / s) + 1, or 0 where the kernel does not fit. */
export function outputSize(n, k, padding, stride) {
  const room = n + 2 * padding - k;
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** The image with `padding` rows and columns of zeros on each side. */
export function pad(image, padding) {
  const width = image[0].length + 2 * padding;
  const zeros = (length) => Array(length).fill(0);
  const blankRows = () => zeros(padding).map(() => zeros(width));
  const rows = image.map((row) => [...zeros(padding), ...row, ...zeros(padding)]);
  return [...blankRows(), ...rows, ...blankRows()];
}

/** The kernel turned by 180 degrees: rows and columns in reverse order. */
export function rotate180(kernel) {
  return kernel.map((row) => [...row].reverse()).reverse();
}

/** Where window number `step` lies: its place in the output, and its corner in the input. */
export function windowAt(step, columns, stride) {
  const row = Math.floor(step / columns);
  const column = step % columns;
  return { row, column, top: row * stride, left: column * stride };
}

/** Pixel, weight and their product, for every place of the window at (top, left). */
export function products(padded, weights, top, left) {
  return weights.map((line, i) =>
    line.map((weight, j) => {
      const pixel = padded[top + i][left + j];
      return { pixel, weight, product: pixel * weight };
    }),
  );
}

/** The products added up, one kernel row at a time. */
export function rowSums(terms) {
  return terms.map((line) => line.reduce((sum, { product }) => sum + product, 0));
}

export function total(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** For each of `n` padded rows (or columns): does any window reach it? */
export function reachedLines(n, k, stride, windows) {
  return Array.from({ length: n }, (_, line) => {
    const last = Math.min(Math.floor(line / stride), windows - 1);
    return last >= 0 && line - last * stride < k;
  });
}

/** Everything that the screen shows, worked out from the state of the widget. */
export function scene({ image, kernel, stride, padding, flip, step }) {
  const rows = outputSize(image.length, kernel.length, padding, stride);
  const columns = outputSize(image[0].length, kernel[0].length, padding, stride);
  const count = rows * columns;
  const last = Math.max(count - 1, 0);
  return {
    image, kernel, stride, padding, flip, rows, columns, count, last,
    padded: pad(image, padding),
    weights: flip ? rotate180(kernel) : kernel,
    step: clamp(step, 0, last),
  };
}

/** The value of the output at window number `step`. */
export function response({ padded, weights, columns, stride }, step) {
  const { top, left } = windowAt(step, columns, stride);
  return total(rowSums(products(padded, weights, top, left)));
}

/** What each channel says at a place of the volume, and what the layer makes of it. */
export function layerAt(channels, bias, step) {
  const sums = channels.map((now) => response(now, step));
  const before = total(sums) + bias;
  return { sums, before, after: Math.max(before, 0) };
}

function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

// ---- Numbers as text ------------------------------------------------------------------------

/** Whole numbers as they are, others to about four digits, with a true minus sign. */
export function formatNumber(value) {
  return plainText(value).replaceAll("-", "−");
}

function plainText(value) {
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-4)) {
    return String(Number(value.toPrecision(4)));
  }
  if (Number.isInteger(value)) return String(value);
  const decimals = clamp(3 - Math.floor(Math.log10(size)), 1, 6);
  return String(Number(value.toFixed(decimals)));
}

/** True where the text of a number leaves digits out. */
function isRounded(value) {
  return Math.abs(Number(plainText(value)) - value) > 1e-12 * Math.abs(value);
}

/** The number that a learner typed (also 0,5 and 1/9), or null. */
export function parseNumber(text) {
  const [top, bottom = "1", ...rest] = text.replaceAll("−", "-").replaceAll(",", ".").split("/");
  const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
  if (rest.length || !decimal.test(top) || !decimal.test(bottom)) return null;
  const number = Number(top) / Number(bottom);
  return Number.isFinite(number) ? number + 0 : null;
}

function inBrackets(value) {
  return value < 0 ? `(${formatNumber(value)})` : formatNumber(value);
}

/** "99 + 114 − 80" */
function joinSum(numbers) {
  return numbers
    .map((number, i) => {
      if (i === 0) return formatNumber(number);
      return `${number < 0 ? "−" : "+"} ${formatNumber(Math.abs(number))}`;
    })
    .join(" ");
}

/** How wide the longest number is, in digits. */
function longest(numbers) {
  const signs = (text) => text.match(/[−+]/g)?.length ?? 0;
  const width = (text) => text.length + (SIGN - 1) * signs(text);
  return Math.max(...numbers.map((number) => width(formatNumber(number))));
}

// ---- Small pieces of the screen -------------------------------------------------------------

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function button(text, onClick, attributes = {}) {
  const node = element("button", { type: "button", ...attributes }, text);
  node.addEventListener("click", onClick);
  return node;
}

/** Change a text only where it differs: the browser then has less to lay out. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A grid of cells: `makeCell(row, column)` returns the content of one. */
function fillGrid(grid, rows, columns, makeCell) {
  grid.style.setProperty("--columns", columns);
  const lines = Array.from({ length: rows }, (_, i) => {
    const cells = Array.from({ length: columns }, (_, j) =>
      element("div", { class: "cs-cell", role: "gridcell" }, ...makeCell(i, j)),
    );
    return element("div", { class: "cs-row", role: "row" }, ...cells);
  });
  grid.replaceChildren(...lines);
  return lines.map((line) => [...line.children]);
}

/** Row and column of the cell under the pointer, clamped to the grid. */
function cellUnder(event, grid, rows, columns) {
  const box = grid.getBoundingClientRect();
  const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
  const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
  return { row: clamp(row, 0, rows - 1), column: clamp(column, 0, columns - 1) };
}

/** Call `onPoint` while the pointer is pressed and moves over `grid`. */
function onDrag(grid, onPoint) {
  grid.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("input")) return;
    grid.setPointerCapture(event.pointerId);
    onPoint(event);
  });
  grid.addEventListener("pointermove", (event) => {
    if (grid.hasPointerCapture(event.pointerId)) onPoint(event);
  });
}

/** A text field for one number. What is not a number leaves the old one in place. Escape undoes. */
function numberField(label, onNumber, onComplaint) {
  const field = element("input", {
    class: "cs-field", type: "text", inputmode: "decimal", autocomplete: "off",
    spellcheck: "false", "aria-label": label,
  });
  let value = 0;
  let before = 0;
  const restore = () => {
    field.value = formatNumber(value);
    field.removeAttribute("aria-invalid");
    onComplaint("");
  };
  field.addEventListener("input", () => {
    const number = parseNumber(field.value);
    field.setAttribute("aria-invalid", number === null);
    onComplaint(number === null ? `Not a number yet: still ${formatNumber(value)}.` : "");
    if (number !== null) onNumber(number);
  });
  field.addEventListener("focus", () => {
    before = value;
    field.select();
  });
  field.addEventListener("blur", restore);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    onNumber(before);
    restore();
  });
  const show = (number) => {
    value = number;
    if (!field.matches(":focus")) field.value = formatNumber(number);
  };
  return { field, show };
}

/** Arrow keys walk from field to field; left and right only at the ends of the text. */
function walkFields(grid) {
  grid.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("input.cs-field")) return;
    const atStart = field.selectionEnd === 0;
    const atEnd = field.selectionStart === field.value.length;
    const allSelected = field.selectionStart === 0 && atEnd;
    const across = {
      ArrowLeft: atStart || allSelected ? -1 : 0,
      ArrowRight: atEnd || allSelected ? 1 : 0,
    }[event.key];
    const down = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    const target = neighborField(field, down ?? 0, across ?? 0);
    if (!target || target === field) return;
    event.preventDefault();
    target.focus();
  });
}

function neighborField(field, down, across) {
  const cell = field.closest(".cs-cell");
  const row = cell.parentElement;
  const column = [...row.children].indexOf(cell) + across;
  const targetRow = { "-1": row.previousElementSibling, 0: row, 1: row.nextElementSibling }[down];
  return targetRow?.children[column]?.querySelector("input");
}

/** A panel of the stage: heading, grid, a line of words below. */
function panel(name, ...extras) {
  const heading = element("div", { class: "cs-heading" });
  const grid = element("div", { class: "cs-grid", role: "grid" });
  const note = element("div", { class: "cs-note" });
  const root = element("div", { class: `cs-panel cs-${name}` }, heading, grid, ...extras, note);
  return { root, heading, grid, note };
}

// ---- Input ----------------------------------------------------------------------------------

function inputPanel(actions) {
  const { root, heading, grid, note } = panel("input");
  const frame = element("div", { class: "cs-frame", "aria-hidden": "true" });
  let cells = [];
  let built = "";
  grid.tabIndex = 0;
  walkFields(grid);

  onDrag(grid, (event) => {
    const { padded, kernel, stride, rows, columns, count } = actions.scene();
    if (!count) return;
    const { row, column } = cellUnder(event, grid, padded.length, padded[0].length);
    const nearest = (place, k, windows) =>
      clamp(Math.round((place - (k - 1) / 2) / stride), 0, windows - 1);
    const down = nearest(row, kernel.length, rows);
    actions.moveTo(down * columns + nearest(column, kernel[0].length, columns));
  });

  function build(now) {
    const { padded, image, padding, editing } = now;
    const inside = (i, j) => image[i - padding]?.[j - padding] !== undefined;
    cells = fillGrid(grid, padded.length, padded[0].length, (i, j) => {
      if (editing && inside(i, j)) return [editField(i - padding, j - padding)];
      return [element("span", { class: "cs-value" }), element("span", { class: "cs-weight" })];
    });
    cells.forEach((line, i) =>
      line.forEach((cell, j) => cell.classList.toggle("cs-padding", !inside(i, j))),
    );
    grid.append(frame);
    grid.classList.toggle("cs-editing", editing);
  }

  function editField(i, j) {
    const edit = (number) =>
      actions.store({ image: replaced(actions.scene().image, i, j, number) });
    const label = `Pixel [${i}, ${j}]`;
    const { field, show } = numberField(label, edit, actions.complain);
    field.show = show;
    return field;
  }

  function showCells(now) {
    const { padded, weights, kernel, stride, count, step, rows, columns } = now;
    const { top, left } = windowAt(step, columns || 1, stride);
    const rowReached = reachedLines(padded.length, kernel.length, stride, rows);
    const columnReached = reachedLines(padded[0].length, kernel[0].length, stride, columns);
    cells.forEach((line, i) =>
      line.forEach((cell, j) => {
        const weight = count ? weights[i - top]?.[j - left] : undefined;
        const covered = weight !== undefined;
        const field = cell.querySelector("input");
        if (field) {
          field.show(padded[i][j]);
        } else {
          setText(cell.children[0], formatNumber(padded[i][j]));
          setText(cell.children[1], covered ? `×${formatNumber(weight)}` : "");
        }
        cell.classList.toggle("cs-covered", covered);
        cell.classList.toggle("cs-unreached", !(rowReached[i] && columnReached[j]));
        cell.setAttribute("aria-selected", covered);
      }),
    );
    frame.hidden = !count;
    placeFrame(frame, top, left, kernel);
  }

  function update(now) {
    const { image, padding, padded, weights, editing } = now;
    const plan = JSON.stringify([image.length, image[0].length, padding, editing]);
    if (plan !== built) build(now);
    built = plan;
    grid.style.setProperty("--characters", longest(padded.flat()));
    grid.style.setProperty("--small-characters", longest(weights.flat()) + SIGN);
    showCells(now);
    const after = padding ? `, padded ${sizeText(padded)}` : "";
    heading.textContent = `Input ${sizeText(image)}${after}`;
    grid.setAttribute("aria-label", inputLabel(now));
    note.textContent = unreachedText(cells.flat());
  }
  return { root, update, edit: () => grid.querySelector("input")?.focus() };
}

function placeFrame(frame, top, left, kernel) {
  frame.style.setProperty("--top", top);
  frame.style.setProperty("--left", left);
  frame.style.setProperty("--high", kernel.length);
  frame.style.setProperty("--wide", kernel[0].length);
}

function sizeText(grid) {
  return `${grid.length}×${grid[0].length}`;
}

function inputLabel({ padded, kernel, count, step, columns, stride }, name = "Input") {
  const size = `${name}, ${padded.length} rows, ${padded[0].length} columns`;
  if (!count) return size;
  const { top, left } = windowAt(step, columns, stride);
  const rows = `rows ${top} to ${top + kernel.length - 1}`;
  return `${size}; window over ${rows}, columns ${left} to ${left + kernel[0].length - 1}`;
}

function unreachedText(cells) {
  const missed = cells.filter((cell) => cell.classList.contains("cs-unreached")).length;
  if (!missed) return "";
  return `Hatched: ${missed} of ${cells.length} cells that no window reaches.`;
}

function replaced(grid, i, j, number) {
  return grid.map((row, r) => row.map((value, c) => (r === i && c === j ? number : value)));
}

// ---- Kernel ---------------------------------------------------------------------------------

function kernelPanel(actions) {
  const appliedHeading = element("div", { class: "cs-heading" }, "Turned by 180°");
  const appliedGrid = element("div", { class: "cs-grid", role: "grid" });
  appliedGrid.setAttribute("aria-label", "The kernel as it is applied: turned by 180 degrees");
  const applied = element("div", { class: "cs-applied" }, appliedHeading, appliedGrid);
  const { root, heading, grid, note } = panel("kernel", applied);
  let fields = [];
  let appliedCells = [];
  grid.setAttribute("aria-label", "Kernel, every weight can be edited");
  walkFields(grid);

  function build(kernel) {
    const size = [kernel.length, kernel[0].length];
    fields = kernel.map((row, i) => row.map((_, j) => weightField(i, j)));
    fillGrid(grid, ...size, (i, j) => [fields[i][j].field]);
    appliedCells = fillGrid(appliedGrid, ...size, () => []);
  }

  function weightField(i, j) {
    const edit = (number) =>
      actions.store({ kernel: replaced(actions.scene().kernel, i, j, number) });
    return numberField(`Weight [${i}, ${j}]`, edit, actions.complain);
  }

  function update({ kernel, weights, flip }) {
    if (fields.length !== kernel.length || fields[0].length !== kernel[0].length) build(kernel);
    fields.forEach((row, i) => row.forEach(({ show }, j) => show(kernel[i][j])));
    appliedCells.forEach((row, i) =>
      row.forEach((cell, j) => setText(cell, formatNumber(weights[i][j]))),
    );
    root.style.setProperty("--characters", longest(kernel.flat()));
    heading.textContent = `Kernel ${sizeText(kernel)}`;
    applied.hidden = !flip;
    note.textContent = flip ? "This is what slides over the input." : "Applied as written.";
  }
  return { root, update };
}

// ---- Output ---------------------------------------------------------------------------------

function outputPanel(actions) {
  const { root, heading, grid, note } = panel("output");
  let cells = [];
  grid.tabIndex = 0;

  onDrag(grid, (event) => {
    const { rows, columns, count } = actions.scene();
    if (!count) return;
    const { row, column } = cellUnder(event, grid, rows, columns);
    actions.moveTo(row * columns + column);
  });

  function update(now) {
    const { rows, columns, count, step, filled } = now;
    if (cells.length !== rows || cells[0]?.length !== columns) {
      cells = fillGrid(grid, rows, columns, () => []);
    }
    const values = Array.from({ length: count }, (_, index) => response(now, index));
    cells.flat().forEach((cell, index) => {
      const known = index <= filled;
      setText(cell, known ? formatNumber(values[index]) : "·");
      cell.classList.toggle("cs-known", known);
      cell.classList.toggle("cs-current", index === step);
      cell.setAttribute("aria-selected", index === step);
    });
    grid.hidden = !count;
    grid.style.setProperty("--characters", longest([0, ...values]));
    grid.setAttribute("aria-label", `Output, ${rows} rows, ${columns} columns`);
    heading.textContent = count ? `Output ${rows}×${columns}` : "No output";
    note.textContent = count ? "" : unfitText(now);
  }
  return { root, update };
}

function unfitText({ kernel, padded }) {
  const sizes = `The ${sizeText(kernel)} kernel does not fit into the ${sizeText(padded)} input`;
  return `${sizes}: there is no window. Add padding.`;
}

// ---- The sum and the shape, in words --------------------------------------------------------

function sumPanel() {
  const root = element("div", { class: "cs-sum", "aria-live": "polite", "aria-atomic": "true" });

  function update(now) {
    root.setAttribute("aria-live", now.playing ? "off" : "polite");
    root.replaceChildren(...(now.count ? sumLines(now) : []));
  }
  return { root, update };
}

function sumLines({ padded, weights, columns, stride, step }) {
  const { row, column, top, left } = windowAt(step, columns, stride);
  const terms = products(padded, weights, top, left);
  const title = `Output [${row}, ${column}]`;
  const table = element("div", { class: "cs-terms" }, ...terms.flatMap(termLine));
  table.style.setProperty("--terms", weights[0].length);
  return [element("div", { class: "cs-heading" }, title), table, resultLine(terms)];
}

/** One kernel row: "+ (9·1 + 15·5 + 3·10)", a cell of the table for each part. */
function termLine(line, i) {
  const opening = element("span", {}, i ? "+ (" : " (");
  const factors = line.map(({ pixel, weight }, j) => {
    const factor = element("b", { class: "cs-factor" }, inBrackets(weight));
    const closing = j + 1 < line.length ? " + " : ")";
    return element("span", { class: "cs-term" }, `${inBrackets(pixel)}·`, factor, closing);
  });
  return [opening, ...factors];
}

/** "= 99 + 114 + 80 = 293" */
function resultLine(terms) {
  const sums = rowSums(terms);
  const result = total(sums);
  const shown = terms.flat().flatMap(({ pixel, weight }) => [pixel, weight]);
  const equals = [...shown, ...sums, result].some(isRounded) ? "≈" : "=";
  const steps = sums.length > 1 ? `${equals} ${joinSum(sums)} ` : "";
  const answer = element("b", { class: "cs-result" }, formatNumber(result));
  return element("div", { class: "cs-line" }, `${steps}${equals} `, answer);
}

function shapePanel() {
  const root = element("div", { class: "cs-shape" });

  function update({ image, kernel, padding, stride }) {
    const high = shapeText(image.length, kernel.length, padding, stride);
    const wide = shapeText(image[0].length, kernel[0].length, padding, stride);
    const lines = high === wide ? [high] : [`rows: ${high}`, `columns: ${wide}`];
    root.replaceChildren(
      element("div", { class: "cs-heading" }, "Size of the output"),
      ...lines.map((line) => element("div", { class: "cs-line" }, line)),
    );
  }
  return { root, update };
}

export function shapeText(n, k, padding, stride) {
  const given = `n = ${n}, p = ${padding}, k = ${k}, s = ${stride}`;
  const size = outputSize(n, k, padding, stride);
  if (!size) return `${given} → none: k is larger than n + 2p = ${n + 2 * padding}`;
  return `${given} → ⌊(${n} + 2·${padding} − ${k})/${stride}⌋ + 1 = ${size}`;
}

// ---- Controls -------------------------------------------------------------------------------

function playBar(actions) {
  const play = button("", actions.togglePlay, { class: "cs-play" });
  const back = button("‹ Back", () => actions.moveTo(actions.scene().step - 1));
  const next = button("Next ›", () => actions.moveTo(actions.scene().step + 1));
  const slider = element("input", { type: "range", min: 0, step: 1, "aria-label": "Window" });
  slider.addEventListener("input", () => actions.moveTo(Number(slider.value)));
  const counter = element("span", { class: "cs-counter" });
  const edits = actions.toggleEditing
    ? [button("Edit input", actions.toggleEditing, { class: "cs-edit" })]
    : [];
  const reset = button("Reset", actions.reset);
  const parts = [play, back, next, slider, counter, ...edits, reset];
  const root = element("div", { class: "cs-bar" }, ...parts);

  function update({ step, last, count, playing, editing }) {
    for (const edit of edits) edit.setAttribute("aria-pressed", editing);
    play.textContent = playing ? "❚❚ Pause" : "▶\uFE0E Play";
    play.disabled = slider.disabled = last === 0;
    back.disabled = step === 0;
    next.disabled = step === last;
    slider.max = last;
    slider.value = step;
    const text = count ? `window ${step + 1} of ${count}` : "no window";
    slider.setAttribute("aria-valuetext", text);
    counter.textContent = text;
  }
  return { root, update };
}

function settingsBar(actions) {
  const operation = operationSwitch(actions);
  const stride = counterControl("Stride", 1, (value) => actions.restart({ stride: value }));
  const padding = counterControl("Padding", 0, (value) => actions.restart({ padding: value }));
  const root = element("div", { class: "cs-bar" }, operation.root, stride.root, padding.root);

  function update(now) {
    operation.update(now);
    stride.update(now.stride, largestStride(now));
    padding.update(now.padding, MAX_PADDING);
  }
  return { root, update };
}

/** From this stride on, there is one window only. */
function largestStride({ padded, kernel }) {
  const room = Math.max(padded.length - kernel.length, padded[0].length - kernel[0].length);
  return Math.max(room + 1, 1);
}

function operationSwitch(actions) {
  const choose = (flip) => () => actions.store({ flip });
  const correlation = button("cross-correlation", choose(false));
  const convolution = button("convolution", choose(true));
  const attributes = { class: "cs-switch", role: "group", "aria-label": "Operation" };
  const root = element("div", attributes, correlation, convolution);

  function update({ flip }) {
    correlation.setAttribute("aria-pressed", !flip);
    convolution.setAttribute("aria-pressed", flip);
  }
  return { root, update };
}

/** A whole number with a button to either side. */
function counterControl(name, least, onChange) {
  let value = least;
  const less = button("−", () => onChange(value - 1), { "aria-label": `${name}: one less` });
  const more = button("+", () => onChange(value + 1), { "aria-label": `${name}: one more` });
  const number = element("output", { "aria-label": name });
  const attributes = { class: "cs-number", role: "group", "aria-label": name };
  const root = element("div", attributes, element("span", {}, name), less, number, more);

  function update(current, most) {
    value = current;
    number.textContent = current;
    less.disabled = current <= least;
    more.disabled = current >= most;
  }
  return { root, update };
}

/** Which window a key leads to from here, or undefined for any other key. */
export function stepForKey(key, { step, last, rows, columns, stride }) {
  const { row, column } = windowAt(step, columns, stride);
  return {
    ArrowLeft: column > 0 ? step - 1 : step,
    ArrowRight: column < columns - 1 ? step + 1 : step,
    ArrowUp: row > 0 ? step - columns : step,
    ArrowDown: row < rows - 1 ? step + columns : step,
    Home: 0,
    End: last,
  }[key];
}

/** What both steppers do with their state: store it, walk through the windows, start over. */
function walker(model, scene, update) {
  let timer = null;
  const walk = { filled: 0 }; // the furthest window so far: what comes out is known up to here

  function store(changes) {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    model.save_changes();
  }

  function show(step) {
    store({ step: clamp(step, 0, scene().last) });
  }

  function startOver(changes) {
    pause();
    walk.filled = 0;
    store({ step: 0, ...changes });
    update();
  }

  function pause() {
    clearInterval(timer);
    timer = null;
  }

  function tick() {
    const { step, last } = scene();
    if (step + 1 >= last) pause();
    show(step + 1);
  }

  function togglePlay() {
    const { step, last, count } = scene();
    if (timer) pause();
    else {
      if (step === last) startOver({});
      timer = setInterval(tick, Math.min(SLOWEST_STEP, WHOLE_TOUR / count));
    }
    update();
  }

  function moveTo(step) {
    pause();
    show(step);
    update();
  }
  const playing = () => timer !== null;
  return Object.assign(walk, { store, startOver, pause, playing, togglePlay, moveTo });
}

/** Put a stepper on the page; returns what takes it off again. */
function attach({ model, el }, root, actions, update, pause) {
  listenToKeys(root, actions);
  model.on("change", update);
  el.append(root);
  update();
  return () => {
    pause();
    model.off("change", update);
  };
}

/** Arrow keys, Home and End lead from window to window, outside of fields for numbers. */
function listenToKeys(root, actions) {
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.target.closest("input")) return;
    const step = stepForKey(event.key, actions.scene());
    if (step === undefined) return;
    event.preventDefault();
    actions.moveTo(step);
  });
}

/** The card that a stepper stands on. */
function card(label, ...children) {
  const attributes = {
    class: "conv-stepper", role: "group", "aria-label": label,
    "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
  };
  return element("div", attributes, ...children);
}

// ---- The stepper on a grid ------------------------------------------------------------------

function renderGrid(context) {
  const { model } = context;
  let editing = false;
  let plan = "";

  const names = ["image", "kernel", "stride", "padding", "flip", "step"];
  const current = () => scene(Object.fromEntries(names.map((name) => [name, model.get(name)])));

  const walk = walker(model, current, update);
  const actions = {
    scene: current,
    store: walk.store,
    togglePlay: walk.togglePlay,
    restart: walk.startOver,
    moveTo: walk.moveTo,
    reset() {
      editing = false;
      walk.startOver(model.get("_start"));
    },
    toggleEditing() {
      walk.pause();
      editing = !editing;
      update();
      if (editing) input.edit();
    },
    complain(text) {
      complaint.textContent = text;
    },
  };

  const input = inputPanel(actions);
  const kernel = kernelPanel(actions);
  const output = outputPanel(actions);
  const complaint = element("div", { class: "cs-complaint", role: "status" });
  const sign = element("div", { class: "cs-sign", "aria-hidden": "true" });
  const equals = element("div", { class: "cs-sign", "aria-hidden": "true" }, "=");
  const sum = sumPanel();
  const shape = shapePanel();
  const bars = [settingsBar(actions), playBar(actions)];
  const parts = [...bars, input, kernel, output, sum, shape];

  const stage = element(
    "div", { class: "cs-stage" }, input.root,
    element("div", { class: "cs-pair" }, sign, kernel.root),
    element("div", { class: "cs-pair" }, equals, output.root),
  );
  const words = element("div", { class: "cs-words" }, sum.root, shape.root);
  const root = card(
    "Convolution, step by step", ...bars.map((bar) => bar.root), stage, complaint, words,
  );

  function update() {
    const now = current();
    const { image, kernel: weights, stride, padding } = now;
    const newPlan = [sizeText(image), sizeText(weights), stride, padding].join();
    walk.filled = newPlan === plan ? Math.max(walk.filled, now.step) : now.step;
    plan = newPlan;
    Object.assign(now, { filled: walk.filled, editing, playing: walk.playing() });
    const widest = now.padded[0].length + weights[0].length + now.columns;
    root.style.setProperty("--all-columns", widest);
    root.style.setProperty("--all-rows", now.padded.length);
    root.style.setProperty("--kernel-rows", weights.length);
    sign.textContent = now.flip ? "∗" : "⋆";
    for (const part of parts) part.update(now);
  }

  return attach(context, root, actions, update, walk.pause);
}

// ---- The stepper on a volume ----------------------------------------------------------------

const CHANNELS = ["red", "green", "blue"];

/** A channel under its table of the kernel. */
function channelPanel(name, number, actions) {
  const picture = panel("channel");
  const weights = panel("kernel");
  const frame = element("div", { class: "cs-frame", "aria-hidden": "true" });
  const sign = element("div", { class: "cs-sign", "aria-hidden": "true" }, "⋆");
  const root = element("div", { class: `cs-deep cs-${name}` }, picture.root, sign, weights.root);
  let cells = [];
  let fields = [];
  picture.grid.tabIndex = 0;
  picture.heading.textContent = name;
  weights.heading.textContent = "kernel";
  weights.grid.setAttribute("aria-label", `Kernel for ${name}, every weight can be edited`);
  walkFields(weights.grid);

  onDrag(picture.grid, (event) => {
    const { padded, kernel, rows, columns } = actions.scene();
    const { row, column } = cellUnder(event, picture.grid, padded.length, padded[0].length);
    const nearest = (place, k, windows) => clamp(Math.round(place - (k - 1) / 2), 0, windows - 1);
    const down = nearest(row, kernel.length, rows);
    actions.moveTo(down * columns + nearest(column, kernel[0].length, columns));
  });

  function build({ image, kernel }) {
    cells = fillGrid(picture.grid, image.length, image[0].length, () => []);
    picture.grid.append(frame);
    const label = (i, j) => `Weight [${i}, ${j}] for ${name}`;
    const edit = (i, j) => (value) => actions.setWeight(number, i, j, value);
    fields = kernel.map((row, i) =>
      row.map((_, j) => numberField(label(i, j), edit(i, j), actions.complain)),
    );
    fillGrid(weights.grid, kernel.length, kernel[0].length, (i, j) => [fields[i][j].field]);
  }

  function update(now) {
    const { image, kernel, step, columns } = now;
    if (!cells.length) build(now);
    const { top, left } = windowAt(step, columns, 1);
    cells.forEach((line, i) =>
      line.forEach((cell, j) => {
        const covered = kernel[i - top]?.[j - left] !== undefined;
        setText(cell, formatNumber(image[i][j]));
        cell.classList.toggle("cs-covered", covered);
        cell.setAttribute("aria-selected", covered);
      }),
    );
    fields.forEach((row, i) => row.forEach(({ show }, j) => show(kernel[i][j])));
    picture.grid.style.setProperty("--characters", longest(image.flat()));
    weights.grid.style.setProperty("--characters", longest(kernel.flat()));
    picture.grid.setAttribute("aria-label", inputLabel(now, name));
    placeFrame(frame, top, left, kernel);
  }
  return { root, update };
}

/** A map that fills up from place to place; `sign` says how it joins what stands before it. */
function mapPanel(title, sign, actions) {
  const { root: map, heading, grid } = panel("output");
  const joins = element("div", { class: "cs-join", "aria-hidden": "true" }, sign);
  const root = element("div", { class: "cs-deep" }, joins, map);
  let cells = [];
  grid.tabIndex = 0;
  heading.textContent = title;

  onDrag(grid, (event) => {
    const { rows, columns } = actions.scene();
    const { row, column } = cellUnder(event, grid, rows, columns);
    actions.moveTo(row * columns + column);
  });

  function update({ rows, columns, step, filled }, values) {
    if (!cells.length) cells = fillGrid(grid, rows, columns, () => []).flat();
    cells.forEach((cell, index) => {
      const known = index <= filled;
      setText(cell, known ? formatNumber(values[index]) : "·");
      cell.classList.toggle("cs-known", known);
      cell.classList.toggle("cs-current", index === step);
      cell.setAttribute("aria-selected", index === step);
    });
    grid.style.setProperty("--characters", longest([0, ...values]));
    grid.setAttribute("aria-label", `${title}, ${rows} rows, ${columns} columns`);
  }
  return { root, update };
}

/** One place in words: what each channel gives, the bias, the sum, the ReLU. */
function layerPanel(actions) {
  const heading = element("div", { class: "cs-heading" });
  const table = element("div", { class: "cs-terms-of-a-place" });
  const live = element("div", { "aria-live": "polite", "aria-atomic": "true" }, heading, table);
  const bias = numberField("Bias", (value) => actions.store({ bias: value }), actions.complain);
  const label = element("label", { class: "cs-bias" }, "bias ", bias.field);
  const root = element("div", { class: "cs-layer" }, live, label);

  function update({ step, columns, playing, bias: value }, { sums, before, after }) {
    const { row, column } = windowAt(step, columns, 1);
    live.setAttribute("aria-live", playing ? "off" : "polite");
    heading.textContent = `Place [${row}, ${column}]`;
    const lines = [
      ...sums.map((sum, channel) => [CHANNELS[channel], signedText(sum, channel === 0)]),
      ["bias", signedText(value)],
      ["sum", `= ${formatNumber(before)}`],
      ["ReLU", `→ ${formatNumber(after)}`],
    ];
    const cells = lines.flat().map((text) => element("span", {}, text));
    table.replaceChildren(...cells);
    bias.show(value);
  }
  return { root, update };
}

/** "+ 3" or "− 2"; the first of a sum without its plus. */
function signedText(value, first = false) {
  const size = formatNumber(Math.abs(value));
  if (value < 0) return `− ${size}`;
  return first ? size : `+ ${size}`;
}

function renderVolume(context) {
  const { model } = context;

  /** The state of one channel, as a stepper on a grid has it. */
  function channel(number) {
    const [image, kernel] = [model.get("volume")[number], model.get("kernel")[number]];
    const step = model.get("step");
    return scene({ image, kernel, stride: 1, padding: 0, flip: false, step });
  }

  const current = () => channel(0);
  const walk = walker(model, current, update);
  const actions = {
    scene: current,
    store: walk.store,
    togglePlay: walk.togglePlay,
    moveTo: walk.moveTo,
    reset() {
      const { volume, kernel, bias } = model.get("_start");
      walk.startOver({ volume, kernel, bias });
    },
    setWeight(number, i, j, value) {
      const change = (slice, at) => (at === number ? replaced(slice, i, j, value) : slice);
      walk.store({ kernel: model.get("kernel").map(change) });
    },
    complain(text) {
      complaint.textContent = text;
    },
  };

  const bar = playBar(actions);
  const pictures = CHANNELS.map((name, number) => channelPanel(name, number, actions));
  const alone = CHANNELS.map((name, at) => mapPanel(`${name} alone`, at ? "+" : "", actions));
  const layer = layerPanel(actions);
  const result = mapPanel("one map", "→", actions);
  const complaint = element("div", { class: "cs-complaint", role: "status" });
  const parts = [...pictures, layer, ...alone, result];
  const stage = element("div", { class: "cs-volume" }, ...parts.map((part) => part.root));
  const root = card("Convolution of a volume, step by step", bar.root, stage, complaint);

  function update() {
    const channels = CHANNELS.map((_, number) => channel(number));
    const [{ count, step }] = channels;
    const bias = model.get("bias");
    walk.filled = Math.max(walk.filled, step);
    const all = Array.from({ length: count }, (_, place) => layerAt(channels, bias, place));
    const common = { bias, filled: walk.filled, playing: walk.playing() };
    const states = channels.map((now) => ({ ...now, ...common }));
    bar.update(states[0]);
    states.forEach((now, number) => {
      pictures[number].update(now);
      alone[number].update(now, all.map(({ sums }) => sums[number]));
    });
    layer.update(states[0], all[step]);
    result.update(states[0], all.map(({ after }) => after));
  }

  return attach(context, root, actions, update, walk.pause);
}

function render(context) {
  return context.model.get("volume") ? renderVolume(context) : renderGrid(context);
}

export default { render };
