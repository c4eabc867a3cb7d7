// What does not fit on the slides of a deck, and how small their texts are.
async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const called = (e) => `<${e.localName} class="${e.getAttribute("class") ?? ""}"> ${e.textContent.trim().slice(0, 40)}`;
  const sticksOut = (box, room) =>
    Math.max(room.left - box.left, box.right - room.right, room.top - box.top, box.bottom - room.bottom);
  const faults = [];
  const smallest = { p: Infinity, li: Infinity, pre: Infinity, td: Infinity, widget: Infinity };
  for (const [number, slide] of Reveal.getSlides().entries()) {
    Reveal.slide(number);
    slide.querySelectorAll(".fragment").forEach((fragment) => fragment.classList.add("visible"));
    await frame();
    const page = slide.querySelector(".page");
    const [header, main, footer] = page.children;
    const rooms = [[page, page.getBoundingClientRect()]];
    if (main.offsetHeight) rooms.push([main, main.getBoundingClientRect()]);
    for (const [place, room] of rooms) {
      for (const element of place.querySelectorAll("*")) {
        if (!element.checkVisibility() || element.closest("script, math > * *, svg *, select, .widget *")) continue;
        const out = sticksOut(element.getBoundingClientRect(), room);
        if (out > 1) faults.push(`slide ${number + 1}: ${called(element)} sticks out by ${out.toFixed(0)} px`);
      }
    }
    for (const [one, other] of [[header, footer], [header, main], [main, footer]]) {
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (Math.min(across, down) > 1) faults.push(`slide ${number + 1}: ${called(one)} covers ${called(other)}`);
    }
    for (const kind of ["p", "li", "pre", "td"]) {
      for (const text of main.querySelectorAll(`${kind}:not(.widget *, .live)`)) {
        const scale = text.offsetWidth ? text.getBoundingClientRect().width / text.offsetWidth : Infinity;
        const size = parseFloat(getComputedStyle(text).fontSize) * scale;
        if (size < smallest[kind]) smallest[kind] = size;
      }
    }
  }
  return { faults, smallest };
}
