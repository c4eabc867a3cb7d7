// The network explorer: a network runs here, and every number in it can be taken apart.
// First the network, then what explains one number, then drawings, then the screen, last `render`.

const LARGEST = 10; // terms of a dense layer's sum that are shown
const CHIPS = 5; // input maps of a convolution that are shown one by one
const GRID = 11; // side of the largest window that is shown as numbers
const PAD = 64; // cells on each side of the drawing pad, as in digit_pad.py
const BITMAP = 32; // side of the bitmap whose blocks are counted, as in digit_pad.py
const WIDEST = 22; // columns of that bitmap that a digit may fill, as in digit_pad.py
const BLOCKS = 8; // blocks of the bitmap on each side
const PEN = 3.3; // radius of the pen, in cells
const STRIDE = 2; // cells that an arrow key moves the pen
const TALL = 2.4; // how much taller than wide the picture of all maps may be
const SHORT = 8; // letters of the longest layer name that fits over a column

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
const range = (count) => Array.from({ length: count }, (_, i) => i);

// ---- The network ----------------------------------------------------------------------------

/** Numbers as Python packed them: the four bytes of each float32, plane by plane, deflated. */
export async function unpack(view) {
  const stream = new Blob([view]).stream().pipeThrough(new DecompressionStream("deflate"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = bytes.length / 4;
  const whole = new Uint8Array(bytes.length);
  for (let n = 0; n < bytes.length; n++) whole[4 * (n % count) + Math.floor(n / count)] = bytes[n];
  return new Float32Array(whole.buffer);
}

/** The steps of a plan, each with its sizes and its weights. A vector is n maps of 1×1. */
export function assembled(plan, weights) {
  const steps = [];
  plan.forEach((step, index) => {
    const below = steps[index - 1];
    const maps = step.shape.at(-1);
    const [height, width] = step.shape.length === 3 ? step.shape : [1, 1];
    const terms = { conv: () => step.size[0] * step.size[1] * below.maps, dense: () => below.count, scale: () => 1 };
    const end = step.at + (terms[step.kind]?.() ?? 0) * maps;
    steps.push({
      ...step, index, height, width, maps, count: height * width * maps, vector: step.shape.length === 1,
      kernel: weights.subarray(step.at, end), bias: weights.subarray(end, end + maps),
    });
  });
  return steps;
}

/** Call `visit(row, column, i, j)` for every place of a window that lies inside the map below. */
function overWindow(step, below, row, column, visit) {
  const top = row * step.strides[0] - step.ahead[0];
  const left = column * step.strides[1] - step.ahead[1];
  for (let i = Math.max(0, -top); i < step.size[0] && top + i < below.height; i++) {
    for (let j = Math.max(0, -left); j < step.size[1] && left + j < below.width; j++) {
      visit(top + i, left + j, i, j);
    }
  }
}

/** Add `weights[from + k] * value` to every sum. */
function addRow(sums, weights, from, value) {
  for (let k = 0; k < sums.length; k++) sums[k] += weights[from + k] * value;
}

const SUMS = {
  conv(step, below, input) {
    const out = new Float32Array(step.count);
    for (let row = 0; row < step.height; row++) {
      for (let column = 0; column < step.width; column++) {
        const sums = Float64Array.from(step.bias);
        overWindow(step, below, row, column, (r, c, i, j) => {
          for (let map = 0; map < below.maps; map++) {
            const value = input[(r * below.width + c) * below.maps + map];
            const from = ((i * step.size[1] + j) * below.maps + map) * step.maps;
            if (value) addRow(sums, step.kernel, from, value);
          }
        });
        out.set(sums, (row * step.width + column) * step.maps);
      }
    }
    return out;
  },
  pool(step, below, input) {
    const out = new Float32Array(step.count);
    for (let place = 0; place < step.count; place++) {
      const { row, column, map } = placeAt(step, place);
      let [sum, most, count] = [0, -Infinity, 0];
      overWindow(step, below, row, column, (r, c) => {
        const value = input[(r * below.width + c) * below.maps + map];
        sum += value;
        count++;
        if (value > most) most = value;
      });
      out[place] = step.how === "max" ? most : sum / count;
    }
    return out;
  },
  dense(step, below, input) {
    const sums = Float64Array.from(step.bias);
    for (let n = 0; n < below.count; n++) if (input[n]) addRow(sums, step.kernel, n * step.maps, input[n]);
    return Float32Array.from(sums);
  },
  scale: ({ kernel, bias, maps }, _, input) => input.map((value, n) => value * kernel[n % maps] + bias[n % maps]),
  flatten: (_, __, input) => input,
  activation: (_, __, input) => input,
};

/** e to the power of each score less the largest, for the maps of one place. */
export function powers(scores) {
  const largest = Math.max(...scores);
  return Array.from(scores, (score) => Math.exp(score - largest));
}

function softmax(scores, maps) {
  const out = new Float32Array(scores.length);
  for (let start = 0; start < scores.length; start += maps) {
    const terms = powers(scores.subarray(start, start + maps));
    const sum = total(terms);
    out.set(terms.map((term) => term / sum), start);
  }
  return out;
}

const ACTIVATIONS = {
  linear: (sums) => sums,
  relu: (sums) => sums.map((value) => Math.max(value, 0)),
  tanh: (sums) => sums.map(Math.tanh),
  softmax,
};

/** What every step makes of a picture: `sums` before the activation, `out` after it. */
export function run(steps, picture) {
  const values = [{ sums: picture, out: picture }];
  for (const step of steps.slice(1)) {
    const below = steps[step.index - 1];
    const sums = SUMS[step.kind](step, below, values[step.index - 1].out);
    values.push({ sums, out: ACTIVATIONS[step.activation](sums, step.maps) });
  }
  return values;
}

// ---- One number taken apart -----------------------------------------------------------------

const indexOf = (step, { row, column, map }) => (row * step.width + column) * step.maps + map;

/** The place of number `index` of a step. */
export function placeAt(step, index) {
  const pixel = Math.floor(index / step.maps);
  return {
    step: step.index, row: Math.floor(pixel / step.width), column: pixel % step.width, map: index % step.maps,
  };
}

/** The step that a step looks at; through a flatten, the maps that it has put in line. */
export function sourceOf(steps, index) {
  let source = index - 1;
  while (source > 0 && steps[source].kind === "flatten") source--;
  return steps[source];
}

/** The terms of the sum at a place, each {value, weight, product, i, j, below}; `below` is a place. */
export function termsOf(steps, values, place) {
  const step = steps[place.step];
  const below = steps[place.step - 1];
  const input = values[below.index].out;
  const source = sourceOf(steps, step.index);
  const term = (index, weight, more) => ({
    value: input[index], weight, product: input[index] * weight, below: placeAt(source, index), ...more,
  });
  const terms = [];
  if (step.kind === "dense") {
    for (let n = 0; n < below.count; n++) terms.push(term(n, step.kernel[n * step.maps + place.map]));
  } else if (step.kind === "conv") {
    overWindow(step, below, place.row, place.column, (row, column, i, j) => {
      for (let map = 0; map < below.maps; map++) {
        const at = ((i * step.size[1] + j) * below.maps + map) * step.maps + place.map;
        terms.push(term(indexOf(below, { row, column, map }), step.kernel[at], { i, j }));
      }
    });
  } else if (step.kind === "pool") {
    overWindow(step, below, place.row, place.column, (row, column, i, j) =>
      terms.push(term(indexOf(below, { row, column, map: place.map }), 1, { i, j })),
    );
  } else {
    const weight = step.kind === "scale" ? step.kernel[place.map] : 1;
    terms.push(term(indexOf(step, place), weight));
  }
  return terms;
}

/** The terms in order, those first that count most: of a maximum, the largest value. */
export function ranked(step, terms) {
  const weight = step.how === "max" ? (term) => term.value : (term) => Math.abs(term.product);
  return terms.toSorted((one, other) => weight(other) - weight(one));
}

/** What each input map adds to the sum at a place of a convolution, the largest first. */
export function sharesOf(below, terms) {
  const sums = Array(below.maps).fill(0);
  for (const term of terms) sums[term.below.map] += term.product;
  return range(below.maps)
    .map((map) => ({ map, sum: sums[map] }))
    .sort((one, other) => Math.abs(other.sum) - Math.abs(one.sum));
}

/** First and last row and column of the input that a place depends on. */
export function seenFrom(steps, place) {
  let [top, left, bottom, right] = [place.row, place.column, place.row, place.column];
  let all = false; // whether a dense layer has seen every number below it
  for (let index = place.step; index > 0; index--) {
    const step = steps[index];
    const below = steps[index - 1];
    if (step.kind === "dense") all = true;
    if (step.kind === "flatten") {
      const { row, column } = placeAt(below, place.map);
      [top, left, bottom, right] = all ? [0, 0, below.height - 1, below.width - 1] : [row, column, row, column];
    }
    if (step.size) {
      [top, left] = [top * step.strides[0] - step.ahead[0], left * step.strides[1] - step.ahead[1]];
      bottom = bottom * step.strides[0] - step.ahead[0] + step.size[0] - 1;
      right = right * step.strides[1] - step.ahead[1] + step.size[1] - 1;
    }
    [top, left] = [Math.max(top, 0), Math.max(left, 0)];
    [bottom, right] = [Math.min(bottom, below.height - 1), Math.min(right, below.width - 1)];
  }
  return { top, left, bottom, right };
}

// ---- Drawings -------------------------------------------------------------------------------

/** Put ink on every cell that a round pen covers on its way from one place to another. */
export function stroke(cells, from, to) {
  const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y)));
  for (let n = 0; n <= steps; n++) {
    const x = from.x + ((to.x - from.x) * n) / steps;
    const y = from.y + ((to.y - from.y) * n) / steps;
    for (let row = Math.max(0, Math.ceil(y - PEN)); row <= Math.min(PAD - 1, y + PEN); row++) {
      for (let column = Math.max(0, Math.ceil(x - PEN)); column <= Math.min(PAD - 1, x + PEN); column++) {
        if ((row - y) ** 2 + (column - x) ** 2 <= PEN ** 2) cells[row * PAD + column] = 1;
      }
    }
  }
}

