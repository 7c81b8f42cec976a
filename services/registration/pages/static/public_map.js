// The map of the public page: a dot for each block with a party. The list says the same; where no
// map can be drawn, or no party has a place, there is only the list.

import { drawable, style } from "./pinmap.js";

const host = document.getElementById("party-map");
const DARK = matchMedia("(prefers-color-scheme: dark)");

async function start() {
  if (!host || !drawable()) return;
  const told = host.dataset;
  const answer = await fetch(told.places);
  if (!answer.ok) return;
  const places = await answer.json();
  if (!places.features.length) return;
  const { Map: GlMap, Popup, NavigationControl, AttributionControl, setWorkerUrl } = await import("/house-static/vendor/maplibre-gl/maplibre-gl.mjs");
  setWorkerUrl(new URL("/house-static/vendor/maplibre-gl/maplibre-gl-worker.mjs", location.href).href);
  host.hidden = false;
  const map = new GlMap({
    container: host, style: told.look || style(told), bounds: around(places.features),
    fitBoundsOptions: { padding: 50, maxZoom: 15 }, attributionControl: false, dragRotate: false, pitchWithRotate: false,
    cooperativeGestures: true, fadeDuration: 0,
    locale: { "Map.Title": told.map, "NavigationControl.ZoomIn": told.in, "NavigationControl.ZoomOut": told.out },
  });
  map.touchZoomRotate?.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  if (told.attribution) map.addControl(new AttributionControl({ compact: false, customAttribution: told.look || told.streets ? [] : [told.attribution] }));
  map.on("style.load", () => addDots(map, places));
  map.on("click", "parties", (event) => tell(map, Popup, event));
  map.on("mouseenter", "parties", () => { map.getCanvas().classList.add("on-dot"); });
  map.on("mouseleave", "parties", () => { map.getCanvas().classList.remove("on-dot"); });
  map.on("load", () => { host.dataset.ready = "true"; });
  DARK.addEventListener("change", () => { if (!told.look) map.setStyle(style(told)); });
}

function addDots(map, places) {
  map.addSource("parties", { type: "geojson", data: places });
  map.addLayer({
    id: "parties", type: "circle", source: "parties",
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 10, 6, 16, 14], "circle-color": "#f3b14b",
      "circle-stroke-color": "#1d2f4f", "circle-stroke-width": 2,
    },
  });
}

// Text only: names are what strangers typed.
function tell(map, Popup, event) {
  const words = document.createElement("div");
  for (const { properties } of event.features.slice(0, 5)) {
    const line = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = properties.name;
    line.append(name, document.createElement("br"), properties.block);
    words.append(line);
  }
  new Popup({ closeButton: false, maxWidth: "16rem", className: "dot-words" }).setLngLat(event.lngLat).setDOMContent(words).addTo(map);
}

function around(features) {
  const lons = features.map((f) => f.geometry.coordinates[0]);
  const lats = features.map((f) => f.geometry.coordinates[1]);
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

start();
