// The playground: a small multilayer perceptron learns in the browser, and every part says what it
// does. First the arithmetic, as in utils/neurons.py, then words, then one function for each part
// on the screen, last `render`.

const REACH = 3; // the plane goes from -REACH to REACH, along x1 and along x2
const SIDE = 48; // points on a side of the grid on which a map of the plane is computed
const SATURATED = 0.05; // part of the steepest slope, as in activations.py

// ---- Data -----------------------------------------------------------------------------------

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where a point of a class lies before noise; s and t are random, from 0 to 1. */
const SHAPES = {
  "two moons": (label, t) => {
    const [x1, x2] = [1.6 * Math.cos(Math.PI * t), 1.6 * Math.sin(Math.PI * t)];
    return label ? [0.8 - x1, 0.4 - x2] : [x1 - 0.8, x2 - 0.4];
  },
  circles: (label, t) => polar(label ? 0.8 : 2.1, 2 * Math.PI * t),
  XOR: (label, t, s) => {
    const [side, x1, x2] = [s < 0.5 ? -1 : 1, 0.3 + 1.8 * t, 0.3 + 1.8 * Math.abs(2 * s - 1)];
    return [side * x1, (label ? -side : side) * x2];
  },
  spirals: (label, t) => {
    const along = Math.sqrt(0.03 + 0.97 * t); // as dense outside as inside
    return polar(2.6 * along, TURNS * 2 * Math.PI * along + Math.PI * label);
  },
};
const TURNS = 1.75; // of each spiral

function polar(radius, angle) {
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** `count` points, both classes in turn: X holds x1 and x2 of each, labels their classes. */
export function makePoints(shape, count, noise, random) {
  const X = new Float64Array(2 * count);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    labels[n] = n % 2;
    const place = SHAPES[shape](labels[n], random(), random());
    const off = polar(noise * Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random());
    X[2 * n] = place[0] + off[0];
    X[2 * n + 1] = place[1] + off[1];
  }
  return { X, labels, count };
}

// ---- The network, as in utils/neurons.py ----------------------------------------------------

const sigmoid = (z) => 1 / (1 + Math.exp(-z)); // an infinite power makes it 0
const tanh = (z) => 2 * sigmoid(2 * z) - 1; // three times as fast as Math.tanh