function roundHalfEven(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** For each of `after` cells, the cells that it covers of `before`: Pillow's box filter. */
function boxes(before, after) {
  const scale = before / after;
  const reach = Math.max(scale, 1) / 2;
  return range(after).map((cell) => {
    const center = (cell + 0.5) * scale;
    const first = Math.max(0, Math.floor(center - reach + 0.5));
    const last = Math.min(before, Math.floor(center + reach + 0.5));
    return range(last - first).map((k) => first + k).filter((k) => {
      const way = (k - center + 0.5) / Math.max(scale, 1);
      return way > -0.5 && way <= 0.5;
    });
  });
}

function shrunk(cells, { top, left, height, width }) {
  const factor = BITMAP / Math.max(height, width);
  const [rows, columns] = [height, width].map((side) => Math.max(1, roundHalfEven(side * factor)));
  const mean = (box, value) => Math.fround(total(box.map(value)) / box.length);
  const across = boxes(width, Math.min(columns, WIDEST));
  const lines = range(height).map((row) =>
    across.map((box) => mean(box, (k) => cells[(top + row) * PAD + left + k])),
  );
  return boxes(height, rows).map((box) => across.map((_, column) => mean(box, (k) => lines[k][column]) >= 0.5));
}

/** The drawing cropped, scaled to fill the bitmap, and centered in it: 32×32, 0 or 1. */
export function centered(cells) {
  const bitmap = new Float32Array(BITMAP * BITMAP);
  const inked = range(cells.length).filter((k) => cells[k]);
  if (!inked.length) return bitmap;
  const bounds = (numbers) => numbers.reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [PAD, 0]);
  const [top, bottom] = bounds(inked.map((k) => Math.floor(k / PAD)));
  const [left, right] = bounds(inked.map((k) => k % PAD));
  const ink = shrunk(cells, { top, left, height: bottom - top + 1, width: right - left + 1 });
  const [down, over] = [ink.length, ink[0].length].map((side) => Math.floor((BITMAP - side) / 2));
  ink.forEach((line, row) => line.forEach((cell, column) => (bitmap[(row + down) * BITMAP + column + over] = cell)));
  return bitmap;
}

/** The ink in each of 8×8 blocks of a bitmap: 0 to 16. */
export function counted(bitmap) {
  const side = BITMAP / BLOCKS;
  const ink = new Float32Array(BLOCKS * BLOCKS);
  bitmap.forEach((cell, k) => {
    ink[Math.floor(k / BITMAP / side) * BLOCKS + Math.floor((k % BITMAP) / side)] += cell;
  });
  return ink;
}

