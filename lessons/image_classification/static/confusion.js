// The confusion-matrix browser: a table of numbers, and the pictures that the chosen number counts.
// The kernel sends the pictures; without one, the table still says what it counts.

const PATIENCE = 4000; // milliseconds to wait for the kernel before saying so
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// ---- What it says ---------------------------------------------------------------------------

/** Where a key moves the choice to, or undefined for any other key. */
export function moved([row, column], key, size) {
  if (key === "Home") return [row, 0];
  if (key === "End") return [row, size - 1];
  if (!STEPS[key]) return undefined;
  const inside = (value) => Math.min(size - 1, Math.max(0, value));
  return [inside(row + STEPS[key][0]), inside(column + STEPS[key][1])];
}

/** The look of a number: gray where it is right, white where it is 0, else the darker the more. */
export function shade(matrix, row, column) {
  const wrong = matrix.flatMap((line, i) => line.filter((_, j) => i !== j));
  const share = matrix[row][column] / Math.max(...wrong, 1);
  if (row === column) return { background: "#e5e5e5", color: "#1a1a1a" };
  if (!share) return { background: "#fff", color: "#6b6b6b" };
  return {
    background: `hsl(26 95% ${90 - 58 * share}%)`,
    color: share > 0.85 ? "#fff" : "#1a1a1a",
    fontWeight: "bold",
  };
}

/** The chosen number in words. */
export function sentence(names, matrix, [row, column]) {
  const count = matrix[row][column];
  const pictures = count === 1 ? "1 picture" : `${count || "No"} pictures`;
  const verdict = row === column ? "right" : "wrong";
  return `${pictures} of ${names[row]}, called ${names[column]} (${verdict})`;
}

// ---- The screen -----------------------------------------------------------------------------

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The table; `choose` is called with the row and the column of a number. */
function table(names, matrix, choose) {
  const head = names.map((name) => element("th", { scope: "col" }, element("span", {}, name)));
  const buttons = matrix.map((line, row) =>
    line.map((count, column) => {
      const label = `${names[row]}, called ${names[column]}: ${count}`;
      const button = element("button", { type: "button", "aria-label": label }, String(count));
      Object.assign(button.style, shade(matrix, row, column));
      button.addEventListener("click", () => choose([row, column]));
      button.addEventListener("keydown", (event) => {
        const next = moved([row, column], event.key, names.length);
        if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        choose(next);
        buttons[next[0]][next[1]].focus();
      });
      return button;
    }),
  );
  const rows = buttons.map((line, row) =>
    element(
      "tr", {}, element("th", { scope: "row" }, names[row]),
      ...line.map((button) => element("td", {}, button)),
    ),
  );
  const corner = element("td", { class: "cb-corner" }, "was ↓ called →");
  return { grid: element("table", {}, element("tr", {}, corner, ...head), ...rows), buttons };
}

function picture({ image, sure }, label) {
  const alt = `${label}, ${sure} sure`;
  const shown = element("img", { src: `data:image/webp;base64,${image}`, alt });
  return element("figure", {}, shown, element("figcaption", {}, sure));
}

function render({ model, el }) {
  const names = model.get("names");
  const matrix = model.get("matrix");
  let timer;

  function choose(cell) {
    model.set("cell", cell);
    model.save_changes();
  }

  const { grid, buttons } = table(names, matrix, choose);
  const words = element("p", { class: "cb-words", "aria-live": "polite" });
  const pictures = element("div", { class: "cb-pictures" });
  const hint = element("p", { class: "cb-hint" }, "Click a number, or move with the arrow keys.");
  const right = element("div", { class: "cb-right" }, words, pictures);
  el.append(element("div", { class: "confusion-browser" }, element("div", {}, grid, hint), right));

  function update() {
    const cell = model.get("cell");
    const { cell: shown, pictures: sent } = model.get("answer");
    buttons.forEach((line, row) =>
      line.forEach((button, column) => {
        const chosen = row === cell[0] && column === cell[1];
        button.setAttribute("aria-pressed", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
      }),
    );
    const label = sentence(names, matrix, cell);
    const count = matrix[cell[0]][cell[1]];
    const arrived = String(shown) === String(cell);
    const few = arrived && sent.length < count ? `, the ${sent.length} surest of them` : "";
    words.textContent = label + few + (count ? ", and how sure the network was:" : ".");
    clearTimeout(timer);
    if (arrived) {
      const pair = `${names[cell[0]]}, called ${names[cell[1]]}`;
      pictures.replaceChildren(...sent.map((one) => picture(one, pair)));
    } else {
      pictures.replaceChildren();
      timer = setTimeout(() => {
        pictures.textContent = "The pictures come from Python: run the cell of this browser.";
      }, PATIENCE);
    }
  }

  const events = ["change:cell", "change:answer"];
  for (const event of events) model.on(event, update);
  update();
  return () => {
    clearTimeout(timer);
    for (const event of events) model.off(event, update);
  };
}

export default { render };