/** Each activation of the net sum z, and its slope there; a is the activation at z. */
export const ACTIVATIONS = {
  linear: { value: (z) => z, slope: () => 1 },
  sigmoid: { value: sigmoid, slope: (z, a) => a * (1 - a) },
  tanh: { value: tanh, slope: (z, a) => 1 - a * a },
  relu: { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
  leaky_relu: { value: (z) => (z > 0 ? z : 0.01 * z), slope: (z) => (z > 0 ? 1 : 0.01) },
};

/** A network to be trained: weights uniform in +-sqrt(6 / (inputs + units)), biases 0.
 *  weights[l][i * units + j] leads from input i of layer l to its unit j. */
export function makeNetwork(sizes, activation, random) {
  const weights = sizes.slice(1).map((units, l) => {
    const limit = Math.sqrt(6 / (sizes[l] + units));
    return Float64Array.from({ length: sizes[l] * units }, () => limit * (2 * random() - 1));
  });
  return { sizes, activation, weights, biases: sizes.slice(1).map((n) => new Float64Array(n)) };
}

/** Room for what every layer computes for `count` points: net sums z, activations a, and the slopes
 *  dz of the loss along z. */
export function makeLayers(sizes, count) {
  const room = (units) => new Float64Array(count * units);
  return sizes.slice(1).map((units) => ({ z: room(units), a: room(units), dz: room(units) }));
}

/** Fills z and a of all layers for a batch; the last layer has no activation: it holds logits. */
export function forward({ sizes, activation, weights, biases }, X, layers) {
  const last = layers.length - 1;
  layers.forEach(({ z, a }, l) => {
    const { value } = ACTIVATIONS[l < last ? activation : "linear"];
    const [inputs, units, W, b] = [sizes[l], sizes[l + 1], weights[l], biases[l]];
    const given = l ? layers[l - 1].a : X;
    for (let place = 0, row = 0; place < z.length; row += inputs) {
      for (let j = 0; j < units; j++, place++) {
        let sum = b[j];
        for (let i = 0, k = j; i < inputs; i++, k += units) sum += given[row + i] * W[k];
        z[place] = sum;
        a[place] = value(sum);
      }
    }
  });
  return layers;
}

/** Mean cross-entropy in nats and the share of right answers, of two logits a point. */
export function score(logits, labels) {
  let [loss, right] = [0, 0];
  for (let n = 0; n < labels.length; n++) {
    const lead = logits[2 * n + labels[n]] - logits[2 * n + 1 - labels[n]];
    loss += Math.max(-lead, 0) + Math.log1p(Math.exp(-Math.abs(lead)));
    right += lead > 0 || (lead === 0 && labels[n] === 0) ? 1 : 0;
  }
  return { loss: loss / labels.length, right: right / labels.length };
}

/** Slopes of the loss along all weights and biases, by backpropagation, after `forward`. */
export function gradients({ sizes, activation, weights }, X, labels, layers) {
  const { slope } = ACTIVATIONS[activation];
  const slopes = { weights: weights.map((W) => new Float64Array(W.length)), biases: [] };
  const { z: logits, dz: first } = layers.at(-1);
  for (let n = 0; n < labels.length; n++) {
    const p = sigmoid(logits[2 * n + 1] - logits[2 * n]); // softmax of two
    first[2 * n + 1] = (p - labels[n]) / labels.length;
    first[2 * n] = -first[2 * n + 1];
  }
  for (let l = layers.length - 1; l >= 0; l--) {
    const [inputs, units, W, dW] = [sizes[l], sizes[l + 1], weights[l], slopes.weights[l]];
    const given = l ? layers[l - 1] : { a: X };
    const db = (slopes.biases[l] = new Float64Array(units));
    const dz = layers[l].dz;
    for (let n = 0; n < labels.length; n++) {
      for (let j = 0; j < units; j++) db[j] += dz[n * units + j];
      for (let i = 0; i < inputs; i++) {
        const place = n * inputs + i;
        let back = 0;
        for (let j = 0; j < units; j++) {
          dW[i * units + j] += given.a[place] * dz[n * units + j];
          back += W[i * units + j] * dz[n * units + j];
        }
        if (l) given.dz[place] = back * slope(given.z[place], given.a[place]);
      }
    }
  }
  return slopes;
}

/** The network after one step of gradient descent. */
export function descended(network, slopes, rate) {
  const moved = (values, along) => values.map((value, k) => value - rate * along[k]);
  return {
    ...network,
    weights: network.weights.map((W, l) => moved(W, slopes.weights[l])),
    biases: network.biases.map((b, l) => moved(b, slopes.biases[l])),
  };
}

// ---- A training -----------------------------------------------------------------------------

const REMEMBERED = 200; // losses that the curve keeps, twice as many at most

/** Points, a network and what it computes for them, before the first step. */
export function startTraining({ data, noise, points, layers, units, activation, seed }) {
  const random = randomNumbers(seed);
  const [train, test] = [0, 1].map(() => makePoints(data, points, noise, random));
  const sizes = [2, ...Array(layers).fill(units), 2];
  const run = {
    train, test, step: 0, every: 1, history: [],
    network: makeNetwork(sizes, activation, random),
    layers: makeLayers(sizes, points),
    testLayers: makeLayers(sizes, points),
  };
  measure(run);
  return run;
}

function measure(run) {
  for (const [points, layers] of [[run.train, run.layers], [run.test, run.testLayers]]) {
    Object.assign(points, score(forward(run.network, points.X, layers).at(-1).z, points.labels));
  }
  if (run.step % run.every) return;
  run.history.push([run.step, run.train.loss, run.test.loss]);
  if (run.history.length < 2 * REMEMBERED) return;
  run.every *= 2;
  run.history = run.history.filter(([step]) => step % run.every === 0);
}

/** One step of gradient descent on the whole batch; false, and no step, where numbers overflow. */
export function takeStep(run, rate) {
  const { network, train, layers } = run;
  const moved = descended(network, gradients(network, train.X, train.labels, layers), rate);
  const { loss } = score(forward(moved, train.X, layers).at(-1).z, train.labels);
  if (Number.isFinite(loss)) {
    run.network = moved;
    run.step += 1;
  }
  measure(run);
  return Number.isFinite(loss);
}

// ---- What a unit computes, and the chain rule at a weight -----------------------------------

/** The chain rule at the weight from input `from` (-1: the bias) to unit `to` of a layer, for the
 *  loss of point n alone, after `gradients`; the mean of all products is the weight's slope. */
export function link({ sizes, activation, weights }, { X, count }, layers, { layer, from, to }, n) {
  const [inputs, units, next] = sizes.slice(layer, layer + 3);
  const { z, a, dz } = layers[layer];
  const place = n * units + to;
  const given = layer ? layers[layer - 1].a : X;
  const input = from < 0 ? 1 : given[n * inputs + from];
  if (next === undefined) return chained([], count * dz[place], 1, input);
  const paths = Array.from({ length: next }, (_, k) => ({
    weight: weights[layer + 1][to * next + k],
    dz: count * layers[layer + 1].dz[n * next + k],
  }));
  const back = paths.reduce((sum, path) => sum + path.weight * path.dz, 0);
  return chained(paths, back, ACTIVATIONS[activation].slope(z[place], a[place]), input);
}

function chained(paths, back, local, input) {
  return { paths, back, local, input, product: back * local * input };
}

/** At how many points a unit is on (z > 0), and at how many less than 5 % of its steepest slope is
 *  left. */
export function census(activation, { z, a }, units, unit) {
  const { value, slope } = ACTIVATIONS[activation];
  const least = SATURATED * slope(1e-9, value(1e-9));
  let [on, flat] = [0, 0];
  for (let place = unit; place < z.length; place += units) {
    on += z[place] > 0;
    flat += slope(z[place], a[place]) < least;
  }
  return { on, flat };
}

/** Where z grows fastest, in words. */
export function direction(w1, w2) {
  const names = ["right", "upper right", "top", "upper left", "left", "lower left", "bottom",
    "lower right"];
  return names[(Math.round(Math.atan2(w2, w1) / (Math.PI / 4)) + 8) % 8];
}

/** The lines on which numbers at the points of a grid are 0: pieces [x, y, x, y], in grid steps. */
export function zeroLines(valueAt, side) {
  const pieces = [];
  const isAbove = (place) => (valueAt(place) > 0 ? 1 : 0);
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const first = row * side + column;
      const below = first + side;
      const above = isAbove(first) + isAbove(first + 1) + isAbove(below) + isAbove(below + 1);
      if (above % 4 === 0) continue;
      const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([right, down]) => {
        const [x, y] = [column + right, row + down];
        return [x, y, valueAt(y * side + x)];
      });
      const ends = corners.flatMap(([x, y, value], k) => {
        const [x2, y2, other] = corners[(k + 1) % 4];
        if (value > 0 === other > 0) return [];
        const part = value / (value - other);
        return [[x + part * (x2 - x), y + part * (y2 - y)]];
      });
      for (let k = 0; k + 1 < ends.length; k += 2) pieces.push([...ends[k], ...ends[k + 1]]);
    }
  }
  return pieces;
}

// ---- Numbers as text ------------------------------------------------------------------------

/** Three digits, small ones as a power of ten, with a true minus sign. */
export function formatNumber(value) {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e4) {
    const decimals = Math.max(0, 2 - Math.floor(Math.log10(size)));
    return value.toFixed(Math.min(decimals, 6)).replace("-", "−");
  }
  if (!size) return "0";
  const [digits, exponent] = value.toExponential(1).split("e");
  const raise = (one) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(one)];
  const raised = String(Number(exponent)).replace(/./g, raise);
  return `${digits.replace("-", "−")}·10${raised}`;
}

const inBrackets = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
const percent = (share) => `${Math.floor(100 * share + 1e-9)}\u00a0%`;
const plain = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

const SHOWN = { relu: "ReLU", leaky_relu: "leaky ReLU", linear: "none (linear)" };
const MARKS = ["●", "▲"];

function unitName(sizes, { layer, unit }) {
  if (layer === sizes.length - 2) return `logit of class ${unit}`;
  return `unit ${unit + 1} of layer ${layer + 1}`;
}

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