/** 8×8 ink as a picture of any side: values between the pixels are interpolated (bilinear). */
export function enlarged(ink, side, full) {
  const between = range(side).map((k) => {
    const place = clamp(((k + 0.5) * BLOCKS) / side - 0.5, 0, BLOCKS - 1);
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, BLOCKS - 1), part: place - low };
  });
  const picture = new Float32Array(side * side);
  between.forEach((y, row) =>
    between.forEach((x, column) => {
      const line = (r) => ink[r * BLOCKS + x.low] * (1 - x.part) + ink[r * BLOCKS + x.high] * x.part;
      picture[row * side + column] = ((line(y.low) * (1 - y.part) + line(y.high) * y.part) / 16) * full;
    }),
  );
  return picture;
}

// ---- Words and numbers ----------------------------------------------------------------------

/** A number with a true minus sign, and no minus before a zero. */
export function fixed(value, decimals = 2) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) ? `−${text}` : text;
}

/** Decimals that show numbers of this size: none for whole numbers. */
export function decimalsFor(numbers) {
  if (numbers.every(Number.isInteger)) return 0;
  const most = Math.max(...numbers.map(Math.abs));
  return most >= 100 ? 1 : most >= 0.1 ? 2 : most >= 0.01 ? 3 : 4;
}

const percent = (share) => `${Math.round(100 * share)} %`;
/** " + 0.91" or " − 0.22", to go on with a sum. */
const added = (value) => ` ${value < 0 && Number(value.toFixed(2)) ? "−" : "+"} ${Math.abs(value).toFixed(2)}`;
const sizeOf = ({ height, width }) => `${height}×${width}`;
const plain = (number) => String(number).replace("-", "−");
const FUNCTIONS = { relu: "ReLU", tanh: "tanh", softmax: "softmax" };
const KINDS = { conv: "conv", dense: "dense", pool: "pool", scale: "scale", flatten: "flatten", activation: "act" };

function nameOfMap(step, map) {
  if (step.kind === "input") return step.maps === 3 ? ["red", "green", "blue"][map] : "pixel";
  return step.vector ? `unit ${map}` : `map ${map}`;
}

/** "map 3, row 4, column 7" */
function nameOfPlace(step, { row, column, map }) {
  return step.vector ? nameOfMap(step, map) : `${nameOfMap(step, map)}, row ${row}, column ${column}`;
}

/** "map 3 (4, 7)" */
function shortPlace(step, { row, column, map }) {
  return step.vector ? nameOfMap(step, map) : `${nameOfMap(step, map)} (${row}, ${column})`;
}

function describe(step) {
  const what = step.kind === "input" ? "the picture" : step.layer;
  if (step.vector) return `${step.name}: ${what}, ${step.maps} units`;
  const unit = step.kind === "input" ? "channel" : "map";
  return `${step.name}: ${what}, ${step.maps} ${unit}${step.maps > 1 ? "s" : ""} of ${sizeOf(step)}`;
}

// ---- Small things on the screen --------------------------------------------------------------

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

const words = (text) => element("span", {}, text);

/** Colors as the pixels of a canvas hold them, from RGB bytes. */
function pixelsOf(view) {
  const opaque = (red, green, blue) => (255 << 24) | (blue << 16) | (green << 8) | red;
  const byte = (k) => view.getUint8(k);
  const signed = Uint32Array.from({ length: view.byteLength / 3 }, (_, k) =>
    opaque(byte(3 * k), byte(3 * k + 1), byte(3 * k + 2)),
  );
  const level = (value, limit) => Math.round(clamp((value / limit + 1) / 2, 0, 1) * (signed.length - 1));
  const gray = (share) => Math.round(clamp(share, 0, 1) * 255);
  return {
    of: (value, limit) => signed[level(value, limit)],
    picture: (red, green, blue) => opaque(gray(red), gray(green), gray(blue)),
    /** Background and a text color that is legible on it. */
    css(value, limit) {
      const color = signed[level(value, limit)];
      const parts = [color & 255, (color >> 8) & 255, (color >> 16) & 255];
      const [red, green, blue] = parts.map((part) => (part / 255) ** 2.2);
      const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue; // as WCAG defines contrast
      return `background:rgb(${parts.join(" ")});color:${light > 0.18 ? "#000" : "#fff"}`;
    },
    gradient: `linear-gradient(to right, ${range(9).map((k) => {
      const color = signed[Math.round((k / 8) * (signed.length - 1))];
      return `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`;
    }).join(",")})`,
    line: opaque(140, 146, 153),
  };
}

/** A canvas that is painted pixel by pixel: `color(row, column)`. */
function paint(canvas, height, width, color) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) pixels[row * width + column] = color(row, column);
  }
  context.putImageData(image, 0, 0);
}

function paintPicture(canvas, step, picture, colors) {
  paint(canvas, step.height, step.width, (row, column) => {
    const at = (row * step.width + column) * step.maps;
    const channel = (k) => picture[at + (step.maps === 3 ? k : 0)] / step.limit;
    return colors.picture(channel(0), channel(1), channel(2));
  });
}

/** How the maps of a step are tiled: columns and rows of tiles, pixels between them. */
export function tiling(step) {
  const columns = step.vector ? Math.ceil(Math.sqrt(step.maps)) : Math.ceil(Math.sqrt(step.maps / TALL));
  const gap = step.vector ? 0 : step.width > 20 ? 2 : 1;
  const rows = Math.ceil(step.maps / columns);
  return {
    columns, rows, gap,
    height: rows * (step.height + gap) - gap, width: columns * (step.width + gap) - gap,
  };
}

function paintMaps(canvas, step, out, colors) {
  const { columns, gap, height, width } = tiling(step);
  paint(canvas, height, width, (y, x) => {
    const [row, column] = [y % (step.height + gap), x % (step.width + gap)];
    const map = Math.floor(y / (step.height + gap)) * columns + Math.floor(x / (step.width + gap));
    if (map >= step.maps) return 0;
    if (row >= step.height || column >= step.width) return colors.line;
    return colors.of(out[(row * step.width + column) * step.maps + map], step.limit);
  });
}

function paintMap(canvas, step, out, map, colors) {
  paint(canvas, step.height, step.width, (row, column) =>
    colors.of(out[(row * step.width + column) * step.maps + map], step.limit),
  );
}

// ---- A picture with frames -------------------------------------------------------------------

