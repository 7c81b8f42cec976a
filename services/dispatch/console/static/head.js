// The night's own line at the top: its state, what can be done to all of it, and the figures.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { refreshAges } from "./ages.js";
import { NIGHT_WORDS, SETTLED, clock, isLate, isOpen } from "./words.js";

export class Head {
  actions = [];
  #night = document.getElementById("night");
  #figures = document.getElementById("figures");
  #areas = document.getElementById("areas");
  #store;
  #performer;

  constructor(store, performer) {
    this.#store = store;
    this.#performer = performer;
  }

  draw() {
    const night = this.#store.night;
    this.actions = this.#performer.cityActions();
    const button = (a) => html`<button type="button" class=${a.main ? "main" : ""} aria-keyshortcuts=${a.key ?? nothing} @click=${a.run}>${a.label}${a.key ? html` <kbd>${a.key.toUpperCase()}</kbd>` : nothing}</button>`;
    render(
      html`<p class="night-state" data-state=${night.state}><b>${nightWords(night)}</b> ${since(night)}${held(night, this.#store.areas)}${off(night, this.#store.areas)}</p>
        <div class="night-buttons" role="group" aria-label="The whole night">${this.actions.map(button)}
          ${this.#performer.acts ? html`<button type="button" aria-keyshortcuts="w" @click=${() => this.#performer.walkUp.open()}>Walk-up… <kbd>W</kbd></button>` : html`<span class="looks">You may look, not act.</span>`}</div>`,
      this.#night,
    );
    render(figures(this.#store).map(([words, number, tone]) => html`<div data-tone=${number ? tone : ""}><dt>${words}</dt><dd>${number}</dd></div>`), this.#figures);
    render(this.#store.areas.map((a) => coverage(a)), this.#areas);
    refreshAges(this.#night);
  }
}

export function nightWords(night) {
  if (night.state === "closed" && night.reason) return `Closed: ${night.reason}`;
  if (night.state === "held") return [night.held_areas?.length ? "Partly on hold" : "On hold", night.reason].filter(Boolean).join(": ");
  return NIGHT_WORDS[night.state] ?? night.state;
}

function since(night) {
  if (night.state === "open" && night.opened_at) return `since ${clock(night.opened_at)}`;
  const at = night.state === "held" ? night.held_at : night.closed_at;
  return at && night.state !== "planned" ? html`<time data-since=${at}></time>` : nothing;
}

function held(night, areas) {
  const words = heldWords(night, areas);
  return words ? html` <span class="held-areas">${words}</span>` : nothing;
}

function heldWords(night, areas) {
  return night.held_areas?.length ? `in ${night.held_areas.map((code) => named(code, areas)).join(", ")}` : "";
}

function off(night, areas) {
  const words = calledOff(night, areas);
  return words ? html` <span class="held-areas">${night.held_areas?.length ? "· " : ""}${words}</span>` : nothing;
}

function calledOff(night, areas) {
  if (!night.called_off?.length) return "";
  return `Called off in ${night.called_off.map(({ area, reason }) => `${named(area, areas)} (${reason})`).join(", ")}`;
}

// What is held or called off in parts of the city, in one line for the wall.
export function offWords(night, areas) {
  const where = night.state === "held" && heldWords(night, areas);
  return [where && `On hold ${where}`, night.state !== "closed" && calledOff(night, areas)].filter(Boolean).join(". ");
}

export function areaState(area) {
  return area.called_off ? "off" : area.held ? "held" : nothing;
}

export function areaWords(area) {
  return area.called_off ? "called off, " : area.held ? "on hold, " : "";
}

function named(code, areas) {
  return areas.find((a) => a.code === code)?.name ?? code;
}

export function figures(store) {
  const seen = { visited: 0, scene: 0, open: 0, late: 0, none: 0 };
  for (const party of store.parties.values()) {
    if (party.state === "withdrawn") continue;
    const stops = (store.visits.get(party.id) ?? []).map((v) => v.stop);
    const state = stops.some((s) => s.state === "done") ? "done" : stops[0]?.state;
    if (state === "done" || party.state === "done") seen.visited += 1;
    else if (state === "on_scene") seen.scene += 1;
    else if (!state || SETTLED.includes(state)) seen.none += 1;
    else seen.open += 1;
    if (stops.some((s) => isOpen(s) && isLate(s.lateness_seconds))) seen.late += 1;
  }
  const busy = [...store.teams.values()].filter((t) => t.state === "to_call").length;
  return [
    ["Parties", store.parties.size, ""], ["Visited", seen.visited, "good"], ["On scene", seen.scene, ""], ["To come", seen.open, ""],
    ["Late", seen.late, "bad"], ["No visit", seen.none, "warn"], ["On a call", busy, "warn"],
  ];
}

function coverage(area) {
  const name = area.name || area.code || "No area";
  return html`<div class="area" data-state=${areaState(area)}><label>${name} <b>${areaWords(area)}${area.visited} of ${area.parties}</b>
    <meter min="0" max=${area.parties || 1} value=${area.visited}>${area.visited} of ${area.parties}</meter></label></div>`;
}