/** What comes into a layer, as a symbol; -1 is the bias. */
function inputName(layer, from) {
  return from < 0 ? "1" : `${layer ? "h" : "x"}${from + 1}`;
}

// ---- Colors ---------------------------------------------------------------------------------

// Numbers: orange (light) below 0, white at 0, purple (dark) above. Classes: blue and vermillion.
const POSITIVE = "#5e3c99";
const NEGATIVE = "#b35806";
const CLASSES = ["#0072b2", "#d55e00"];
const SIGNED = palette([[241, 163, 64], [250, 250, 250], [94, 60, 153]]);
const SIDES = palette([[120, 178, 214], [255, 255, 255], [238, 158, 98]]);

/** 256 colors between three, each as the four bytes of a pixel. */
function palette(stops) {
  return Uint32Array.from({ length: 256 }, (_, k) => {
    const [low, part] = k < 128 ? [0, k / 127.5] : [1, k / 127.5 - 1];
    const mix = (value, c) => value + part * (stops[low + 1][c] - value);
    const [red, green, blue] = stops[low].map(mix);
    return (255 << 24) | (blue << 16) | (green << 8) | red;
  });
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

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** A canvas as large as its place in the style sheet; `fit` returns its context and size. */
function canvas(attributes) {
  const node = element("canvas", attributes);
  const fit = () => {
    const [width, height] = [node.clientWidth, node.clientHeight];
    node.width = width * devicePixelRatio;
    node.height = height * devicePixelRatio;
    const context = node.getContext("2d");
    context.scale(devicePixelRatio, devicePixelRatio);
    return { context, width, height };
  };
  return { node, fit };
}

/** Maps of the plane, one below the other: numbers at the points of the grid become the colors of
 *  a palette. First `fill` each of them, then `draw` them all where they belong. */
function painter(count) {
  const sheet = element("canvas", { width: SIDE, height: SIDE * count });
  const context = sheet.getContext("2d");
  const image = context.createImageData(SIDE, SIDE * count);
  const pixels = new Uint32Array(image.data.buffer);
  function fill(map, colors, valueAt) {
    for (let place = 0; place < SIDE * SIDE; place++) {
      const level = 127.5 * (1 + valueAt(place));
      pixels[map * SIDE * SIDE + place] = colors[level < 0 ? 0 : level > 255 ? 255 : level | 0];
    }
  }
  function draw(target, boxes) {
    context.putImageData(image, 0, 0);
    boxes.forEach(({ left, top, size }, map) => {
      target.drawImage(sheet, 0, map * SIDE, SIDE, SIDE, left, top, size, size);
    });
  }
  return { fill, draw };
}

const GRID = Float64Array.from({ length: 2 * SIDE * SIDE }, (_, k) => {
  const step = (2 * REACH) / SIDE;
  const [row, column] = [Math.floor(k / 2 / SIDE), Math.floor(k / 2) % SIDE];
  return k % 2 ? REACH - (row + 0.5) * step : (column + 0.5) * step - REACH;
});

function line(context, x, y, x2, y2) {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x2, y2);
  context.stroke();
}

// ---- Controls -------------------------------------------------------------------------------

/** Play, Step, Reset, how far it is, and what went wrong. */
function playBar(actions) {
  const key = (letter, does) => ({ title: `${does} (key ${letter})`, "aria-keyshortcuts": letter });
  const play = button("", actions.togglePlay, { class: "pg-play", ...key("P", "Play or pause") });
  const step = button("Step", actions.stepOnce, key("S", "One step of gradient descent"));
  const reset = button("Reset", actions.reset, key("R", "Back to step 0"));
  const counter = element("span", { class: "pg-counter" });
  const message = element("span", { class: "pg-message", role: "status" });
  const root = element("div", { class: "pg-bar" }, play, step, reset, counter, message);
  function update({ run, playing, complaint }) {
    setText(play, playing ? "❚❚ Pause" : "▶\uFE0E Play");
    setText(counter, `step ${plain(run.step)}`);
    setText(message, complaint);
  }
  return { root, update };
}

const SETTINGS = {
  data: "Data", noise: "Noise", points: "Points", layers: "Layers", units: "Units",
  activation: "Activation", rate: "Rate", seed: "Seed",
};
const TIPS = {
  points: "points to train on; as many more are held out for the test",
  layers: "hidden layers", units: "units in each hidden layer", rate: "learning rate",
  seed: "of the points and of the first weights",
};

function settingsPanel(model, actions) {
  const options = model.get("_options");
  const choose = (name) => (index) => actions.choose(name, options[name][index]);
  const fields = Object.entries(SETTINGS).map(([name, title]) => {
    const make = typeof options[name][0] === "string" ? menu : slider;
    return make(title, options[name], choose(name), { title: TIPS[name] ?? "" });
  });
  const root = element("div", { class: "pg-settings", role: "group", "aria-label": "Settings" });
  root.append(...fields.map((field) => field.root));
  const names = Object.keys(SETTINGS);
  return { root, update: () => fields.forEach((field, k) => field.show(model.get(names[k]))) };
}

function menu(title, values, onIndex, attributes) {
  const texts = values.map((value) => element("option", {}, SHOWN[value] ?? value));
  const field = element("select", { "aria-label": title }, ...texts);
  field.addEventListener("change", () => onIndex(field.selectedIndex));
  const name = element("span", {}, title);
  const root = element("label", { class: "pg-field", ...attributes }, name, field);
  return { root, show: (value) => (field.selectedIndex = values.indexOf(value)) };
}

function slider(title, values, onIndex, attributes) {
  const last = values.length - 1;
  const range = { type: "range", min: 0, max: last, step: 1, "aria-label": title };
  const field = element("input", range);
  const number = element("span", { class: "pg-number", "aria-hidden": "true" });
  field.addEventListener("input", () => onIndex(Number(field.value)));
  const name = element("span", {}, title);
  const root = element("label", { class: "pg-field", ...attributes }, name, field, number);
  const show = (value) => {
    field.value = values.indexOf(value);
    field.setAttribute("aria-valuetext", value);
    setText(number, String(value));
  };
  return { root, show };
}

// ---- The network ----------------------------------------------------------------------------