/** A canvas with frames over it; `onPoint` gets the pixel under the pointer, pressed or dragged. */
function framed(name, onPoint, drags) {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const frames = element("div", { class: "nx-frames", "aria-hidden": "true" });
  const root = element("div", { class: `nx-picture ${name}` }, canvas, frames);

  function point(event, how) {
    const box = canvas.getBoundingClientRect();
    const pixel = (offset, length, count) => clamp(Math.floor((offset / length) * count), 0, count - 1);
    onPoint(
      pixel(event.clientY - box.top, box.height, canvas.height),
      pixel(event.clientX - box.left, box.width, canvas.width), how,
    );
  }

  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    if (drags) root.setPointerCapture(event.pointerId);
    point(event, "press");
  });
  root.addEventListener("pointermove", (event) => {
    if (root.hasPointerCapture(event.pointerId)) point(event, "drag");
  });

  /** Draw frames, each {top, left, height, width, kind} in pixels of the canvas. */
  function frame(list) {
    const share = (length, all) => `${(100 * length) / all}%`;
    frames.replaceChildren(
      ...list.map(({ top, left, height, width, kind }) => {
        const node = element("div", { class: `nx-frame nx-${kind}` });
        Object.assign(node.style, {
          top: share(top, canvas.height), left: share(left, canvas.width),
          height: share(height, canvas.height), width: share(width, canvas.width),
        });
        return node;
      }),
    );
  }
  return { root, canvas, frame };
}

/** The frame of one place on the picture of a single map, or of a vector's grid. */
function cellFrame(step, { row, column, map }, kind) {
  const { columns } = tiling(step);
  if (step.vector) [row, column] = [Math.floor(map / columns), map % columns];
  return { top: row, left: column, height: 1, width: 1, kind };
}

/** The frame of one map, or of one place in it, on the picture of all maps. */
function tileFrame(step, place, kind, whole) {
  const { columns, gap } = tiling(step);
  if (step.vector) return cellFrame(step, place, kind);
  const top = Math.floor(place.map / columns) * (step.height + gap);
  const left = (place.map % columns) * (step.width + gap);
  if (whole) return { top, left, height: step.height, width: step.width, kind };
  return { top: top + place.row, left: left + place.column, height: 1, width: 1, kind };
}

// ---- The column of a layer -------------------------------------------------------------------

function layerColumn(step, actions) {
  const title = step.name.length <= SHORT ? step.name : KINDS[step.kind];
  const open = () => actions.open(step.index);
  const name = button(open, { class: "nx-name", title: describe(step), "aria-label": `Show ${describe(step)}` }, title);
  const caption = element("div", { class: "nx-caption" });
  const single = step.vector || step.kind === "input" || step.maps === 1;

  const mosaic = framed("nx-mosaic", (y, x) => {
    if (single) return pointInside(y, x, "press");
    const { columns, gap } = tiling(step);
    const map = Math.floor(y / (step.height + gap)) * columns + Math.floor(x / (step.width + gap));
    if (map >= step.maps) return;
    const inside = (place, side) => Math.min(place % (side + gap), side - 1);
    actions.go({ step: step.index, map, row: inside(y, step.height), column: inside(x, step.width) });
  });
  const large = framed("nx-large", pointInside, true);
  Object.entries({ tabindex: 0, role: "application" }).forEach((entry) => large.root.setAttribute(...entry));
  large.root.addEventListener("keydown", (event) => actions.key(event));

  function pointInside(y, x) {
    const { columns } = tiling(step);
    const map = step.vector ? y * columns + x : actions.mapOf(step.index);
    if (map >= step.maps) return;
    const place = step.vector ? { row: 0, column: 0 } : { row: y, column: x };
    actions.go({ step: step.index, map, ...place }, true);
  }

  const body = element("div", { class: "nx-body" }, mosaic.root, large.root);
  const root = element("div", { class: "nx-layer" }, name, body, caption);

  function repaint(out, colors, view) {
    if (step.kind === "input") {
      for (const one of [mosaic, large]) paintPicture(one.canvas, step, out, colors);
      return;
    }
    if (!view || !single) paintMaps(mosaic.canvas, step, out, colors);
    if (!view) return;
    if (step.vector) paintMaps(large.canvas, step, out, colors);
    else paintMap(large.canvas, step, out, view.map, colors);
  }

  /** `now.views` has what is enlarged, by step: {map, large: frames, small: frames}. */
  function update({ out }, colors, now) {
    const view = now.views[step.index];
    const chosen = now.place.step === step.index;
    root.classList.toggle("nx-open", Boolean(view));
    name.setAttribute("aria-pressed", chosen);
    mosaic.root.hidden = Boolean(view) && single;
    large.root.hidden = !view;
    repaint(out, colors, view);
    mosaic.frame(now.small[step.index] ?? []);
    large.frame(view?.frames ?? []);
    caption.textContent = view ? captionOf(step, view.map) : "";
    if (view) large.root.setAttribute("aria-label", labelOf(step, view, chosen, out));
    large.root.tabIndex = chosen ? 0 : -1;
  }

  return { root, update, focus: () => large.root.focus({ preventScroll: true }) };
}

function captionOf(step, map) {
  if (step.vector) return `${step.maps} units`;
  if (step.kind === "input") return `${sizeOf(step)} pixels`;
  return `map ${map} of ${step.maps}: ${sizeOf(step)}`;
}

function labelOf(step, view, chosen, out) {
  if (!chosen) return `${step.name}, ${nameOfMap(step, view.map)}: below the chosen place.`;
  const value = fixed(out[indexOf(step, view.place)]);
  return (
    `${step.name}, ${nameOfPlace(step, view.place)}: ${value}. Arrow keys move, Page Up and Page Down ` +
    "change the map, Enter goes down to what counts most, Backspace goes back."
  );
}

/** The last layer: a row for every class. */
function votesColumn(step, names, actions) {
  const title = element("span", { role: "status" });
  const name = button(actions.toVote, { class: "nx-name", title: describe(step) }, title);
  const rows = names.map((label, map) => voteRow(label, () => actions.go({ step: step.index, row: 0, column: 0, map })));
  const list = element("div", { class: "nx-votes", role: "group", "aria-label": "Votes" }, ...rows.map((row) => row.root));
  list.addEventListener("keydown", (event) => actions.key(event));
  const root = element("div", { class: "nx-layer nx-last" }, name, list);
  let chosen = 0;

  function update({ sums, out }, _, now) {
    const open = now.place.step === step.index;
    const shares = step.activation === "softmax";
    const most = Math.max(...out.map(Math.abs)) || 1;
    const best = bestOf(out);
    chosen = open ? now.place.map : best;
    title.textContent = `It says “${names[best]}”`;
    name.setAttribute("aria-pressed", open);
    root.classList.toggle("nx-open", open);
    root.classList.toggle("nx-scores", open && step.activation === "softmax");
    rows.forEach((row, map) => {
      row.root.setAttribute("aria-pressed", open && map === chosen);
      row.root.tabIndex = map === chosen ? 0 : -1;
      row.update({
        length: Math.max(0, out[map]) / (shares ? 1 : most), best: map === best, score: sums[map],
        text: shares ? percent(out[map]) : fixed(out[map]),
      });
    });
  }

  function focus() {
    rows[chosen].root.focus({ preventScroll: true });
    rows[chosen].root.scrollIntoView({ block: "nearest" });
  }
  return { root, update, focus };
}

