// Asks the board once a second what to show. All text goes in as text, never as HTML.
"use strict";

const SECOND = 1000;
const HINTS = 3;
const MARKS = { right: "✔", "not yet": "✘", "not begun": "○" };
const $ = (id) => document.getElementById(id);
let shown = "";

function element(tag, name, ...children) {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}

const kind = (state) => state.replace(" ", "-");
const people = (count) => `${count} ${count === 1 ? "person" : "people"}`;
const title = (lesson) => (lesson[0].toUpperCase() + lesson.slice(1)).replaceAll("_", " ");

function duration([middle, longest]) {
  if (!longest) return "for less than a minute";
  return middle < longest ? `for ${middle} min (median), ${longest} at most` : `for ${longest} min`;
}

function bar(row) {
  const drawn = element("div", "bar");
  for (const state of Object.keys(MARKS)) {
    const part = element("div", kind(state));
    part.style.flexGrow = row[state].length;
    drawn.append(part);
  }
  drawn.setAttribute("aria-hidden", "true");
  return drawn;
}

function counts(row) {
  const marks = Object.entries(MARKS).map(([state, symbol]) => {
    const mark = element("span", `mark ${kind(state)}`, `${symbol} ${row[state].length}`);
    mark.setAttribute("aria-label", `${row[state].length} ${state}`);
    return mark;
  });
  return element("div", "counts", ...marks);
}

function hints(row) {
  const list = element("ul", "hints");
  const line = (count, text) => {
    const made = element("li", "", element("b", "", `${people(count)}:`), ` ${text}`);
    made.title = text;
    list.append(made);
  };
  const named = row.hints.filter(([, hint]) => hint).slice(0, HINTS);
  for (const [count, hint] of named) line(count, hint);
  const rest = row["not yet"].length - named.reduce((sum, [count]) => sum + count, 0);
  if (rest) line(rest, "another mistake");
  return list;
}

function names(row) {
  const groups = Object.entries(MARKS).map(([state, symbol]) => {
    const isolated = row[state].map((name) => element("bdi", "", name));
    return element("div", `mark ${kind(state)}`, symbol, ...(isolated.length ? isolated : ["nobody"]));
  });
  return element("div", "people", ...groups);
}

function exercise(row) {
  const time = row.minutes ? element("div", "time", `✘ ${duration(row.minutes)}`) : "";
  const made = element("section", "", element("h2", "", row.title),
    element("div", "", bar(row), counts(row), time), hints(row));
  if ($("names").checked) made.append(names(row));
  return made;
}

function choices(state) {
  const wanted = $("choice").value;
  const latest = element("option", "", "the latest");
  latest.value = "";
  const options = Object.keys(state.lessons).sort().map((lesson) => {
    const option = element("option", "", title(lesson));
    option.value = lesson;
    return option;
  });
  $("choice").replaceChildren(latest, ...options);
  $("choice").value = wanted in state.lessons ? wanted : "";
}

function show(state) {
  $("problem").textContent = state.problem;
  if (!state.lessons) return;
  $("session").hidden = !state.home;
  choices(state);
  const lesson = $("choice").value || state.latest;
  $("lesson").textContent = lesson ? title(lesson) : "The board of the class";
  $("people").textContent = lesson ? people(state.people) : "Nobody has checked anything yet.";
  $("rows").replaceChildren(...(state.lessons[lesson] ?? []).map(exercise));
}

async function refresh() {
  try {
    const answer = await fetch("state");
    const text = await answer.text();
    if (!answer.ok) throw new Error(answer.statusText);
    if (text !== shown) show(JSON.parse((shown = text)));
  } catch {
    shown = "";
    $("problem").textContent = "The board does not answer. Is it running? No result is lost meanwhile.";
  }
}

$("choice").onchange = $("names").onchange = () => show(JSON.parse(shown || "{}"));
$("session").onclick = async () => {
  if (!confirm("Hide all results so far? They stay on the disk.")) return;
  await fetch("session", { method: "POST", headers: { "X-Board": "new" } });
  refresh();
};
(async function follow() {
  await refresh();
  setTimeout(follow, SECOND);
})();