/** Columns of units, each a small picture of what it makes of the plane, and the weights between
 *  them. A click chooses a unit or a weight; arrow keys walk from unit to unit. */
function networkPanel(actions) {
  const edges = canvas({ class: "pg-edges", "aria-hidden": "true" });
  const columns = element("div", { class: "pg-columns" });
  const faces = canvas({ class: "pg-faces", "aria-hidden": "true" });
  const root = element(
    "div", { class: "pg-network", role: "group", "aria-label": "Network" }, edges.node, faces.node,
    columns,
  );
  let [nodes, places, weights, paint, sheet, face, built] = [[], [], [], null, null, null, ""];

  function build({ sizes }) {
    nodes = sizes.map((count, column) =>
      Array.from({ length: count }, (_, unit) => makeNode(sizes, column, unit)),
    );
    weights = sizes.slice(1).flatMap((units, layer) =>
      Array.from({ length: sizes[layer] * units }, (_, k) => (
        { layer, from: Math.floor(k / units), to: k % units }
      )),
    );
    paint = painter(nodes.flat().length);
    places = [];
    const titles = sizes.map((_, column) => `layer ${column}`).with(0, "inputs").with(-1, "output");
    const last = sizes.length - 1;
    columns.replaceChildren(...nodes.map((column, k) => {
      const labels = { 0: ["x1", "x2"], [last]: MARKS.map((mark, c) => `${mark} ${c}`) }[k] ?? [];
      const shown = column.map((node, unit) => {
        const label = labels[unit] ? element("div", {}, labels[unit]) : "";
        return element("div", { class: "pg-node" }, node, label);
      });
      const heading = element("div", { class: "pg-heading" }, titles[k]);
      return element("div", { class: "pg-column" }, heading, element("div", {}, ...shown));
    }));
    fit();
  }

  function makeNode(sizes, column, unit) {
    if (!column) return element("span", { "aria-hidden": "true" });
    const chosen = { layer: column - 1, unit };
    const label = capitalized(unitName(sizes, chosen));
    const node = button("", () => actions.select(chosen), { "aria-label": label, title: label });
    node.tabIndex = column === 1 && unit === 0 ? 0 : -1; // one stop for Tab, arrows do the rest
    node.addEventListener("focus", () => {
      for (const other of nodes.slice(1).flat()) other.tabIndex = other === node ? 0 : -1;
    });
    node.addEventListener("keydown", (event) => {
      const next = nodes[column + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0)];
      const down = { ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0;
      if (!event.key.startsWith("Arrow")) return;
      event.preventDefault();
      next?.[Math.min(unit + down, next.length - 1)]?.focus();
    });
    return node;
  }

  /** Take the sizes from the style sheet: contexts to draw on, and the place of every unit. */
  function fit() {
    [sheet, face] = [edges.fit(), faces.fit()];
    if (!root.offsetParent) return;
    const offset = (node, axis) =>
      node === root ? 0 : node[axis] + offset(node.offsetParent, axis);
    places = nodes.map((column) => column.map((node) => (
      { left: offset(node, "offsetLeft"), top: offset(node, "offsetTop"), size: node.offsetWidth }
    )));
  }

  function ends({ layer, from, to }) {
    const [start, end] = [places[layer][from], places[layer + 1][to]];
    const middle = ({ top, size }) => top + size / 2;
    return [start.left + start.size, middle(start), end.left, middle(end)];
  }

  function nearest(event) {
    let [best, least] = [null, 8]; // pixels
    for (const weight of weights) {
      const distance = distanceTo(ends(weight), event.offsetX, event.offsetY);
      if (distance < least) [best, least] = [weight, distance];
    }
    return best;
  }

  edges.node.addEventListener("click", (event) => actions.select(nearest(event)));
  edges.node.addEventListener("pointermove", (event) => {
    edges.node.style.cursor = nearest(event) ? "pointer" : "";
  });

  function drawEdges({ network, selected }) {
    const { context, width, height } = sheet;
    context.clearRect(0, 0, width, height);
    for (const weight of weights) {
      const { layer, from, to } = weight;
      const value = network.weights[layer][from * network.sizes[layer + 1] + to];
      const thick = Math.min(0.6 + 1.6 * Math.abs(value), 6);
      const isChosen = selected && isSame(selected, weight);
      context.globalAlpha = isOnPath(selected, weight) ? 0.85 : 0.13;
      if (isChosen) {
        context.setLineDash([]);
        [context.strokeStyle, context.lineWidth] = ["#000", thick + 5];
        line(context, ...ends(weight));
      }
      context.strokeStyle = value < 0 ? NEGATIVE : POSITIVE;
      context.lineWidth = thick;
      context.setLineDash(value < 0 ? [5, 4] : []);
      line(context, ...ends(weight));
    }
    context.globalAlpha = 1;
  }

  function drawNodes({ network, maps, selected }) {
    let map = 0;
    for (const axis of [0, 1]) paint.fill(map++, SIGNED, (place) => GRID[2 * place + axis] / REACH);
    maps.forEach(({ a }, layer) => {
      const units = network.sizes[layer + 1];
      const limit = largest(a);
      nodes[layer + 1].forEach((node, unit) => {
        paint.fill(map++, SIGNED, (place) => a[place * units + unit] / limit);
        node.setAttribute("aria-pressed", isSame(selected, { layer, unit }));
      });
    });
    paint.draw(face.context, places.flat());
  }

  function update(now) {
    const plan = String(now.run.network.sizes);
    if (plan !== built) build(now.run.network);
    built = plan;
    if (!places.length) return; // on a slide that is not shown yet
    if (now.withWords) drawEdges({ ...now, network: now.run.network });
    drawNodes({ ...now, network: now.run.network });
  }
  return { root, fit, update };
}

/** Pixels between a point and a line. */
function distanceTo([x, y, x2, y2], left, top) {
  const [along, down] = [x2 - x, y2 - y];
  const part = ((left - x) * along + (top - y) * down) / (along ** 2 + down ** 2);
  const inside = Math.min(Math.max(part, 0), 1);
  return Math.hypot(x + inside * along - left, y + inside * down - top);
}

/** Whether a weight belongs to what is chosen: all of them where nothing is; those in and out of a
 *  unit; a weight and the rest of its path to the loss. */
