// Adds a party that nobody registered: by a click on the map or by typing. Where it would fit best
// is shown before it is added.

import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { ask } from "./ask.js";
import { Unreachable, post } from "./api.js";
import { clock, span } from "./words.js";

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
      { name: "lat", label: "Latitude", type: "number", step: "any", value: place.lat ?? "", required: true },
      { name: "lon", label: "Longitude", type: "number", step: "any", value: place.lon ?? "", required: true, help: place.lat ? "Taken from your click on the map." : "A click on the map fills both in." },
      { name: "people", label: "People, about", type: "number", min: 0, max: 5000, value: "" },
      { name: "host_name", label: "Who to ask for", value: "", max: 120 },
    ];
    const send = (values) => this.#desk.act("add_party", values, `${values.name} is added.`, seen);
    return ask({
      title: "Add a walk-up party", submit: "Add it", fields, send,
      extra: () => preview.draw(this.#store),
      changed: (values, draw) => preview.look(values, draw),
    });
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

  look(values, draw) {
    const wanted = { lat: Number(values.lat), lon: Number(values.lon), ...(values.people ? { people: Number(values.people) } : {}) };
    const key = JSON.stringify(wanted);
    if (values.lat === "" || values.lon === "" || Number.isNaN(wanted.lat + wanted.lon) || key === this.#asked) return;
    this.#asked = key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(wanted, key, draw), PAUSE_MS);
  }

  async #fetch(wanted, key, draw) {
    try {
      const answer = await post(this.#url, wanted);
      if (key !== this.#asked) return;
      this.#found = answer.ok ? answer.body : { detail: answer.body?.detail ?? "No place could be found." };
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      this.#found = { detail: "The server does not answer; the place is found when it does." };
    }
    draw();
  }

  draw(store) {
    const best = this.#found?.best ?? this.#found?.options?.[0] ?? (this.#found?.team ? this.#found : null);
    let words = "";
    if (best) words = fit(best, store);
    else if (this.#found) words = this.#found.detail ?? "No team can reach it in time; it is added without a visit.";
    else if (this.#asked) words = "Looking for the cheapest place…";
    return words ? html`<p class="preview" role="status"><strong>Cheapest place:</strong> ${words}</p>` : nothing;
  }
}

function fit(best, store) {
  const extra = best.extra_seconds === undefined ? nothing : html`, ${Math.round(best.extra_seconds / 60)} min more driving`;
  const late = best.promises_changed ? `, changes ${best.promises_changed} promises` : ", no promise changes";
  const arrives = best.arrives_at ? clock(best.arrives_at) : span(best.opens, best.closes);
  return html`${store.teamName(best.team_id ?? best.team)}, ${arrives}${extra}${late}.`;
}
