// The planner's map: a mark for each party that the list's filters find. The list says the same, and
// is all there is where no map can be drawn.

import { drawable, style } from "./pinmap.js";
import { colour, image, MARKS } from "./marks.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const ORDER = Object.keys(MARKS);
const REACH = 12; // pixels around a finger or a pointer
const SIZE = ["interpolate", ["linear"], ["zoom"], 9, 0.45, 12, 0.7, 14, 0.95, 16, 1.15];

export { drawable };

export class PartiesMap {
  #host;
  #heard;
  #map;
  #parts;
  #marks = [];
  #box;
  #at = null; // the mark on which the keyboard stands
  #cursor;
  #popup = null;

  // heard: { open(marks) -> the popup's element, words(mark) -> a sentence, over(id), stood(mark), moved(bounds, how many) }
  constructor(host, heard) {
    this.#host = host;
    this.#heard = heard;
  }

  // box: the part of the map that the list is limited to, as [west, south, east, north], or null.
  async start(features, box) {
    const told = this.#host.dataset;
    this.#parts = await import("/house-static/vendor/maplibre-gl/maplibre-gl.mjs");
    const { Map: GlMap, NavigationControl, AttributionControl, setWorkerUrl } = this.#parts;
    setWorkerUrl(new URL("/house-static/vendor/maplibre-gl/maplibre-gl-worker.mjs", location.href).href);
    this.#marks = features.map(markOf);
    this.#box = box;
    const around = box ? [box.slice(0, 2), box.slice(2)] : bounds(this.#marks);
    const view = around ? { bounds: around, fitBoundsOptions: { padding: box ? 8 : 40, maxZoom: 15.5 } } : { center: [Number(told.lon), Number(told.lat)], zoom: 12 };
    const map = this.#map = new GlMap({
      container: this.#host, style: told.look || style(told), ...view,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0,
      locale: { "Map.Title": told.map, "NavigationControl.ZoomIn": "Zoom in", "NavigationControl.ZoomOut": "Zoom out", "Popup.Close": "Close" },
    });
    map.touchZoomRotate?.disableRotation();
    map.keyboard.disableRotation?.();
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (told.attribution) map.addControl(new AttributionControl({ compact: false, customAttribution: told.look || told.streets ? [] : [told.attribution] }));
    map.on("style.load", () => this.#draw());
    map.on("click", (event) => this.#clicked(event));
    map.on("mousemove", (event) => this.#over(event));
    map.on("mouseout", () => this.#over(null));
    map.on("moveend", () => this.#moved());
    map.on("load", () => { this.#host.dataset.ready = "true"; this.#moved(); });
    DARK.addEventListener("change", () => map.setStyle(told.look || style(told), { diff: false }));
    this.#addCursor();
  }

  resize() {
    this.#map?.resize();
  }

  // Lights the party's mark; null puts the light out.
  light(id) {
    const mark = this.#marks.find((each) => each.id === id);
    this.#map?.getSource("lit")?.setData(collection(mark ? [mark] : []));
    this.#host.dataset.lit = mark?.id ?? "";
  }

  bounds() {
    return this.#map.getBounds();
  }

  #draw() {
    const map = this.#map;
    for (const standing of ORDER) if (!map.hasImage(standing)) map.addImage(standing, image(standing), { pixelRatio: 2 });
    const [ink, ring] = [colour("--link"), colour("--focus")];
    map.addSource("box", { type: "geojson", data: collection(this.#box ? [outline(this.#box)] : []) });
    map.addSource("parties", { type: "geojson", data: collection(this.#marks) });
    map.addSource("lit", { type: "geojson", data: collection([]) });
    map.addLayer({ id: "box", type: "line", source: "box", paint: { "line-color": ink, "line-width": 2, "line-dasharray": [3, 2] } });
    const layout = { "icon-image": ["get", "standing"], "icon-size": SIZE, "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "above"] };
    map.addLayer({ id: "parties", type: "symbol", source: "parties", layout });
    map.addLayer({ id: "lit-ring", type: "circle", source: "lit", paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 11, 16, 20], "circle-color": ring, "circle-opacity": 0.35, "circle-stroke-color": ring, "circle-stroke-width": 3 } });
    map.addLayer({ id: "lit", type: "symbol", source: "lit", layout });
  }

  #moved() {
    const view = this.#map.getBounds();
    this.#heard.moved(view, this.#marks.filter((mark) => view.contains(mark.geometry.coordinates)).length);
  }

  // The marks under a point of the screen, the nearest first.
  #near({ point }, reach = REACH) {
    if (!this.#map.getLayer("parties")) return [];
    const square = [[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]];
    const ids = new Set(this.#map.queryRenderedFeatures(square, { layers: ["parties"] }).map((each) => each.properties.id));
    const far = (mark) => { const at = this.#map.project(mark.geometry.coordinates); return Math.hypot(at.x - point.x, at.y - point.y); };
    return this.#marks.filter((mark) => ids.has(mark.id)).map((mark) => [far(mark), mark]).sort((a, b) => a[0] - b[0]).map(([, mark]) => mark);
  }

  #clicked(event) {
    const marks = this.#near(event);
    if (!marks.length) return;
    this.#stand(marks[0]);
    this.#open(marks);
  }

  #over(event) {
    const mark = event ? this.#near(event, 4)[0] : undefined;
    this.#map.getCanvas().classList.toggle("on-mark", Boolean(mark));
    this.#heard.over(mark?.id ?? null);
  }

  #open(marks) {
    this.#popup?.remove();
    const popup = this.#popup = new this.#parts.Popup({ maxWidth: "20rem", className: "mark-words", offset: 12 });
    const closed = () => { if (this.#host.contains(document.activeElement) || document.activeElement === document.body) this.#cursor.getElement().focus({ preventScroll: true }); };
    popup.setLngLat(marks[0].geometry.coordinates).setDOMContent(this.#heard.open(marks)).addTo(this.#map);
    popup.getElement().addEventListener("keydown", (event) => { if (event.key === "Escape") { popup.remove(); closed(); } });
    popup.getElement().querySelector(".maplibregl-popup-close-button")?.addEventListener("click", closed);
  }

  // One button that stands on a mark: the whole map is a single stop for the Tab key.
  #addCursor() {
    if (!this.#marks.length) return;
    const element = document.createElement("button");
    element.type = "button";
    element.className = "mark-cursor";
    this.#cursor = new this.#parts.Marker({ element });
    element.addEventListener("focus", () => this.#wake());
    element.addEventListener("blur", () => { this.light(null); this.#heard.stood(null); });
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("click", (event) => { event.stopPropagation(); this.#open(this.#stack()); });
    this.#stand(nearest(this.#marks, this.#map.getCenter()));
    this.#cursor.addTo(this.#map);
    element.setAttribute("aria-label", this.#label());
  }

  #wake() {
    const view = this.#map.getBounds();
    if (!view.contains(this.#at.geometry.coordinates)) this.#stand(nearest(this.#marks, this.#map.getCenter()));
    if (!view.contains(this.#at.geometry.coordinates)) this.#map.jumpTo({ center: this.#at.geometry.coordinates });
    this.light(this.#at.id);
  }

  #stand(mark) {
    this.#at = mark;
    this.#cursor.setLngLat(mark.geometry.coordinates);
    this.#cursor.getElement().setAttribute("aria-label", this.#label());
  }

  #label() {
    return `${this.#heard.words(this.#at)}. Arrow keys go to the next party, Enter opens it.`;
  }

  // All parties at the very same place: their marks hide one another.
  #stack() {
    const here = String(this.#at.geometry.coordinates);
    return [this.#at, ...this.#marks.filter((mark) => mark !== this.#at && String(mark.geometry.coordinates) === here)];
  }

  #key(event) {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!x && !y) return;
    event.preventDefault();
    event.stopPropagation();
    const from = this.#map.project(this.#at.geometry.coordinates);
    let best = null;
    for (const mark of this.#marks) {
      const to = this.#map.project(mark.geometry.coordinates);
      const along = (to.x - from.x) * x + (to.y - from.y) * y;
      const aside = Math.abs((to.x - from.x) * y) + Math.abs((to.y - from.y) * x);
      if (along > 0.5 && aside <= along && (!best || along + aside < best[0])) best = [along + aside, mark];
    }
    if (!best) return;
    this.#stand(best[1]);
    this.light(best[1].id);
    this.#heard.stood(best[1]);
    if (!this.#map.getBounds().contains(best[1].geometry.coordinates)) this.#map.easeTo({ center: best[1].geometry.coordinates, duration: STILL ? 0 : 250 });
  }
}

function markOf(feature) {
  const [standing] = feature.properties.standings;
  return { ...feature, id: feature.properties.id, properties: { ...feature.properties, standing, above: ORDER.indexOf(standing) } };
}

function nearest(marks, { lng, lat }) {
  const far = ({ geometry: { coordinates: [lon, north] } }) => Math.hypot((lon - lng) * Math.cos((lat * Math.PI) / 180), north - lat);
  return marks.reduce((best, mark) => (far(mark) < far(best) ? mark : best));
}

function bounds(marks) {
  if (!marks.length) return null;
  const [lons, lats] = [0, 1].map((n) => marks.map((mark) => mark.geometry.coordinates[n]));
  const [west, south, east, north] = [least(lons), least(lats), most(lons), most(lats)];
  return [[west, south], [east, north]];
}

const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));
const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b));
const collection = (features) => ({ type: "FeatureCollection", features });

function outline([west, south, east, north]) {
  return { type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: [[west, south], [east, south], [east, north], [west, north], [west, south]] } };
}
