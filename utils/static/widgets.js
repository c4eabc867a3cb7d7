// Names for what ipywidgets leaves without one: buttons, handles of sliders, pictures.

const ICONS = { play: "Play", pause: "Pause", stop: "Back to the start" };

/** A text with what every slider of its widget says, or the caption where the picture has one. */
function alt(picture, box, text) {
  const caption = picture.parentElement?.querySelector(":scope > .widget-html")?.textContent.trim();
  if (caption) return caption;
  const sliders = [...box.querySelectorAll(".widget-inline-hbox")];
  const parts = sliders.map((one) => [".widget-label", ".widget-readout"].map((part) => one.querySelector(part)?.textContent));
  return [text, ...parts.filter(([name, value]) => name && value).map((pair) => pair.join(" "))].join(" ");
}

/** Write an attribute where it differs: an observer is listening. */
function set(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function nameAll(box, text) {
  if (!box.parentElement?.closest("[role=group][aria-label]")) {
    set(box, "role", "group");
    set(box, "aria-label", text);
  }
  for (const icon of box.querySelectorAll(".widget-play button i")) {
    const kind = Object.keys(ICONS).find((one) => icon.classList.contains(`fa-${one}`));
    for (const name of kind ? ["aria-label", "title"] : []) set(icon.parentElement, name, ICONS[kind]);
  }
  for (const handle of box.querySelectorAll("[role=slider]")) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    set(handle, "aria-label", label?.textContent.trim() || text);
  }
  for (const picture of box.querySelectorAll("img")) set(picture, "alt", alt(picture, box, text));
}

function render({ model, el }) {
  el.style.display = "none";
  const observer = new MutationObserver(() => update());
  let waiting = setInterval(update, 50); // until the view stands in its box
  function update() {
    const box = el.closest(".course-widget");
    if (!box) return;
    clearInterval(waiting);
    nameAll(box, model.get("text"));
    observer.observe(box, { childList: true, subtree: true, characterData: true });
  }
  update();
  return () => {
    clearInterval(waiting);
    observer.disconnect();
  };
}

export default { render };