export function isOnPath(selected, { layer, from, to }) {
  if (!selected) return true;
  if (selected.unit !== undefined) {
    const comesIn = layer === selected.layer && to === selected.unit;
    return comesIn || (layer === selected.layer + 1 && from === selected.unit);
  }
  if (layer === selected.layer) return from === selected.from && to === selected.to;
  return layer === selected.layer + 1 ? from === selected.to : layer > selected.layer;
}

function isSame(one, other) {
  return one !== null && ["layer", "unit", "from", "to"].every((key) => one[key] === other[key]);
}

function largest(values) {
  let most = 1;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

// ---- The plane ------------------------------------------------------------------------------

/** The plane with its points: the answer of the network and its boundary, or the chosen unit. */
function planePanel(actions) {
  const heading = element("div", { class: "pg-heading" });
  const map = canvas({ "aria-hidden": "true" });
  const dots = canvas({ "aria-hidden": "true" });
  const attributes = { class: "pg-plane", tabindex: 0, role: "slider", "aria-valuemin": 0 };
  const stage = element("div", attributes, map.node, dots.node);
  const root = element("div", { class: "pg-answer" }, heading, stage);
  const paint = painter(1);
  let [ground, above, drawn] = [null, null, {}];

  const pixel = (value, axis) =>
    ((axis ? REACH - value : value + REACH) / (2 * REACH)) * ground.width;

  stage.addEventListener("click", (event) => {
    const { X, count } = actions.run().train;
    let [best, least] = [null, 14]; // pixels
    for (let n = 0; n < count; n++) {
      const [x, y] = [pixel(X[2 * n], 0), pixel(X[2 * n + 1], 1)];
      const distance = Math.hypot(x - event.offsetX, y - event.offsetY);
      if (distance < least) [best, least] = [n, distance];
    }
    actions.follow(best);
  });
  stage.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    actions.followNext(step);
  });

  function drawMap({ run: { network }, maps, unit }) {
    const { context, width } = ground;
    const { a } = maps.at(-1);
    const lead = (place) => a[2 * place + 1] - a[2 * place];
    const whole = [{ left: 0, top: 0, size: width }];
    if (unit) {
      const [units, values] = [network.sizes[unit.layer + 1], maps[unit.layer]];
      const limit = largest(values.a);
      paint.fill(0, SIGNED, (place) => values.a[place * units + unit.unit] / limit);
      paint.draw(context, whole);
      drawZero(context, (place) => values.z[place * units + unit.unit], true);
    } else {
      paint.fill(0, SIDES, (place) => tanh(lead(place) / 2));
      paint.draw(context, whole);
      drawUnits(context, network);
      drawZero(context, lead, false);
    }
  }

  function drawZero(context, valueAt, dashed) {
    const step = ground.width / SIDE;
    [context.strokeStyle, context.lineWidth] = ["#000", 3];
    context.setLineDash([]);
    context.beginPath();
    zeroLines(valueAt, SIDE).forEach(([x, y, x2, y2], k) => {
      if (dashed && k % 3 === 2) return;
      context.moveTo((x + 0.5) * step, (y + 0.5) * step);
      context.lineTo((x2 + 0.5) * step, (y2 + 0.5) * step);
    });
    context.stroke();
  }

  /** The lines of the first hidden layer, thin and dashed: what the boundary is bent from. */
  function drawUnits(context, { sizes, weights, biases }) {
    if (sizes.length < 3) return;
    [context.strokeStyle, context.lineWidth] = ["rgb(0 0 0 / 35%)", 1.2];
    context.setLineDash([5, 5]);
    biases[0].forEach((bias, unit) => {
      const [w1, w2] = [weights[0][unit], weights[0][sizes[1] + unit]];
      const length = Math.hypot(w1, w2);
      const foot = [-(bias * w1) / length ** 2, -(bias * w2) / length ** 2];
      const far = (side) => [
        pixel(foot[0] - (side * 3 * REACH * w2) / length, 0),
        pixel(foot[1] + (side * 3 * REACH * w1) / length, 1),
      ];
      line(context, ...far(-1), ...far(1));
    });
  }

  /** Training points filled, test points hollow; faint where the chosen unit is off. */
  function drawDots({ run: { network, train, test, layers }, unit, point }) {
    const { context, width } = above;
    const radius = Math.max(3.2, width / 90);
    context.clearRect(0, 0, width, width);
    const draw = (points, filled, isFaint) => {
      for (let n = 0; n < points.count; n++) {
        context.globalAlpha = isFaint(n) ? 0.22 : 1;
        drawMark(context, points, n, radius, filled);
      }
    };
    const units = unit && network.sizes[unit.layer + 1];
    if (!unit) draw(test, false, () => false);
    draw(train, true, (n) => unit && layers[unit.layer].z[n * units + unit.unit] <= 0);
    context.globalAlpha = 1;
    if (point === null) return;
    context.beginPath();
    context.arc(pixel(train.X[2 * point], 0), pixel(train.X[2 * point + 1], 1), 2.6 * radius, 0, 7);
    [context.strokeStyle, context.lineWidth] = ["#000", 2.5];
    context.stroke();
  }

  function drawMark(context, { X, labels }, n, radius, filled) {
    const [x, y, color] = [pixel(X[2 * n], 0), pixel(X[2 * n + 1], 1), CLASSES[labels[n]]];
    context.beginPath();
    if (labels[n]) {
      context.moveTo(x, y - 1.25 * radius);
      context.lineTo(x + 1.2 * radius, y + 0.85 * radius);
      context.lineTo(x - 1.2 * radius, y + 0.85 * radius);
      context.closePath();
    } else context.arc(x, y, radius, 0, 7);
    context.fillStyle = filled ? color : "#fff";
    context.strokeStyle = filled ? "#fff" : color;
    context.lineWidth = filled ? 1 : 1.5;
    context.fill();
    context.stroke();
  }

  function update(now) {
    const { run, unit, point } = now;
    drawMap(now);
    if (unit || drawn.train !== run.train || drawn.point !== point) drawDots(now);
    drawn = unit ? {} : { train: run.train, point };
    const title = unit ? unitName(run.network.sizes, unit) : "output: P(class 1)";
    setText(heading, title);
    stage.setAttribute("aria-label", `Plane, ${title}. Arrow keys follow one training point`);
    stage.setAttribute("aria-valuemax", run.train.count);
    stage.setAttribute("aria-valuenow", point === null ? 0 : point + 1);
    stage.setAttribute("aria-valuetext", point === null ? "no point" : pointText(run, point));
  }
  function fit() {
    [ground, above, drawn] = [map.fit(), dots.fit(), {}];
  }
  return { root, fit, update };
}

