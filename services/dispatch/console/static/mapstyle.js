// How the map looks: streets from the city's own file or tiles of its own, then the night on top.

export function styleOf({ streets, tiles, attribution }, colour, big) {
  const style = { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": colour("--map-ground") } }] };
  if (tiles) {
    style.sources.tiles = { type: "raster", tiles: [tiles], tileSize: 256, attribution };
    style.layers.push({ id: "tiles", type: "raster", source: "tiles" });
  } else if (streets) {
    style.sources.streets = { type: "geojson", data: streets, attribution, tolerance: 0.5 };
    style.layers.push(...streetLayers(colour));
  }
  return night(style, colour, big);
}

// The night's own layers on whatever ground; a style of the city's own gets them too.
export function night(style, colour, big) {
  const empty = { type: "FeatureCollection", features: [] };
  for (const name of ["areas", "area-names", "routes", "parties", "teams", "chosen"]) style.sources[name] = { type: "geojson", data: empty };
  const size = big ? 1.35 : 1;
  style.layers.push(
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": stopped(colour, "--accent"), "fill-opacity": ["case", ["==", ["get", "state"], ""], ["interpolate", ["linear"], ["get", "share"], 0, 0.03, 1, 0.22], 0.2] } },
    { id: "area-lines", type: "line", source: "areas", paint: { "line-color": stopped(colour, "--soft"), "line-width": ["case", ["==", ["get", "state"], ""], 1, 3 * size], "line-dasharray": [3, 3], "line-opacity": 0.7 } },
    { id: "routes", type: "line", source: "routes", layout: { "line-join": "round" }, paint: { "line-color": colour("--route"), "line-width": 1.5 * size, "line-opacity": 0.38 } },
    { id: "route-chosen", type: "line", source: "routes", filter: ["==", ["get", "id"], ""], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": colour("--accent"), "line-width": 4 * size } },
    { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 17 * size, "circle-color": colour("--accent"), "circle-opacity": 0.22, "circle-stroke-color": colour("--accent"), "circle-stroke-width": 3 } },
    {
      id: "parties", type: "symbol", source: "parties",
      layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.55 * size, 13, 0.85 * size, 16, 1.15 * size], "symbol-sort-key": ["get", "rank"] },
      paint: { "icon-opacity": ["case", ["get", "over"], 0.75, 1] },
    },
    {
      id: "teams", type: "symbol", source: "teams",
      layout: {
        "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 10, 0.75 * size, 13.5, size],
        "text-field": ["get", "name"], "text-size": 13 * size, "text-offset": [0, 1.25], "text-anchor": "top", "text-optional": true, "text-font": ["sans-serif"],
      },
      paint: { "text-color": colour("--ink"), "text-halo-color": colour("--map-ground"), "text-halo-width": 2 },
    },
    {
      id: "area-names", type: "symbol", source: "area-names", maxzoom: 15,
      layout: { "text-field": ["get", "words"], "text-size": big ? 21 : 12.5, "text-font": ["sans-serif"], "text-padding": 4 },
      paint: { "text-color": colour("--ink"), "text-halo-color": colour("--map-ground"), "text-halo-width": 2.5 },
    },
  );
  return style;
}

// Areas that are called off or held have a colour of their own; the words on them say the same.
function stopped(colour, usual) {
  return ["match", ["get", "state"], "off", colour("--bad"), "held", colour("--warn"), colour(usual)];
}

function streetLayers(colour) {
  const wide = (from, to) => ["interpolate", ["exponential", 1.6], ["zoom"], 11, from, 17, to];
  const rank = (...ranks) => ["match", ["get", "rank"], ranks, true, false];
  const line = (id, filter, width, ink) => ({
    id, type: "line", source: "streets", filter, layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": colour(ink), "line-width": wide(...width) },
  });
  return [
    { ...line("streets-3", rank(3), [0.4, 9], "--map-street"), minzoom: 11 },
    line("streets-2", rank(2), [0.9, 12], "--map-street"),
    line("streets-1", rank(1), [1.6, 15], "--map-main"),
    line("streets-0", rank(0), [2.2, 18], "--map-main"),
    {
      id: "street-names", type: "symbol", source: "streets", minzoom: 13.2,
      filter: ["any", ["<=", ["get", "rank"], 2], [">=", ["zoom"], 15]],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 11, "text-font": ["sans-serif"], "symbol-spacing": 350, "text-padding": 6 },
      paint: { "text-color": colour("--soft"), "text-halo-color": colour("--map-ground"), "text-halo-width": 1.6 },
    },
  ];
}
