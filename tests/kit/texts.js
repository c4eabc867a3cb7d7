// What is wrong with the texts of a page, how many there are, the smallest, the widest.
() => {
  const CONTROLS = ".control, .button"; // Jupyter decides how large their texts are
  const shown = (element) => element.checkVisibility();
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const picture = ({ node }) => node.parentElement.closest("svg");
  const called = (e) => `<${e.localName} class="${e.getAttribute("class") ?? ""}">`;

  /** Every line of every text: where it is, and what it says. */
  function linesOf(body) {
    const found = [];
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.data.trim() || !shown(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const words = `"${node.data.trim().replace(/\s+/g, " ")}"`;
      for (const box of range.getClientRects()) found.push({ node, box, words });
    }
    return found;
  }

  const beside = (box, frame) => Math.max(frame.left - box.left, box.right - frame.right);
  const above = (box, frame) => Math.max(frame.top - box.top, box.bottom - frame.bottom);
  const across = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left);
  /** Letters leave room above and below them: texts that share less of their height do not touch. */
  const level = (box, other) =>
    Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)
    > 0.3 * Math.min(box.height, other.height);

  /** What a text sticks out of: its picture, or one of the boxes around it up to one that scrolls. */
  function outside(line) {
    const svg = picture(line);
    const paper = svg?.getBoundingClientRect();
    if (svg && Math.max(beside(line.box, paper), above(line.box, paper)) > 0.5) {
      return [`${line.words} sticks out of its picture`];
    }
    const found = [];
    for (let e = line.node.parentElement; e !== document.body && !scrolls(e); e = e.parentElement) {
      const frame = e.getBoundingClientRect();
      if (frame.width && beside(line.box, frame) > 1) {
        found.push(`${line.words} sticks out of ${called(e)}`);
      }
    }
    return found;
  }

  /** The lines below this one in order, of which some may begin before it ends. */
  function covered(line, i, sorted) {
    const found = [];
    for (let j = i + 1; j < sorted.length && sorted[j].box.top < line.box.bottom; j++) {
      const other = sorted[j];
      if (other.node !== line.node && across(line.box, other.box) > 1 && level(line.box, other.box)) {
        found.push(`${line.words} and ${other.words} overlap`);
      }
    }
    return found;
  }

  /** Whether a text of a picture lies across the left or the right side of an outlined box. */
  function crossing(line) {
    const crosses = ({ x, frame }) =>
      line.box.left < x - 1 && x + 1 < line.box.right && level(line.box, frame);
    return sides.some(crosses) ? [`${line.words} crosses the side of a box`] : [];
  }

  function size({ node }) {
    const svg = picture({ node });
    const scale = svg?.viewBox.baseVal?.width ? svg.getScreenCTM().a : 1;
    return scale * parseFloat(getComputedStyle(node.parentElement).fontSize);
  }

  const lines = linesOf(document.body);
  const inPictures = lines.filter(picture);
  const sides = [...document.querySelectorAll("svg rect")]
    .filter((e) => shown(e) && getComputedStyle(e).stroke !== "none")
    .map((e) => e.getBoundingClientRect())
    .flatMap((frame) => [{ x: frame.left, frame }, { x: frame.right, frame }]);

  const full = [...document.querySelectorAll("*:not(svg *)")]
    .filter((e) => shown(e) && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  const holds = (e) => `${called(e)} is ${e.clientWidth} wide and holds ${e.scrollWidth}`;
  const cut = full.filter((e) => e.matches("html, input"));

  const downward = lines.toSorted((one, other) => one.box.top - other.box.top);
  const widest = Math.max(...lines.map(({ box }) => box.width));
  const faults = [
    ...lines.flatMap(outside), ...downward.flatMap(covered), ...inPictures.flatMap(crossing),
    ...cut.map(holds),
  ];
  const own = lines.filter(({ node }) => !node.parentElement.closest(CONTROLS));
  return {
    faults: [...new Set(faults)],
    scrolling: full.filter(scrolls).map(holds),
    texts: lines.length,
    smallest: Math.min(...own.map(size)),
    widest: lines.find(({ box }) => box.width === widest)?.words,
  };
}