function pointText({ train: { X, labels, count } }, n) {
  const [x1, x2] = [X[2 * n], X[2 * n + 1]].map(formatNumber);
  const label = `class ${labels[n]} ${MARKS[labels[n]]}`;
  return `Point ${n + 1} of ${count}: x1 = ${x1}, x2 = ${x2}, ${label}`;
}

// ---- The loss -------------------------------------------------------------------------------

function lossPanel() {
  const curve = canvas({ "aria-hidden": "true" });
  const lines = [["solid", "training", "●▲"], ["dashed", "test", "○△"]];
  const rows = lines.map(([look, name, marks]) => {
    const sign = element("span", { "aria-hidden": "true" }, ` ${marks}`);
    const title = element("span", {}, element("span", { class: `pg-${look}` }, name, sign));
    return [title, element("span"), element("span")];
  });
  const heads = ["", "loss", "right"].map((text) => element("span", {}, text));
  const table = element("div", { class: "pg-scores" }, ...heads, ...rows.flat());
  const [top, bottom, first, last] = ["", "0", "0", ""].map((text) => element("span", {}, text));
  const chart = element(
    "div", { class: "pg-chart" }, element("div", {}, top, bottom), curve.node,
    element("div", {}, first, last),
  );
  const attributes = { class: "pg-loss", role: "group", "aria-label": "Loss" };
  const root = element("div", attributes, table, chart);
  let paper = null;

  function draw({ history, train, test, step }) {
    const { context, width, height } = paper;
    const points = [...history, [step, train.loss, test.loss]];
    const most = points.reduce((high, [, one, other]) => Math.max(high, one, other), 0.7);
    const end = Math.max(step, 100);
    context.clearRect(0, 0, width, height);
    [[CLASSES[0], []], [CLASSES[1], [6, 4]]].forEach(([color, dash], curve) => {
      [context.strokeStyle, context.lineWidth] = [color, 2.5 - 0.5 * curve];
      context.setLineDash(dash);
      context.beginPath();
      for (const point of points) {
        const share = point[1 + curve] / most;
        context.lineTo((point[0] / end) * width, height - 2 - share * (height - 4));
      }
      context.stroke();
    });
    setText(top, formatNumber(most));
    setText(last, `step ${plain(end)}`);
  }

  function update({ run, playing }) {
    draw(run);
    table.setAttribute("aria-live", playing ? "off" : "polite");
    [run.train, run.test].forEach(({ loss, right }, k) => {
      setText(rows[k][1], formatNumber(loss));
      setText(rows[k][2], percent(right));
    });
  }
  return { root, fit: () => (paper = curve.fit()), update };
}

// ---- What is chosen, in words and numbers ---------------------------------------------------

const STRONGEST = 2; // points of a batch that are shown

function explainPanel(actions) {
  const root = element("div", { class: "pg-explain", role: "region", "aria-label": "Explanation" });
  let [built, lives] = ["", []];

  /** A piece of text that follows the training. */
  const live = (text, tag = "span", attributes = {}) => {
    const node = element(tag, attributes);
    lives.push((now) => setText(node, text(now)));
    return node;
  };

  function build({ selected, point, run }) {
    const hadFocus = root.contains(document.activeElement);
    lives = [];
    let make = point === null ? hint : pointWords;
    if (selected) make = selected.unit === undefined ? weightWords : unitWords;
    root.replaceChildren(...make(live, actions, run, selected ?? point, point).filter(Boolean));
    if (hadFocus) root.querySelector("button")?.focus();
  }

  function update(now) {
    const { run, selected, point } = now;
    const { sizes, activation } = run.network;
    const plan = JSON.stringify([selected, point, sizes, activation]);
    if (plan !== built) build(now);
    built = plan;
    const chains = selected?.to === undefined ? {} : summed(links(run, selected));
    for (const refresh of lives) refresh({ ...run, ...chains, rate: actions.rate() });
  }
  return { root, update };
}

/** The chain rule at a weight for every point of the batch. */
function links(run, weight) {
  const { network, train, layers } = run;
  gradients(network, train.X, train.labels, layers);
  const at = (_, n) => ({ n, ...link(network, train, layers, weight, n) });
  return Array.from({ length: train.count }, at);
}

/** The chains, those of the largest products first, and the mean of the products. */
function summed(chains) {
  const size = ({ product }) => Math.abs(product);
  const strongest = chains.toSorted((one, other) => size(other) - size(one));
  const slope = chains.reduce((sum, { product }) => sum + product, 0) / chains.length;
  return { chains, strongest, slope };
}

const paragraph = (...children) => element("p", {}, ...children);
const titled = (...children) => element("div", { class: "pg-title" }, ...children);

function hint() {
  return [
    paragraph("Play, and watch the boundary bend. Then ask the parts:"),
    element(
      "ul", {},
      element("li", {}, "choose a unit: what it computes, and where it is on;"),
      element("li", {}, "choose a line: the chain rule at this weight, in numbers;"),
      element("li", {}, "choose a point: follow it alone. Escape lets go."),
    ),
    paragraph("Keys: P plays and pauses, S takes one step, R resets."),
  ];
}

function pointWords(live, actions, run, n) {
  const logits = ({ layers }) => [0, 1].map((k) => layers.at(-1).z[2 * n + k]);
  const own = (run) => {
    const [z0, z1] = logits(run);
    return sigmoid(run.train.labels[n] ? z1 - z0 : z0 - z1);
  };
  const label = run.train.labels[n];
  return [
    titled(pointText(run, n)),
    live((now) => `Logits: ${logits(now).map(formatNumber).join(" and ")}.`, "p"),
    live((now) => {
      const p = formatNumber(own(now));
      const loss = formatNumber(-Math.log(own(now)));
      return `Softmax gives class ${label} the probability ${p}: the loss is −ln ${p} = ${loss}.`;
    }, "p"),
    paragraph("Choose a line, and see how this point pulls at its weight."),
  ];
}

