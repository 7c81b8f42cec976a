// Adds a party that nobody registered: by a click on the map or by typing. Where it would fit best
// is shown before it is added.

import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { ask } from "./ask.js";
import { Unreachable, post } from "./api.js";
import { clock, count, kindName } from "./words.js";

const PAUSE_MS = 300;

export class WalkUp {
  next = null; // takes the next click on the map instead: a party that moved
  #url;
  #store;
  #desk;

  constructor(urls, store, desk) {
    this.#url = urls.preview;
    this.#store = store;
    this.#desk = desk;
  }

  clicked(place) {
    const next = this.next;
    this.next = null;
    if (next) next(place);
    else this.open(place);
  }

  open(place = {}) {
    const seen = this.#store.version;
    const preview = new Preview(this.#url);
    const fields = [
      { name: "name", label: "Name", value: "", required: true, max: 120 },
      { name: "address", label: "Address or crossing", value: "", required: true, max: 200 },
      { name: "lat", label: "Latitude", type: "number", step: "any", value: place.lat ?? "", required: true, half: true },
      { name: "lon", label: "Longitude", type: "number", step: "any", value: place.lon ?? "", required: true, half: true, help: place.lat ? "Taken from your click on the map." : "A click on the map fills both in." },
      { name: "lasts", label: "Lasts how long from now?", type: "number", min: 15, max: 480, value: this.#minutesLeft(), required: true, half: true, help: "In minutes." },
      { name: "people", label: "People, about", type: "number", min: 0, max: 5000, value: "", half: true },
      { name: "host_name", label: "Who to ask for", value: "", max: 120 },
      { name: "wanted", label: "Which visitors? None ticked means any team.", type: "checks", options: this.#kinds() },
    ];
    const send = ({ lasts, ...values }) => this.#desk.act("add_party", { ...values, window: this.#window(lasts) }, `${values.name} is added.`, seen);
    return ask({
      title: "Add a walk-up party", submit: "Add it", fields, send,
      extra: () => preview.draw(this.#store),
      changed: (values, draw) => preview.look({ ...values, window: this.#window(values.lasts) }, draw),
    });
  }

  #window(lasts) {
    const now = Math.floor(this.#store.now() / 60000) * 60000;
    return { opens: new Date(now).toISOString(), closes: new Date(now + Number(lasts) * 60000).toISOString() };
  }

  // Until the last shift ends, if nothing better is known.
  #minutesLeft() {
    const ends = [...this.#store.teams.values()].map((t) => Date.parse(t.shift.closes));
    const left = Math.floor((Math.max(...ends, 0) - this.#store.now()) / 300000) * 5;
    return Math.min(240, Math.max(30, left));
  }

  #kinds() {
    const codes = new Set([...this.#store.teams.values()].flatMap((t) => t.kinds ?? []));
    return [...codes].sort().map((code) => [code, kindName(code)]);
  }
}

class Preview {
  #url;
  #asked = "";
  #timer = 0;
  #found = null;

  constructor(url) {
    this.#url = url;
  }

  look({ lat, lon, people, wanted, window }, draw) {
    if (lat === "" || lon === "" || Number.isNaN(Number(lat) + Number(lon)) || !(Date.parse(window.closes) > Date.parse(window.opens))) return;
    const party = { lat: Number(lat), lon: Number(lon), window, wanted, ...(people ? { people: Number(people) } : {}) };
    const key = JSON.stringify([lat, lon, people, wanted, Date.parse(window.closes) - Date.parse(window.opens)]);
    if (key === this.#asked) return;
    this.#asked = key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(party, key, draw), PAUSE_MS);
  }

  async #fetch(party, key, draw) {
    try {
      const answer = await post(this.#url, party);
      if (key !== this.#asked) return;
      this.#found = answer.ok ? answer.body : { places: [], reason: answer.body?.detail ?? "No place could be found." };
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      this.#found = { places: [], reason: "The server does not answer; the place is found when it does." };
    }
    draw();
  }

  draw(store) {
    if (!this.#asked) return nothing;
    if (!this.#found) return html`<p class="preview" role="status">Looking for the cheapest place…</p>`;
    const [best, second] = this.#found.places;
    if (!best) return html`<p class="preview" role="status"><strong>No place:</strong> ${this.#found.reason} It is added without a visit.</p>`;
    return html`<div class="preview" role="status"><p><strong>Cheapest place:</strong> ${fit(best, store)}</p>
      ${second ? html`<p><small>Next best: ${fit(second, store)}</small></p>` : nothing}</div>`;
  }
}

function fit(place, store) {
  const after = place.after_party_id ? ` after ${store.nameOf(place.after_party_id)}` : "";
  const costs = [`${place.added_minutes} min more on the road`];
  if (place.promises_broken) costs.push(`${count(place.promises_broken, "promise")} would change`);
  if (place.stops_lost) costs.push(`${count(place.stops_lost, "visit")} would be lost`);
  if (costs.length === 1) costs.push("no promise changes");
  return `${place.team_name}, ${clock(place.starts_at)}${after}; ${costs.join(", ")}.`;
}
