// The wall: the night for a whole room. No controls; what does not fit is counted, not hidden.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { refreshAges, startAges } from "./ages.js";
import { areaState, areaWords, figures, nightWords, offWords } from "./head.js";
import { Lamp } from "./lamp.js";
import { NightMap } from "./map.js";
import { mark } from "./marks.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { TEAM_WORDS, begins, clock, isLate, lateness } from "./words.js";

const NEEDS = 4;
const ARRIVALS = 5;
const TEAMS = 40;
const AREAS = 8;

const page = document.getElementById("console");
const urls = { ...page.dataset };
const at = (id) => document.getElementById(id);
const lamp = new Lamp();
const store = new Store();
const stream = new Stream(urls, store, () => lamp.show(stream));
const map = new NightMap(at("map"), store, {
  settings: { streets: urls.streets, tiles: urls.tiles, style: urls.style, attribution: urls.attribution }, big: true,
});
let started = false;
let wanted = 0;

function draw() {
  wanted = 0;
  if (!started) startMap();
  at("wall-night").textContent = nightWords(store.night) + (begun(store.night) ? ` since ${clock(begun(store.night))}` : "");
  at("wall-night").dataset.state = store.night.state;
  at("wall-off").textContent = offWords(store.night, store.areas);
  // The server drew the first figures; lit takes over from an empty place.
  if (!at("figures").dataset.live) at("figures").replaceChildren();
  at("figures").dataset.live = "yes";
  render(figures(store).map(([words, number, tone]) => html`<div data-tone=${number ? tone : ""}><dt>${words}</dt><dd>${number}</dd></div>`), at("figures"));
  render(needs(), at("wall-needs"));
  render(arrivals(), at("wall-next"));
  render(teams(), at("wall-teams"));
  render(areas(), at("areas"));
  refreshAges();
  map.draw();
}

function needs() {
  const rest = store.needs.length - NEEDS;
  if (!store.needs.length) return html`<li class="none">Nothing.</li>`;
  return html`${store.needs.slice(0, NEEDS).map((n) => html`<li><p>${n.words}</p><time data-since=${n.since}></time></li>`)}
    ${rest > 0 ? html`<li class="rest">and ${rest} more</li>` : nothing}`;
}

function arrivals() {
  const next = [...store.teams.values()].flatMap((team) => {
    const stop = store.nextStop(team);
    return stop && !["off", "ended", "on_scene", "to_call", "on_break"].includes(team.state) ? [{ team, stop }] : [];
  });
  next.sort((a, b) => begins(a.stop) - begins(b.stop));
  if (!next.length) return html`<li class="none">None.</li>`;
  return next.slice(0, ARRIVALS).map(({ team, stop }) => {
    const late = isLate(stop.lateness_seconds);
    return html`<li><b>${clock(begins(stop))}</b><p><strong>${store.nameOf(stop.party_id)}</strong>
      <span data-late=${late}>${team.name}${late ? `, ${lateness(stop.lateness_seconds)}` : ""}</span></p></li>`;
  });
}

function teams() {
  const all = [...store.teams.values()].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const rest = all.length - TEAMS;
  return html`${all.slice(0, TEAMS).map((t) => html`<li data-state=${t.state} data-late=${isLate(t.late_seconds)}>${mark(t.state)}<b>${t.name.replace(/^team\s+/i, "")}</b>
    <span>${isLate(t.late_seconds) ? lateness(t.late_seconds) : TEAM_WORDS[t.state]}</span></li>`)}
    ${rest > 0 ? html`<li class="rest">and ${rest} more</li>` : nothing}`;
}

// Since when the night is as it is.
function begun(night) {
  return { held: night.held_at, closed: night.closed_at }[night.state] ?? night.opened_at;
}

// Areas that are held or called off come first, whatever else has to be left out.
const isStopped = (area) => Number(Boolean(area.called_off || area.held));

function areas() {
  const share = (a) => a.visited / (a.parties || 1);
  const shown = [...store.areas].sort((a, b) => isStopped(b) - isStopped(a) || share(a) - share(b)).slice(0, AREAS);
  return shown.map((a) => html`<div class="area" data-state=${areaState(a)}><label>${a.name || a.code} <b>${areaWords(a)}${a.visited}/${a.parties}</b>
    <meter min="0" max=${a.parties || 1} value=${a.visited}>${a.visited} of ${a.parties}</meter></label></div>`);
}

async function startMap() {
  started = true;
  const drawn = await map.start().catch(() => false);
  at("map-box").dataset.map = drawn ? "on" : "off";
  document.body.dataset.map = drawn ? "on" : "off";
}

store.watch((changes) => {
  map.changed(changes);
  wanted ||= requestAnimationFrame(draw);
});
startAges(() => store.now());
setInterval(() => {
  const now = clock(store.now());
  if (at("wall-clock").textContent !== now) at("wall-clock").textContent = now;
}, 1000);
stream.start();