function unitWords(live, actions, run, unit, point) {
  const { sizes, activation } = run.network;
  const { layer, unit: number } = unit;
  const isLogit = layer === sizes.length - 2;
  const [units, inputs] = [sizes[layer + 1], sizes[layer]];
  const valueOf = ({ network }, from) =>
    from < 0 ? network.biases[layer][number] : network.weights[layer][from * units + number];
  const term = (from, place) => {
    const text = (now) => {
      const value = valueOf(now, from);
      const sign = place ? (value < 0 ? "− " : "+ ") : value < 0 ? "−" : "";
      return sign + formatNumber(Math.abs(value)) + (from < 0 ? "" : `·${inputName(layer, from)}`);
    };
    return weightButton(live, text, actions, { layer, from, to: number });
  };
  const froms = [...Array(inputs).keys(), -1];
  const bend = activation === "linear" ? "z" : `${SHOWN[activation] ?? activation}(z)`;
  return [
    titled(capitalized(unitName(sizes, unit)), isLogit ? "" : `: a = ${bend}`),
    element("p", { class: "pg-formula" }, "z = ", ...froms.map(term)),
    live((now) => lineWords(now.network, unit), "p"),
    live((now) => onWords(now, unit), "p"),
    point === null ? null : live((now) => atPointWords(now, unit, point), "p"),
  ];
}

/** Where the line of a unit lies, in words. */
export function lineWords({ sizes, activation, weights, biases }, { layer, unit }) {
  if (layer && activation !== "linear") {
    return `Where z = 0 (dashed) may bend: z adds up what the ${sizes[layer]} units before it say.`;
  }
  if (layer) return "Where z = 0 (dashed) is straight: without activations, layers stay one line.";
  const [w1, w2] = [weights[0][unit], weights[0][sizes[1] + unit]];
  const steep = Math.hypot(w1, w2);
  const off = formatNumber(Math.abs(biases[0][unit]) / steep);
  return `z = 0 is a straight line (dashed), ${off} from the middle. From it z grows toward the `
    + `${direction(w1, w2)}, by ${formatNumber(steep)} per unit of length.`;
}

/** Where a unit is on, and where it does not learn. */
export function onWords({ network, train: { count }, layers }, { layer, unit }) {
  const { sizes, activation, weights } = network;
  const units = sizes[layer + 1];
  const isLogit = layer === sizes.length - 2;
  const { on, flat } = census(isLogit ? "linear" : activation, layers[layer], units, unit);
  if (isLogit) {
    const both = "Softmax makes probabilities of both logits.";
    return `Above 0 at ${on} of ${count} training points. ${both}`;
  }
  const parts = [`On (z\u00a0>\u00a00) at ${on} of ${count} training points.`];
  if (activation === "relu") {
    const dead = "It is dead: no slope comes back, it cannot learn.";
    parts.push(on ? `Off at ${flat}: no slope comes back there.` : dead);
  } else if (activation === "tanh" || activation === "sigmoid") {
    parts.push(`Saturated (below 5 % of its steepest slope) at ${flat}.`);
  }
  if (layer === sizes.length - 3) {
    const lead = weights[layer + 1][2 * unit + 1] - weights[layer + 1][2 * unit];
    const weight = formatNumber(Math.abs(lead));
    parts.push(`It speaks for class ${lead > 0 ? 1 : 0} where a\u00a0>\u00a00 (weight ${weight}).`);
  }
  return parts.join(" ");
}

function atPointWords({ network: { sizes, activation }, layers }, { layer, unit }, n) {
  const place = n * sizes[layer + 1] + unit;
  const [z, a] = [layers[layer].z[place], layers[layer].a[place]];
  if (layer === sizes.length - 2) return `At the ringed point: z = ${formatNumber(z)}.`;
  const slope = formatNumber(ACTIVATIONS[activation].slope(z, a));
  return `At the ringed point: z = ${formatNumber(z)}, a = ${formatNumber(a)}, da/dz = ${slope}.`;
}

/** A weight in a formula: a button that leads to the chain rule at this weight. */
function weightButton(live, text, actions, weight) {
  const attributes = { type: "button", class: "pg-term", title: "the chain rule here" };
  const node = live(text, "button", attributes);
  node.addEventListener("click", () => actions.select(weight));
  return node;
}

function weightWords(live, actions, run, weight, point) {
  const { sizes, activation } = run.network;
  const { layer, from, to } = weight;
  const isLogit = layer === sizes.length - 2;
  const target = { layer, unit: to };
  const value = ({ network }) =>
    from < 0 ? network.biases[layer][to] : network.weights[layer][from * sizes[layer + 1] + to];
  const title = from < 0 ? "bias →" : `${inputName(layer, from)} →`;
  const back = button(unitName(sizes, target), () => actions.select(target));
  const letter = from < 0 ? "b" : "w";
  const pressed = (state) => ({ "aria-pressed": state });
  const mode = element(
    "span", { class: "pg-switch", role: "group", "aria-label": "For" },
    button("batch", () => actions.follow(null), pressed(point === null)),
    button("one point", () => actions.followNext(0), pressed(point !== null)),
  );
  const heads = [
    ["", ""],
    ["dL/da", isLogit ? "p − y" : "comes back"],
    ["da/dz", isLogit ? "linear: 1" : `slope of ${SHOWN[activation] ?? activation}`],
    [from < 0 ? "1" : inputName(layer, from), "comes in"],
    [`dL/d${letter}`, "product"],
  ].map(([symbol, words]) => element("th", { scope: "col" }, symbol, element("small", {}, words)));
  const rows = point === null
    ? batchRows(live, actions)
    : [factorRow(live, `point ${point + 1}`, ({ chains }) => chains[point])];
  return [
    titled(title, back, live((now) => `${letter} = ${formatNumber(value(now))}`), mode),
    element(
      "table", {}, element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...rows),
    ),
    point === null
      ? live((now) => stepWords(letter, value(now), now), "p")
      : element("p", { class: "pg-paths" }, ...pathWords(live, actions, run, weight, point)),
  ];
}

