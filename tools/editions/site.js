// The book: light or dark, search, the place in the contents, answers at the end of a printed page,
// names for controls of widgets that bring none.
{
  const root = document.documentElement;
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = stored() ?? (dark ? "dark" : "light");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /** A button that changes the colors, and remembers it. */
  function themes(button) {
    const show = () => button.setAttribute("aria-pressed", root.dataset.theme === "dark");
    button.addEventListener("click", () => {
      root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* a file may not store */ }
      show();
    });
    show();
  }

  // ---- Search: words.js comes with the first look, and every word has to begin a word of a topic.

  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const starts = (text, word) => (plain(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((one) => one.startsWith(word)).length;

  function ranked(words) {
    const rank = ([, , lesson, heading, text]) => words.reduce((sum, word) => {
      const here = 8 * starts(heading, word) + 4 * starts(lesson, word) + Math.min(3, starts(text, word));
      return here && sum >= 0 ? sum + here : -1;
    }, 0);
    const found = window.WORDS.map((entry) => ({ entry, rank: rank(entry) }));
    return found.filter((one) => one.rank > 0).sort((a, b) => b.rank - a.rank).map((one) => one.entry);
  }

  /** The part of a text around the first of the words. */
  function excerpt(text, word) {
    const at = Math.max(0, plain(text).search(new RegExp(`(?<![\\p{L}\\p{N}])${word}`, "u")) - 50);
    return (at ? "… " : "") + text.slice(at ? text.indexOf(" ", at) + 1 : 0).slice(0, 130) + " …";
  }

  function element(name, text, ...children) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  }

  function search(box) {
    const input = box.querySelector("input");
    const panel = box.querySelector(".found");
    const { home } = document.body.dataset;
    let loading;
    const load = () => loading ??= new Promise((done) => {
      const script = element("script");
      script.src = `${home}words.js`;
      script.onload = done;
      document.head.append(script);
    });
    const show = async () => {
      await load();
      const words = plain(input.value).match(/[\p{L}\p{N}]+/gu) ?? [];
      const found = words.length ? ranked(words) : [];
      panel.hidden = !words.length;
      panel.querySelector("[role=status]").textContent =
        found.length ? `${found.length} places` : "Nothing found. Try a shorter word.";
      panel.querySelector("ol").replaceChildren(...found.slice(0, 12).map(([page, place, lesson, heading, text]) => {
        const link = element("a", "", element("strong", heading), element("span", `${lesson}: ${excerpt(text, words[0])}`));
        link.href = home + page + (place && `#${place}`);
        return element("li", "", link);
      }));
    };
    input.addEventListener("focus", load);
    input.addEventListener("input", show);
    box.addEventListener("click", (event) => { if (event.target.closest("a")) panel.hidden = true; });
    box.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) panel.hidden = true;
    });
    document.addEventListener("click", (event) => { if (!box.contains(event.target)) panel.hidden = true; });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") panel.hidden = true;
      if (event.key === "/" && !event.target.closest("input, textarea, select, .widget")) {
        event.preventDefault();
        input.focus();
      }
    });
  }

  /** Mark the section that is being read. */
  function follow(links) {
    const marks = new Map(links.map((link) => [document.getElementById(link.hash.slice(1)), link]));
    const mark = () => {
      const above = [...marks.keys()].filter((heading) => heading.getBoundingClientRect().top < 140);
      links.forEach((link) => link.removeAttribute("aria-current"));
      if (above.length) marks.get(above.at(-1)).setAttribute("aria-current", "true");
    };
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  // ---- Print: what is folded goes to the end of the page, and back.

  const moved = [];
  function answersToTheEnd() {
    const end = document.getElementById("answers");
    if (!end) return;
    for (const fold of all("main details.answer:not([open])")) {
      const title = element("p", fold.dataset.of);
      title.className = "of";
      moved.push({ fold, title, place: fold.parentElement });
      fold.replaceWith(title.cloneNode());
      moved.at(-1).stub = moved.at(-1).place.querySelector(":scope > p.of");
      fold.open = true;
      end.append(title, fold);
    }
    end.hidden = !moved.length;
  }
  function answersBack() {
    for (const { fold, title, stub } of moved.splice(0)) {
      fold.open = false;
      stub.replaceWith(fold);
      title.remove();
    }
    const end = document.getElementById("answers");
    if (end) end.hidden = true;
  }
  addEventListener("beforeprint", answersToTheEnd);
  addEventListener("afterprint", answersBack);

  // ---- Widgets: names for the controls of ipywidgets, which have none.

  const ICONS = { play: "Play", pause: "Pause", stop: "Stop", repeat: "Repeat", retweet: "Repeat" };
  function nameControls(widget) {
    const name = widget.getAttribute("aria-label");
    for (const button of all("button", widget)) {
      const icon = Object.keys(ICONS).find((one) => button.querySelector(`.fa-${one}`));
      if (icon && !button.textContent.trim()) button.setAttribute("aria-label", ICONS[icon]);
    }
    for (const handle of all("[role=slider]:not([aria-label])", widget)) {
      const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label")?.textContent.trim();
      handle.setAttribute("aria-label", label || "Page");
    }
    for (const picture of all("img:not([alt])", widget)) picture.alt = name;
  }
  function watch(widget) {
    new MutationObserver(() => nameControls(widget)).observe(widget, { childList: true, subtree: true });
  }

  /** What overflows can be scrolled with the keys. */
  function reachable() {
    for (const box of all("pre, .wide, .shown, .widget:not([inert]), main table, math[display=block], .contents > details")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  addEventListener("DOMContentLoaded", () => {
    themes(document.querySelector(".theme"));
    search(document.querySelector("search"));
    all(".widget").forEach(watch);
    follow(all(".contents a"));
    if (matchMedia("(max-width: 62rem)").matches) all(".contents > details").forEach((one) => { one.open = false; });
    all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
    addEventListener("resize", reachable);
    document.addEventListener("toggle", reachable, true);
    reachable();
  });
}
