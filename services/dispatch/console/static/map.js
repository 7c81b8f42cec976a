// The map. It is loaded when it is wanted and can be drawn at all; without it nothing is missing
// but the map. Only what changed is handed to it.

import { colour } from "./colours.js";
import { areaFeatures, bounds, outlines, partyFeature, routeFeature, teamFeature } from "./geography.js";
import { SHAPES, markImage } from "./marks.js";
import { night, styleOf } from "./mapstyle.js";

const PARTY_STATES = ["unvisited", "planned", "promised", "en_route", "on_scene", "done", "skipped", "withdrawn"];
const TEAM_STATES = ["ready", "at_kick_off", "en_route", "on_scene", "to_call", "on_break"];
const DARK = matchMedia("(prefers-color-scheme: dark)");
const GAP_MS = 700;
const MAKE = { parties: partyFeature, teams: teamFeature, routes: routeFeature };

export class NightMap {
  ready = false;
  #host;
  #options;
  #store;
  #map = null;
  #drawn = { parties: new Set(), teams: new Set(), routes: new Set() };
  #pending = { teams: new Set(), parties: new Set(), all: true };
  #shown = ""; // of the areas
  #outlines = null;
  #places = new Map(); // party id -> where it was when the outlines were made
  #marked = "";
  #fitted = false;
  #waiting = 0;
  #drawnAt = -GAP_MS;
  #chosen = { team: "", party: "" };

  // options: {settings, big, pick(kind, id), clicked({lat, lon})}
  constructor(host, store, options) {
    this.#host = host;
    this.#store = store;
    this.#options = options;
  }