function stepWords(letter, value, { rate, slope }) {
  const [before, after] = [value, value - rate * slope].map(formatNumber);
  const change = `${rate}·${inBrackets(slope)}`;
  return `The next step: ${letter} − rate · mean = ${before} − ${change} = ${after}`;
}

/** A row of factors and their product. */
function factorRow(live, head, chainOf) {
  const cell = (text) => element("td", {}, live((now) => text(chainOf(now))));
  return element(
    "tr", {}, element("th", { scope: "row" }, head),
    cell(({ back }) => `${formatNumber(back)} ×`), cell(({ local }) => `${formatNumber(local)} ×`),
    cell(({ input }) => `${formatNumber(input)} =`), cell(({ product }) => formatNumber(product)),
  );
}

/** The points that pull hardest at a weight, and the mean of all. */
function batchRows(live, actions) {
  const rows = Array.from({ length: STRONGEST }, (_, rank) => {
    let n = 0;
    const head = button("", () => actions.follow(n));
    head.append(live(({ strongest }) => `point ${(n = strongest[rank].n) + 1}`));
    return factorRow(live, head, ({ strongest }) => strongest[rank]);
  });
  const words = live(({ train }) => `mean of all ${train.count} products (above: the two largest)`);
  const mean = element("td", {}, live(({ slope }) => formatNumber(slope)));
  return [...rows, element("tr", {}, element("th", { scope: "row", colspan: 4 }, words), mean)];
}

/** The rest of the path: where dL/da comes from; every term leads on to the weight behind it. */
function pathWords(live, actions, { network: { sizes }, train }, { layer, to }, n) {
  if (layer === sizes.length - 2) {
    const truth = train.labels[n] === to ? 1 : 0;
    const p = ({ chains }) => formatNumber(chains[n].back + truth);
    const meaning = `probability of class ${to} minus truth.`;
    return [live((now) => `dL/da = p − y = ${p(now)} − ${truth}: ${meaning}`)];
  }
  const terms = Array.from({ length: sizes[layer + 2] }, (_, k) => {
    const text = ({ chains }) => {
      const { weight, dz } = chains[n].paths[k];
      return `${k ? "+ " : ""}${inBrackets(weight)}·${inBrackets(dz)}`;
    };
    return weightButton(live, text, actions, { layer: layer + 1, from: to, to: k });
  });
  return ["dL/da = sum over the paths, w · dL/dz: ", ...terms];
}

// ---- The widget -----------------------------------------------------------------------------

const CALM = { wait: 500, steps: 30 }; // for those who ask for less motion
const WORDS = 6; // frames from one change of words and weights to the next: 10 a second

function render({ model, el }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let [run, maps, begun] = [null, null, ""];
  let [playing, frame, timer, complaint] = [false, 0, null, ""];
  let [selected, point] = [null, null];

  const names = Object.keys(SETTINGS);
  const settings = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));

  function restart() {
    begun = JSON.stringify({ ...settings(), rate: 0 });
    const before = String(run?.network.sizes);
    run = startTraining(settings());
    maps = makeLayers(run.network.sizes, SIDE * SIDE);
    if (String(run.network.sizes) !== before) selected = null;
    if (point >= run.train.count) point = null;
    complaint = "";
    update();
  }

  function pause() {
    playing = false;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
  }

  function advance(steps) {
    for (let k = 0; k < steps && !complaint; k++) {
      if (takeStep(run, model.get("rate"))) continue;
      pause();
      complaint = "The numbers overflow: the rate is too large. Take a smaller one, play again.";
    }
  }

  function schedule() {
    if (still.matches) timer = setTimeout(tick, CALM.wait);
    else frame = requestAnimationFrame(tick);
  }

  function tick() {
    if (!root.isConnected) return pause();
    advance(still.matches ? CALM.steps : 1);
    if (playing) schedule();
    update(still.matches || !playing || run.step % WORDS === 0);
  }

  const actions = {
    run: () => run,
    rate: () => model.get("rate"),
    togglePlay() {
      if (complaint) restart();
      if (playing) pause();
      else {
        playing = true;
        schedule();
      }
      update();
    },
    stepOnce() {
      pause();
      advance(1);
      update();
    },
    reset() {
      pause();
      restart();
    },
    choose(name, value) {
      model.set(name, value);
      model.save_changes();
    },
    select(chosen) {
      selected = chosen && selected && isSame(selected, chosen) ? null : chosen;
      update();
    },
    follow(n) {
      point = n;
      update();
    },
    followNext(step) {
      const { count } = run.train;
      point = point === null ? (step < 0 ? count - 1 : 0) : (point + step + count) % count;
      update();
    },
  };

  const bar = playBar(actions);
  const controls = settingsPanel(model, actions);
  const network = networkPanel(actions);
  const plane = planePanel(actions);
  const loss = lossPanel();
  const explain = explainPanel(actions);
  const body = element(
    "div", { class: "pg-body" }, bar.root, controls.root, network.root, plane.root, explain.root,
    loss.root,
  );
  const root = element(
    "div",
    {
      class: "playground", role: "group", "aria-label": "Playground: a network learns",
      "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
    },
    body,
  );

  function update(withWords = true) {
    forward(run.network, GRID, maps);
    const unit = selected?.unit === undefined ? null : selected;
    const now = { run, maps, playing, complaint, selected, point, unit, withWords };
    for (const part of [bar, network, plane, loss]) part.update(now);
    if (!withWords) return;
    controls.update();
    explain.update(now);
  }

  const keys = { p: actions.togglePlay, s: actions.stepOnce, r: actions.reset };
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    if (event.key === "Escape") {
      if (selected) selected = null;
      else point = null;
      update();
    }
    keys[event.key.toLowerCase()]?.();
  });

  /** The rate may change while the network learns; all else begins anew. */
  function changed() {
    if (JSON.stringify({ ...settings(), rate: 0 }) === begun) update();
    else restart();
  }

  const parts = [network, plane, loss];
  const watcher = new ResizeObserver(() => {
    for (const part of parts) part.fit();
    update();
  });
  model.on("change", changed);
  el.append(root);
  for (const part of parts.slice(1)) part.fit();
  restart();
  watcher.observe(body);

  return () => {
    pause();
    watcher.disconnect();
    model.off("change", changed);
  };
}

export default { render };
