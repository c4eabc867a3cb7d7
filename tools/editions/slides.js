// The deck: sizes, what keys do inside a widget, and boxes whose content is scaled to fit.
{
  const widget = () => document.activeElement?.closest(".widget");

  /** Scale the content of a box to its room: a widget up to 1.8 times, text and tables never up. */
  function fit(content) {
    const box = content.parentElement;
    const { clientWidth: width, clientHeight: height } = box;
    if (!width || !content.offsetWidth) return;
    const most = content.querySelector(".widget") ? 1.8 : 1;
    const scale = Math.min(most, width / content.offsetWidth, height / content.offsetHeight);
    content.style.transform = `scale(${scale})`;
  }

  const observer = new ResizeObserver((entries) =>
    entries.forEach(({ target }) => fit(target.matches(".fit") ? target.firstElementChild : target)));
  for (const box of document.querySelectorAll(".fit")) {
    observer.observe(box);
    observer.observe(box.firstElementChild);
  }

  // A presenter's clicker turns the page wherever the focus is; Escape leaves a widget.
  const keys = { PageDown: () => Reveal.next(), PageUp: () => Reveal.prev(), Escape: () => {} };
  window.addEventListener("keydown", (event) => {
    const inside = widget();
    if (!inside || !keys[event.key]) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    document.activeElement.blur();
    keys[event.key]();
  }, true);

  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    controls: false,
    hash: true,
    transition: "none",
    pdfSeparateFragments: false,
    keyboardCondition: () => !widget(),
    plugins: [RevealNotes],
  });
}
