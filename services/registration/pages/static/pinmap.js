// A map with one pin that is moved by dragging, by a click or tap, or by the arrow keys. It is
// loaded when it is wanted and can be drawn at all.

const STEP_METRES = 10;
const FAR_METRES = 100;
const METRES = 111320; // in a degree of latitude
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;
const DARK = matchMedia("(prefers-color-scheme: dark)");

export class PinMap {
  #host;
  #told;
  #moved;
  #map = null;
  #pin = null;
  #Marker = null;

  // told: what the map stands on and its words; moved: called with where the pin was put.
  constructor(host, told, moved) {
    this.#host = host;
    this.#told = told;
    this.#moved = moved;
  }

  // False where a map cannot be drawn.
  async start(from) {
    if (!drawable()) return false;
    this.#host.hidden = false;
    const told = this.#told;
    const { Map: GlMap, Marker, NavigationControl, AttributionControl, setWorkerUrl } = await import("/house-static/vendor/maplibre-gl/maplibre-gl.mjs");
    setWorkerUrl(new URL("/house-static/vendor/maplibre-gl/maplibre-gl-worker.mjs", location.href).href);
    this.#Marker = Marker;
    const centre = from ?? { lat: Number(told.lat), lon: Number(told.lon) };
    this.#map = new GlMap({
      container: this.#host, style: told.look || style(told), center: [centre.lon, centre.lat], zoom: from ? 16 : 12.5,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: false, fadeDuration: 0,
      locale: { "Map.Title": told.map, "NavigationControl.ZoomIn": told.in, "NavigationControl.ZoomOut": told.out },
    });
    this.#map.touchZoomRotate?.disableRotation();
    this.#map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    if (told.attribution) this.#map.addControl(new AttributionControl({ compact: false, customAttribution: told.look || told.streets ? [] : [told.attribution] }));
    this.#map.on("click", (event) => this.#drop(event.lngLat));
    this.#map.on("load", () => { this.#host.dataset.ready = "true"; });
    DARK.addEventListener("change", () => { if (!told.look) this.#map.setStyle(style(told)); });
    return true;
  }

  put({ lat, lon }, fly = false) {
    if (!this.#map) return;
    const fresh = !this.#pin;
    this.#pin ??= this.#makePin();
    this.#pin.setLngLat([lon, lat]);
    if (fresh) this.#pin.addTo(this.#map); // again would take the keyboard's focus away
    if (fly || !this.#map.getBounds().contains([lon, lat])) {
      this.#map.jumpTo({ center: [lon, lat], zoom: Math.max(16, this.#map.getZoom()) });
    }
  }

  remove() {
    this.#pin?.remove();
    this.#pin = null;
  }

  // Shows all of these places.
  look(places) {
    const lons = places.map((p) => p.lon);
    const lats = places.map((p) => p.lat);
    const box = [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
    this.#map.fitBounds(box, { padding: 40, maxZoom: 16, animate: !STILL, duration: 0 });
  }

  #makePin() {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "pin";
    element.setAttribute("aria-label", this.#told.pin);
    element.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("click", (event) => event.stopPropagation());
    const pin = new this.#Marker({ element, draggable: true, anchor: "bottom" });
    pin.on("dragend", () => this.#drop(pin.getLngLat()));
    return pin;
  }

  #key(event) {
    const [east, north] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (!east && !north) return;
    event.preventDefault();
    event.stopPropagation();
    const metres = event.shiftKey ? FAR_METRES : STEP_METRES;
    const at = this.#pin.getLngLat();
    const lat = at.lat + (north * metres) / METRES;
    const lng = at.lng + (east * metres) / (METRES * Math.cos((at.lat * Math.PI) / 180));
    this.#drop({ lat, lng });
  }

  #drop({ lat, lng }) {
    this.#moved({ lat, lon: lng });
  }
}

export function style({ streets, tiles, attribution }) {
  const colour = (light, dark) => (DARK.matches ? dark : light);
  const made = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("#eef1f4", "#131a21") } }] };
  if (tiles) {
    made.sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256, attribution };
    made.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  } else if (streets) {
    made.sources.streets = { type: "geojson", data: new URL(streets, location.href).href, attribution, tolerance: 0.5 };
    for (const [rank, from, to] of [[3, 0.8, 11], [2, 1.2, 14], [1, 1.8, 17], [0, 2.4, 20]]) {
      made.layers.push({
        id: `streets-${rank}`, type: "line", source: "streets", filter: ["==", ["get", "rank"], rank], layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": rank < 2 ? colour("#b3bfca", "#3b4a57") : colour("#ccd4dc", "#2a3640"), "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 11, from, 17, to] },
      });
    }
    made.layers.push({
      id: "street-names", type: "symbol", source: "streets", minzoom: 13,
      filter: ["any", ["<=", ["get", "rank"], 2], [">=", ["zoom"], 14.5]],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 12, "text-font": ["sans-serif"], "symbol-spacing": 250 },
      paint: { "text-color": colour("#3d4a57", "#b9c4cf"), "text-halo-color": colour("#eef1f4", "#131a21"), "text-halo-width": 1.8 },
    });
  }
  return made;
}

export function drawable() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}