const bestOf = (out) => out.indexOf(Math.max(...out));

function voteRow(label, onClick) {
  const bar = element("span", { class: "nx-bar" });
  const score = element("span", { class: "nx-score" });
  const value = element("span", { class: "nx-value" });
  const root = button(onClick, { class: "nx-vote" }, element("b", {}, label), score, element("span", { class: "nx-track" }, bar), value);

  function update(vote) {
    bar.style.width = `${100 * vote.length}%`;
    value.textContent = vote.text;
    score.textContent = fixed(vote.score);
    root.classList.toggle("nx-best", vote.best);
    root.setAttribute("aria-label", `${label}: ${vote.text}, score ${fixed(vote.score)}`);
  }
  return { root, update };
}

// ---- The explanation -------------------------------------------------------------------------

/** Numbers in a grid; each cell {value, text, style, below, marked, outside}. */
function table(title, rows, limit, colors, go) {
  const decimals = decimalsFor(rows.flat().map((cell) => cell.value));
  const texts = rows.map((row) => row.map((cell) => fixed(cell.value, decimals)));
  const longest = Math.max(...texts.flat().map((text) => text.length));
  const body = rows.map((row, i) =>
    element("tr", {}, ...row.map((cell, j) => {
      const node = element("td", { style: colors.css(cell.value, limit) }, texts[i][j]);
      node.classList.toggle("nx-outside", Boolean(cell.outside));
      node.classList.toggle("nx-winner", Boolean(cell.winner));
      if (cell.below) {
        node.classList.add("nx-link");
        node.addEventListener("click", () => go(cell.below));
      }
      return node;
    })),
  );
  const root = element("table", { class: "nx-table" }, element("caption", {}, title), element("tbody", {}, ...body));
  root.style.setProperty("--characters", longest);
  return root;
}

const sign = (text) => element("span", { class: "nx-sign", "aria-hidden": "true" }, text);

/** Window, kernel and products of one input map as three tables. */
function productTables(context, map) {
  const { step, source, terms, colors, go, out } = context;
  const at = new Map(terms.filter((term) => term.below.map === map).map((term) => [`${term.i},${term.j}`, term]));
  const grid = (pick) =>
    range(step.size[0]).map((i) => range(step.size[1]).map((j) => pick(at.get(`${i},${j}`), i, j)));
  const weight = (i, j) => step.kernel[((i * step.size[1] + j) * source.maps + map) * step.maps + context.place.map];
  const nothing = { value: 0, outside: true };
  const sum = total([...at.values()].map((term) => term.product));
  const kernelLimit = Math.max(...step.kernel.map(Math.abs)) || 1;
  const productLimit = Math.max(...terms.map((term) => Math.abs(term.product))) || 1;
  const where = source.kind === "input" && source.maps === 1 ? "pixels" : nameOfMap(source, map);
  return element(
    "div", { class: "nx-tables", style: `--columns: ${3 * step.size[1]}` },
    table(`window: ${where}`, grid((term) => (term ? { value: term.value, below: term.below } : nothing)), source.limit, colors, go),
    sign("×"),
    table(`kernel, colors to ±${plain(kernelLimit.toPrecision(2))}`, grid((_, i, j) => ({ value: weight(i, j) })), kernelLimit, colors, go),
    sign("="),
    table(`products: sum ${fixed(sum)}`, grid((term) => (term ? { value: term.product } : nothing)), productLimit, colors, go),
  );
}

/** "= 1.26 → tanh → 0.85" */
function ending(step, sum, result) {
  const parts = ["= ", element("b", {}, fixed(sum))];
  if (step.activation !== "linear" && step.activation !== "softmax") {
    parts.push(` → ${FUNCTIONS[step.activation]} → `, element("b", { class: "nx-result" }, fixed(result)));
  }
  return element("span", { class: "nx-end" }, ...parts);
}

function convExplained(context) {
  const { step, source, terms, sum, result, choose } = context;
  const shares = sharesOf(source, terms);
  const shown = shares.slice(0, shares.length > CHIPS + 1 ? CHIPS : CHIPS + 1);
  const rest = shares.slice(shown.length);
  const map = context.channel ?? shares[0].map;
  const chip = (share) =>
    button(() => choose(share.map), { class: "nx-chip", "aria-pressed": share.map === map },
      `${nameOfMap(source, share.map)}: ${fixed(share.sum)}`);
  const line = element("div", { class: "nx-sum" });
  if (source.maps === 1) line.append(words(`${fixed(shares[0].sum)} (sum of the products)`));
  shown.forEach((share, n) => source.maps > 1 && line.append(...(n ? [words(" + ")] : []), chip(share)));
  if (rest.length) line.append(words(" + "), otherMaps(source, rest, map, choose));
  line.append(words(`${added(step.bias[context.place.map])} (bias) `), ending(step, sum, result));
  return [line, productTables(context, map)];
}

/** The input maps that add little, together; one can be chosen. */
function otherMaps(source, rest, map, choose) {
  const sum = fixed(total(rest.map((share) => share.sum)));
  const all = element("option", { value: "" }, `other ${rest.length} maps: ${sum}`);
  const options = rest.map((share) => element("option", { value: share.map }, `${nameOfMap(source, share.map)}: ${fixed(share.sum)}`));
  const select = element("select", { class: "nx-chip", "aria-label": `The other ${rest.length} maps: choose one` }, all, ...options);
  select.value = rest.some((share) => share.map === map) ? String(map) : "";
  select.addEventListener("change", () => select.value && choose(Number(select.value)));
  return select;
}