  // False where a map cannot be drawn.
  async start() {
    if (!drawable()) return false;
    const { Map: GlMap, NavigationControl, AttributionControl, setWorkerUrl } = await import("/house-static/vendor/maplibre-gl/maplibre-gl.mjs");
    setWorkerUrl(new URL("/house-static/vendor/maplibre-gl/maplibre-gl-worker.mjs", location.href).href);
    this.#map = new GlMap({
      container: this.#host, style: await this.#style(), attributionControl: false, locale: { "Map.Title": "Map of parties and teams" }, dragRotate: false, pitchWithRotate: false,
      bounds: bounds(this.#store) ?? undefined, fitBoundsOptions: { padding: 40 }, interactive: !this.#options.big,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    });
    this.#map.touchZoomRotate?.disableRotation();
    this.#map.addControl(new AttributionControl({ compact: false }));
    if (!this.#options.big) this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.#map.on("load", () => this.#loaded());
    this.#map.on("click", (event) => this.#clicked(event));
    DARK.addEventListener("change", () => this.restyle());
    return true;
  }

  async restyle() {
    this.ready = false;
    for (const kept of Object.values(this.#drawn)) kept.clear();
    this.#shown = this.#marked = "";
    this.#pending.all = true;
    this.#map.setStyle(await this.#style(), { diff: false });
    this.#map.once("styledata", () => this.#loaded());
  }

  changed(changes) {
    for (const id of changes.teams) this.#pending.teams.add(id);
    for (const id of changes.parties) {
      this.#pending.parties.add(id);
      const { lat, lon, area } = this.#store.parties.get(id) ?? {};
      const place = `${lat} ${lon} ${area}`;
      if (this.#places.get(id) === place) continue;
      this.#places.set(id, place);
      this.#outlines = null;
    }
    this.#pending.all ||= changes.all;
  }

  // A map that lays out its marks for every tap of a busy night would keep a plain laptop busy.
  draw() {
    const due = this.#drawnAt + GAP_MS - performance.now();
    if (due > 0) this.#waiting ||= setTimeout(() => this.#drawNow(), due);
    else this.#drawNow();
  }

  #drawNow() {
    clearTimeout(this.#waiting);
    this.#waiting = 0;
    if (!this.ready) return;
    this.#drawnAt = performance.now();
    const { teams, parties, all } = this.#pending;
    this.#pending = { teams: new Set(), parties: new Set(), all: false };
    // A team's route depends on where its parties are.
    for (const id of parties) for (const visit of this.#store.visits.get(id) ?? []) teams.add(visit.team);
    this.#update("parties", all ? new Set(this.#store.parties.keys()) : parties);
    this.#update("teams", all ? new Set(this.#store.teams.keys()) : teams);
    this.#update("routes", all ? new Set(this.#store.teams.keys()) : teams);
    this.#areas();
    this.#mark();
  }

  choose({ team, party }, reveal) {
    this.#chosen = { team, party };
    if (!this.ready) return;
    this.#mark();
    const shape = party ? partyFeature(this.#store, party) : teamFeature(this.#store, team);
    if (reveal && shape && !this.#map.getBounds().contains(shape.geometry.coordinates)) {
      this.#map.easeTo({ center: shape.geometry.coordinates, duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400 });
    }
  }

  wholeCity() {
    const all = bounds(this.#store);
    if (this.#map && all) this.#map.fitBounds(all, { padding: 30, duration: 0 });
  }

  async #style() {
    const { style } = this.#options.settings;
    const absolute = (url) => url && new URL(url, location.href).href;
    const settings = { ...this.#options.settings, streets: absolute(this.#options.settings.streets) };
    if (!style) return styleOf(settings, colour, this.#options.big);
    const answer = await fetch(style);
    return night(await answer.json(), colour, this.#options.big);
  }

  #loaded() {
    const paper = colour("--paper");
    const put = (name, state, ink, size) => {
      if (!this.#map.hasImage(name)) this.#map.addImage(name, markImage(state, ink, paper, size), { pixelRatio: 2 });
    };
    for (const state of PARTY_STATES) {
      put(state, state, colour(`--s-${state}`), 22);
      put(`${state}-late`, state, colour("--bad"), 25);
    }
    for (const state of TEAM_STATES.filter((s) => s in SHAPES)) {
      put(`team-${state}`, state, colour("--team"), 26);
      put(`team-${state}-late`, state, colour("--bad"), 28);
    }
    this.ready = true;
    if (!this.#fitted) this.wholeCity();
    this.#fitted = true;
    this.#host.dataset.ready = "true";
    this.#drawNow();
  }

  #update(name, ids) {
    const diff = { add: [], update: [], remove: [] };
    const kept = this.#drawn[name];
    for (const id of ids) {
      const shape = MAKE[name](this.#store, id);
      if (!shape && kept.delete(id)) diff.remove.push(id);
      else if (shape && kept.has(id)) diff.update.push({ id, newGeometry: shape.geometry, addOrUpdateProperties: Object.entries(shape.properties).map(([key, value]) => ({ key, value })) });
      else if (shape) diff.add.push(shape), kept.add(id);
    }
    if (diff.add.length + diff.update.length + diff.remove.length) this.#map.getSource(name).updateData(diff);
  }

  #areas() {
    const key = JSON.stringify(this.#store.areas);
    if (key === this.#shown && this.#outlines) return;
    this.#shown = key;
    this.#outlines ??= outlines(this.#store);
    const areas = areaFeatures(this.#store.areas, this.#outlines);
    const put = (source, features) => this.#map.getSource(source).setData({ type: "FeatureCollection", features });
    put("areas", areas.map((a) => a.shape));
    put("area-names", areas.map((a) => a.label));
  }

  #mark() {
    const { team, party } = this.#chosen;
    const shape = party ? partyFeature(this.#store, party) : team ? teamFeature(this.#store, team) : null;
    const key = JSON.stringify([team, shape?.geometry.coordinates]);
    if (key === this.#marked) return;
    this.#marked = key;
    this.#map.getSource("chosen").setData({ type: "FeatureCollection", features: shape ? [shape] : [] });
    this.#map.setFilter("route-chosen", ["==", ["get", "id"], team]);
  }

  #clicked(event) {
    const near = [[event.point.x - 12, event.point.y - 12], [event.point.x + 12, event.point.y + 12]];
    const [hit] = this.#map.queryRenderedFeatures(near, { layers: ["teams", "parties"] });
    if (hit) this.#options.pick?.(hit.source, hit.properties.id);
    else this.#options.clicked?.({ lat: round(event.lngLat.lat), lon: round(event.lngLat.lng) });
  }
}

function drawable() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

function round(degrees) {
  return Math.round(degrees * 1e6) / 1e6;
}
