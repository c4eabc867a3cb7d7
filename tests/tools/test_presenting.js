// How much room the widget of a cell takes in its notebook, and its smallest text, in CSS pixels.
(number) => {
  const cell = document.querySelectorAll(".jp-Notebook .jp-Cell")[number];
  const panel = cell.closest(".jp-WindowedPanel-outer");
  const view = panel.getBoundingClientRect();
  const outputs = [...cell.querySelectorAll(".jp-OutputArea-output")];
  const output = outputs.find((one) => one.querySelector(".jupyter-widgets, .lm-Widget, svg, img"));
  let [top, right, bottom] = [Infinity, -Infinity, -Infinity];
  let smallest = Infinity;
  let says = "";
  for (const node of output.querySelectorAll("*")) {
    const own = node.getBoundingClientRect();
    if (!own.width || !own.height || !node.checkVisibility({ visibilityProperty: true })) continue;
    const drawn = node.ownerSVGElement; // it may reach out of its picture, which cuts it off
    if (!drawn) {
      top = Math.min(top, own.top);
      right = Math.max(right, own.right);
      bottom = Math.max(bottom, own.bottom);
    }
    const field = node.matches("select, input:not([type=range], [type=checkbox])");
    const words = [...node.childNodes].filter((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
    if (!field && !words.length) continue;
    const scale = drawn ? Math.hypot(node.getScreenCTM().b, node.getScreenCTM().d) : 1;
    const size = scale * parseFloat(getComputedStyle(node).fontSize);
    if (size < smallest) [smallest, says] = [size, field ? node.localName : words[0].data.trim()];
  }
  const beyond = right - view.left - panel.clientWidth;
  return { high: Math.round(bottom - top), beyond: Math.round(beyond), room: [panel.clientWidth, panel.clientHeight], smallest, says };
}