function poolExplained(context) {
  const { step, source, terms, result, colors, go } = context;
  const best = ranked(step, terms)[0];
  const count = terms.length;
  const sentence = step.how === "max"
    ? `The largest of ${count} numbers: ${fixed(result)}, in ${nameOfPlace(source, best.below)} of ${source.name}.`
    : `The mean of ${count} numbers: their sum ${fixed(total(terms.map((term) => term.value)))} / ${count} = ${fixed(result)}.`;
  const parts = [element("div", { class: "nx-sum" }, sentence)];
  if (Math.max(...step.size) > GRID) return parts;
  const at = new Map(terms.map((term) => [`${term.i},${term.j}`, term]));
  const rows = range(step.size[0]).map((i) => range(step.size[1]).map((j) => {
    const term = at.get(`${i},${j}`);
    if (!term) return { value: 0, outside: true };
    return { value: term.value, below: term.below, winner: step.how === "max" && term === best };
  }));
  const title = `window: ${nameOfMap(source, context.place.map)}`;
  parts.push(element("div", { class: "nx-tables", style: `--columns: ${step.size[1]}` }, table(title, rows, source.limit, colors, go)));
  return parts;
}

function denseExplained(context) {
  const { step, source, terms, sum, result, place } = context;
  const order = ranked(step, terms);
  const shown = order.slice(0, LARGEST);
  const rest = order.slice(LARGEST);
  const most = Math.abs(shown[0].product) || 1;
  const list = element("div", { class: "nx-terms", role: "group", "aria-label": "Largest products" });
  list.style.setProperty("--rows", Math.ceil(shown.length / 2));
  list.append(...shown.map((term) => termRow(term, source, most, context.go)));
  const productSum = (some) => total(some.map((term) => term.product));
  const line = element("div", { class: "nx-sum" }, words(`${fixed(productSum(shown))} (these ${shown.length})`));
  if (rest.length) line.append(words(`${added(productSum(rest))} (the other ${rest.length})`));
  line.append(words(`${added(step.bias[place.map])} (bias) `), ending(step, sum, result));
  return [list, line, ...softmaxExplained(context)];
}

function termRow(term, source, most, go) {
  const bar = element("span", { class: term.product < 0 ? "nx-bar nx-against" : "nx-bar" });
  bar.style.width = `${(100 * Math.abs(term.product)) / most}%`;
  const product = `${fixed(term.value)} × ${term.weight < 0 ? `(${fixed(term.weight)})` : fixed(term.weight)}`;
  const label = `${source.name}, ${nameOfPlace(source, term.below)}: ${product} = ${fixed(term.product)}. Go there.`;
  return button(
    () => go(term.below), { class: "nx-term", "aria-label": label },
    element("span", { class: "nx-where" }, shortPlace(source, term.below)), words(product),
    element("b", {}, `= ${fixed(term.product)}`), element("span", { class: "nx-track" }, bar),
  );
}

/** How a score became a share of all scores. */
function softmaxExplained({ step, values, place, result }) {
  if (step.activation !== "softmax") return [];
  const start = indexOf(step, { ...place, map: 0 });
  const scores = values[step.index].sums.subarray(start, start + step.maps);
  const terms = powers(scores);
  const largest = Math.max(...scores);
  const power = element("sup", {}, `${fixed(scores[place.map])} − ${largest < 0 ? `(${fixed(largest)})` : fixed(largest)}`);
  return [element(
    "div", { class: "nx-sum" }, words("softmax: e"), power,
    words(` = ${fixed(terms[place.map], 3)}; divided by the sum of all ${step.maps}, ${fixed(total(terms), 3)}: `),
    element("b", { class: "nx-result" }, percent(result)),
  )];
}

function scaleExplained({ step, terms, place, result }) {
  const { value, weight } = terms[0];
  const decimals = decimalsFor([weight]);
  const why = step.layer === "BatchNormalization" ? "A trained network normalizes each map with one factor and one offset: " : "";
  const line = `${why}${fixed(value)} × ${fixed(weight, Math.max(decimals, 3))}${added(step.bias[place.map])} = `;
  return [element("div", { class: "nx-sum" }, line, element("b", { class: "nx-result" }, fixed(result)))];
}

function activationExplained(context) {
  if (context.step.activation === "softmax") return softmaxExplained(context);
  const { step, terms, result } = context;
  return [element("div", { class: "nx-sum" }, `${fixed(terms[0].value)} → ${FUNCTIONS[step.activation] ?? "unchanged"} → `, element("b", { class: "nx-result" }, fixed(result)))];
}

function flattenExplained({ step, source, terms, place }) {
  const text = `Flatten computes nothing: its number ${place.map} is ${nameOfPlace(source, terms[0].below)} of ${source.name}.`;
  return [element("div", { class: "nx-sum" }, text)];
}

const EXPLAINED = {
  conv: convExplained, pool: poolExplained, dense: denseExplained, scale: scaleExplained,
  activation: activationExplained, flatten: flattenExplained,
  input: () => [element("div", { class: "nx-sum" }, "A pixel of the picture. Here all begins: below it there is nothing.")],
};

/** What stands over an explanation: where we are, and what is there. */
function titleOf({ step, place, result, names, last, best }) {
  if (!last) return `${step.name}, ${nameOfPlace(step, place)}: ${fixed(result)}`;
  const name = `“${names[place.map]}”`;
  const value = step.activation === "softmax" ? percent(result) : fixed(result);
  return place.map === best ? `What made it ${name} (${value})` : `What speaks for and against ${name} (${value})`;
}

function legend(step, colors) {
  const ends = step.kind === "input" ? ["0", plain(step.limit)] : [`−${plain(step.limit)}`, plain(step.limit)];
  const bar = element("span", { class: "nx-colors" });
  bar.style.background = step.kind === "input" ? "linear-gradient(to right, #000, #fff)" : colors.gradient;
  const text = `Colors of ${step.name}: from ${ends[0]} to ${ends[1]}`;
  return element("span", { class: "nx-legend", role: "img", "aria-label": text, title: text }, `${step.name}: ${ends[0]}`, bar, ends[1]);
}

const ROUNDED = "Numbers are rounded for the screen; the network adds all their digits.";
const KEYS = "Keys: arrows move, Page Up and Down change the map, Enter goes down, Backspace back.";

function explanationPanel(actions) {
  const title = element("div", { class: "nx-title", role: "status" });
  const scale = element("div", { class: "nx-scale" });
  const back = button(actions.back, { title: "Backspace" }, "← Back");
  const down = button(actions.down, { title: "Enter" }, "↓ Down");
  const vote = button(actions.toVote, {}, "↑ Vote");
  const head = element("div", { class: "nx-head" }, title, scale, element("div", { class: "nx-moves" }, back, down, vote));
  const body = element("div", { class: "nx-explained" });
  const keys = element("span", { class: "nx-keys" }, KEYS);
  const note = element("div", { class: "nx-note" }, words(ROUNDED), keys);
  const root = element("div", { class: "nx-panel" }, head, body, note);

  function update(context, trail) {
    title.textContent = titleOf(context);
    const colored = context.last ? [context.source] : [context.step, context.source].filter(Boolean);
    scale.replaceChildren(...colored.map((step) => legend(step, context.colors)));
    body.replaceChildren(...EXPLAINED[context.step.kind](context));
    back.disabled = !trail.length;
    down.disabled = context.step.kind === "input";
    vote.disabled = context.last && context.place.map === context.best;
  }
  return { root, update };
}

