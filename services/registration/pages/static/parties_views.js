// The planner's list as a list, as a map, or both: what is shown, and what list and map tell one
// another. Names are what strangers typed: they only ever become text.

import { drawable, PartiesMap } from "./parties_map.js";
import { drawing, MARKS } from "./marks.js";

const WIDE = matchMedia("(min-width: 75rem)");
const KEPT = "porchlight-parties-view";
const AT_ONCE = 8; // parties in one popup
const found = document.getElementById("found");
const part = document.getElementById("map-part");
const host = document.getElementById("parties-map");
const buttons = [...document.querySelectorAll("#views button")];
const words = host ? JSON.parse(host.dataset.words) : {};
const said = document.getElementById("map-said");
const only = document.getElementById("only-here");
let map = null;
let box = null;
let whole = { marks: 0, lost: 0 }; // what was found: on the map, and without a place

function start() {
  if (!host || !drawable()) return;
  document.getElementById("views").hidden = false;
  box = host.dataset.box ? host.dataset.box.split(",").map(Number) : null;
  for (const button of buttons) button.addEventListener("click", () => { keep(button.value); show(); });
  WIDE.addEventListener("change", show);
  for (const [kind, lit] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    found.addEventListener(kind, (event) => {
      const row = event.target.closest("tr[data-party]");
      if (row) map?.light(lit ? row.dataset.party : null);
    });
  }
  only.addEventListener("click", narrow);
  show();
}

function chosen() {
  const asked = kept() ?? (WIDE.matches ? "both" : "list");
  return asked === "both" && !WIDE.matches ? "list" : asked;
}

function show() {
  const view = chosen();
  found.dataset.view = view;
  part.hidden = view === "list";
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === view));
  if (view === "list") return;
  if (map) map.resize();
  else draw();
}

async function draw() {
  map = new PartiesMap(host, { open, over, moved, words: sentence, stood });
  try {
    const answer = await fetch(host.dataset.places);
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const marks = await answer.json();
    tell(marks);
    await map.start(marks.features, box);
  } catch {
    map = null;
    document.getElementById("map-failed").hidden = false;
  }
}

// What stands beneath the map: the legend, who is not on it.
function tell({ features, placed, unplaced }) {
  whole = { marks: features.length, lost: unplaced };
  const counts = new Map();
  for (const { properties: { standings: [first] } } of features) counts.set(first, (counts.get(first) ?? 0) + 1);
  const legend = document.getElementById("map-legend");
  legend.replaceChildren(...Object.keys(MARKS).reverse().filter((standing) => counts.has(standing)).map((standing) => {
    const line = document.createElement("li");
    line.append(drawing(standing), ` ${words[standing]} `, small(counts.get(standing).toLocaleString("en-US")));
    return line;
  }));
  const lost = document.getElementById("map-unplaced");
  lost.hidden = !unplaced;
  lost.querySelector("span").textContent = unplaced === 1 ? "One of them has no place yet and is not on the map." : `${unplaced.toLocaleString("en-US")} of them have no place yet and are not on the map.`;
  const more = document.getElementById("map-more");
  more.hidden = placed <= features.length;
  more.textContent = `Only the first ${features.length.toLocaleString("en-US")} of ${placed.toLocaleString("en-US")} are drawn; filters make it fewer.`;
}

function moved(view, count) {
  const all = count === whole.marks && !whole.lost;
  only.disabled = !count || all;
  only.textContent = !count ? "The map shows none of them here" : all ? "The map shows all parties that were found" : count === 1 ? "Only the one party that the map shows" : `Only the ${count.toLocaleString("en-US")} parties that the map shows`;
}

function narrow() {
  const view = map.bounds();
  const out = (degrees, round, most) => Math.max(-most, Math.min(most, round(degrees * 1e5) / 1e5));
  const sides = [out(view.getWest(), Math.floor, 180), out(view.getSouth(), Math.floor, 90), out(view.getEast(), Math.ceil, 180), out(view.getNorth(), Math.ceil, 90)];
  const address = new URL(host.dataset.here, location.href);
  address.searchParams.set("box", sides.join(","));
  location.assign(address);
}

function stood(mark) {
  said.textContent = mark ? sentence(mark) : "";
  over(mark?.id ?? null);
}

function over(id) {
  for (const row of found.querySelectorAll("tr[data-party]")) row.classList.toggle("lit", row.dataset.party === id);
}

function open(marks) {
  const list = document.createElement("ul");
  for (const { properties: party } of marks.slice(0, AT_ONCE)) {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = `${host.dataset.file}/${encodeURIComponent(party.id)}`;
    link.textContent = party.name || party.address;
    const standing = document.createElement("p");
    for (const each of party.standings) {
      const sign = document.createElement("span");
      sign.append(drawing(each), ` ${words[each]} `);
      standing.append(sign);
    }
    line.append(link, " ", small(party.code, "code"), paragraph(party.hours), paragraph(party.address), standing);
    list.append(line);
  }
  const whole = document.createElement("div");
  whole.append(list);
  if (marks.length > AT_ONCE) whole.append(paragraph(`and ${marks.length - AT_ONCE} more; zoom in to part them.`));
  return whole;
}

function sentence({ properties: party }) {
  return `${party.name || party.address}, ${party.standings.map((each) => words[each]).join(", ")}`;
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function small(text, kind = "count") {
  const made = document.createElement("span");
  made.className = kind;
  made.textContent = text;
  return made;
}

// A browser that keeps nothing shows what is usual.
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function keep(view) {
  try {
    localStorage.setItem(KEPT, view);
  } catch {
    found.dataset.view = view;
  }
}

start();