// ---- The drawing pad -------------------------------------------------------------------------

const PEN_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function padPanel(onDrawn) {
  const canvas = element("canvas", {
    class: "nx-pad", width: PAD * 4, height: PAD * 4, tabindex: 0, role: "application",
    "aria-label":
      "Drawing area. Draw with mouse or finger; or move with the arrow keys, put the pen down and up " +
      "with the space bar, clear with Delete.",
  });
  const said = element("div", { class: "nx-pen", role: "status" });
  const stages = ["cropped and centered, 32×32", "ink in blocks of 4×4"].map((text) => {
    const picture = element("canvas", { "aria-hidden": "true" });
    return { picture, root: element("figure", {}, picture, element("figcaption", {}, text)) };
  });
  const help = element(
    "div", { class: "nx-help" },
    element("p", {}, "Draw here. Above, the network reads what you have drawn, stroke by stroke."),
    element("p", {}, "Without a mouse: arrow keys move, space puts the pen down and up."),
    said, button(clear, {}, "Clear"),
  );
  const root = element("div", { class: "nx-panel nx-drawing", hidden: "" }, canvas, help, ...stages.map((one) => one.root));
  const cells = new Uint8Array(PAD * PAD);
  let cursor = { x: PAD / 2, y: PAD / 2 };
  let pointer = null; // where the pressed pointer was last
  let down = false; // the pen of the keyboard

  function show() {
    paint(canvas, PAD, PAD, (row, column) => (cells[row * PAD + column] ? 0xffffffff : 0xff000000));
    if (document.activeElement === canvas && !pointer) drawCursor();
  }

  function drawCursor() {
    const context = canvas.getContext("2d");
    context.beginPath();
    context.arc(cursor.x + 0.5, cursor.y + 0.5, PEN, 0, 2 * Math.PI);
    context.lineWidth = down ? 1.6 : 0.8;
    context.strokeStyle = "#e69f00";
    context.stroke();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const cell = (offset, length) => (offset / length) * PAD - 0.5;
    return { x: cell(event.clientX - box.left, box.width), y: cell(event.clientY - box.top, box.height) };
  }

  function draw(from, to) {
    stroke(cells, from, to);
    cursor = { x: clamp(Math.round(to.x), 0, PAD - 1), y: clamp(Math.round(to.y), 0, PAD - 1) };
    changed();
  }

  function changed() {
    const bitmap = centered(cells);
    const ink = counted(bitmap);
    const white = (share) => 0xff000000 | (0x10101 * Math.round(255 * share));
    paint(stages[0].picture, BITMAP, BITMAP, (row, column) => white(bitmap[row * BITMAP + column]));
    paint(stages[1].picture, BLOCKS, BLOCKS, (row, column) => white(ink[row * BLOCKS + column] / 16));
    show();
    onDrawn(ink);
  }

  function clear() {
    cells.fill(0);
    changed();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
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
      show();
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const way = PEN_KEYS[event.key];
    if (way) move({ x: clamp(cursor.x + STRIDE * way[0], 0, PAD - 1), y: clamp(cursor.y + STRIDE * way[1], 0, PAD - 1) });
    else if (event.key === " ") press();
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else return;
    event.preventDefault();
  });
  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", () => {
    down = false;
    said.textContent = "";
    show();
  });

  function move(next) {
    const before = cursor;
    cursor = next;
    if (down) draw(before, next);
    else show();
  }

  function press() {
    down = !down;
    said.textContent = down ? "Pen down: the arrow keys draw." : "Pen up: the arrow keys move.";
    if (down) draw(cursor, cursor);
    else show();
  }

  function open() {
    changed();
    canvas.focus({ preventScroll: true });
  }
  return { root, open };
}

// ---- The widget ------------------------------------------------------------------------------

/** What is enlarged and framed for a place: `views` by step, `small` frames by step. */
function scene(steps, context, trail) {
  const { place, step, source, terms } = context;
  const views = {};
  const small = {};
  const add = (index, ...frames) => (small[index] ??= []).push(...frames);
  trail.forEach((one) => add(one.step, tileFrame(steps[one.step], one, "trail", true)));
  if (!context.last) {
    views[step.index] = { map: place.map, place, frames: [cellFrame(step, place, "here")] };
    add(step.index, tileFrame(step, place, "here", true));
  }
  if (source) {
    const shown = step.kind === "dense" ? ranked(step, terms).slice(0, LARGEST) : terms;
    const map = context.channel ?? ranked(step, terms)[0].below.map;
    const inMap = shown.filter((term) => source.vector || term.below.map === map);
    views[source.index] = { map, place: ranked(step, inMap)[0].below, frames: framesBelow(step, source, inMap) };
    if (!source.vector) add(source.index, tileFrame(source, { map }, "window", true));
    if (step.kind === "dense" && !source.vector) {
      add(source.index, ...shown.map((term) => tileFrame(source, term.below, "window")));
    }
  }
  if (step.index > 1) {
    const { top, left, bottom, right } = seenFrom(steps, place);
    const frame = { top, left, height: bottom - top + 1, width: right - left + 1, kind: "seen" };
    add(0, frame);
    views[0]?.frames.push(frame);
  }
  return { place, views, small };
}

/** One frame around a window; one around each place for a dense layer. */
function framesBelow(step, source, terms) {
  if (step.kind === "dense" || source.vector) return terms.map((term) => cellFrame(source, term.below, "window"));
  const rows = terms.map((term) => term.below.row);
  const columns = terms.map((term) => term.below.column);
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return [{ top, left, height: Math.max(...rows) - top + 1, width: Math.max(...columns) - left + 1, kind: "window" }];
}

/** Where a key moves the place to, or undefined. */
export function moved(step, place, key, last) {
  const { columns } = tiling(step);
  const page = { PageUp: -1, PageDown: 1 }[key];
  if (page && !step.vector) return { ...place, map: (place.map + page + step.maps) % step.maps };
  const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!way) return undefined;
  if (step.vector) {
    const map = place.map + way[0] * (last ? 1 : columns) + way[1];
    return { ...place, map: map >= 0 && map < step.maps ? map : place.map };
  }
  return {
    ...place, row: clamp(place.row + way[0], 0, step.height - 1), column: clamp(place.column + way[1], 0, step.width - 1),
  };
}

function thumbnails(steps, pictures, colors, choose) {
  return pictures.map((picture, n) => {
    const canvas = element("canvas", { "aria-hidden": "true" });
    paintPicture(canvas, steps[0], picture, colors);
    const name = `Picture ${n + 1} of ${pictures.length}`;
    return button(() => choose(n), { class: "nx-thumbnail", "aria-label": name, title: name }, canvas);
  });
}

async function render({ model, el }) {
  const [weights, pixels] = await Promise.all([unpack(model.get("weights")), unpack(model.get("pictures"))]);
  const steps = assembled(model.get("plan"), weights);
  const names = model.get("class_names");
  const colors = pixelsOf(model.get("palette"));
  const input = steps[0];
  const output = steps.at(-1);
  const pictures = range(pixels.length / input.count).map((n) => pixels.subarray(n * input.count, (n + 1) * input.count));
  const draws = input.maps === 1 && input.height === input.width && input.height >= BLOCKS;

  let values = run(steps, pictures[0]);
  let place = winner();
  let channel = null; // the input map whose products are shown; null for the largest
  let trail = []; // places that led to this one
  let drawing = false;

  function winner() {
    return { step: output.index, row: 0, column: 0, map: bestOf(values[output.index].out) };
  }

  function contextOf() {
    const step = steps[place.step];
    const index = indexOf(step, place);
    const terms = step.index ? termsOf(steps, values, place) : [];
    return {
      step, place, values, terms, colors, names, channel, go, choose,
      source: step.index ? sourceOf(steps, step.index) : null,
      sum: values[step.index].sums[index], result: values[step.index].out[index],
      last: step === output, best: bestOf(values[output.index].out),
    };
  }

  /** Show another place; one layer further down it is a step of the trail. */
  function go(next, focus = false) {
    if (next.step < place.step) trail.push(place);
    else if (next.step > place.step) trail = trail.filter((one) => one.step > next.step);
    show(next, focus);
  }

  function show(next, focus) {
    const deep = next.step !== place.step;
    place = next;
    channel = null;
    setDrawing(false);
    update();
    if (deep) reveal();
    if (focus) columns[place.step].focus();
  }

  /** Scroll the strip of layers to the place and to what is below it. */
  function reveal() {
    const source = columns[Math.max(place.step - 1, 0)].root;
    const here = columns[Math.min(place.step, columns.length - 2)].root;
    const right = here.offsetLeft + here.offsetWidth - strip.clientWidth;
    strip.scrollLeft = clamp(strip.scrollLeft, right, Math.max(source.offsetLeft, right));
  }

  function choose(map) {
    channel = map;
    update();
    panel.root.querySelector(".nx-chip[aria-pressed=true], select.nx-chip")?.focus({ preventScroll: true });
  }

  const actions = {
    go,
    mapOf: (index) => now.views[index]?.map ?? 0,
    open(index) {
      const step = steps[index];
      const known = [...trail, place].find((one) => one.step === index) ?? now.views[index]?.place;
      const middle = { step: index, row: step.height >> 1, column: step.width >> 1, map: 0 };
      go(known ? { ...known, step: index } : middle, true);
    },
    down: () => place.step && go(ranked(steps[place.step], preferred())[0].below, true),
    back: () => trail.length && show(trail.pop(), true),
    toVote() {
      trail = [];
      show(winner(), true);
    },
    key(event) {
      const next = moved(steps[place.step], place, event.key, place.step === output.index);
      if (next) go(next, true);
      else if (event.key === "Enter") actions.down();
      else if (event.key === "Backspace") actions.back();
      else return;
      event.preventDefault();
    },
  };

  /** The terms among which "down" chooses: those of the input map that the learner has chosen. */
  function preferred() {
    const terms = termsOf(steps, values, place);
    const shown = now.views[sourceOf(steps, place.step).index].map;
    return steps[place.step].kind === "conv" ? terms.filter((term) => term.below.map === shown) : terms;
  }

  function choosePicture(n) {
    setDrawing(false);
    thumbs.forEach((one, k) => one.setAttribute("aria-pressed", k === n));
    read(pictures[n]);
    trail = [];
    update();
  }

  /** Run the network; where the vote is explained, explain the vote that it gives now. */
  function read(picture) {
    values = run(steps, picture);
    if (place.step === output.index) place = winner();
  }

  function drawn(ink) {
    read(enlarged(ink, input.height, input.limit));
    updateColumns(contextOf());
  }

  function setDrawing(on) {
    drawing = on;
    draw.setAttribute("aria-pressed", on);
    pad.root.hidden = !on;
    panel.root.hidden = on;
  }

  function toggleDrawing() {
    if (drawing) return show(place, false);
    thumbs.forEach((one) => one.setAttribute("aria-pressed", false));
    setDrawing(true);
    pad.open();
  }

  let now = null; // the scene that is shown
  function updateColumns(context) {
    now = scene(steps, context, trail);
    columns.forEach((column, k) => column.update(values[k], colors, now));
  }

  function update() {
    const context = contextOf();
    updateColumns(context);
    panel.update({ ...context, channel: now.views[context.source?.index]?.map ?? null }, trail);
  }

  const columns = steps.map((step) => (step === output ? votesColumn(step, names, actions) : layerColumn(step, actions)));
  const panel = explanationPanel(actions);
  const pad = padPanel(drawn);
  const thumbs = thumbnails(steps, pictures, colors, choosePicture);
  const strip = element(
    "div", { class: "nx-strip", role: "group", "aria-label": "Layers" },
    ...columns.slice(0, -1).map((column) => column.root),
  );
  const draw = button(toggleDrawing, { class: "nx-draw" }, "✎ Draw");
  const root = element(
    "div",
    {
      class: "network-explorer", role: "group", "aria-label": "Network explorer",
      "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
    },
    element(
      "div", { class: "nx-upper" },
      element(
        "div", { class: "nx-top" },
        element("div", { class: "nx-pictures", role: "group", "aria-label": "Pictures" }, ...thumbs),
        ...(draws ? [draw] : []),
      ),
      strip, columns.at(-1).root,
    ),
    panel.root, pad.root,
  );
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);
  choosePicture(0);
  requestAnimationFrame(reveal);
}

export default { render };
