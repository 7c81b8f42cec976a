// Shapes for the map out of the night's state: parties, teams, routes and the reach of each area.

import { SETTLED, isLate, isOpen, partyState } from "./words.js";

export function partyFeature(store, id) {
  const party = store.parties.get(id);
  if (!party || party.lat == null) return null;
  const visit = store.visitOf(id);
  const state = partyState(party, visit?.stop);
  const over = SETTLED.includes(state);
  const late = !over && isLate(visit?.stop.lateness_seconds);
  return feature(id, { type: "Point", coordinates: [party.lon, party.lat] }, {
    icon: late ? `${state}-late` : state, over, name: store.nameOf(id), rank: over ? 0 : late ? 2 : 1,
  });
}

export function teamFeature(store, id) {
  const team = store.teams.get(id);
  const at = team && placeOf(store, team);
  if (!at || ["off", "ended"].includes(team.state)) return null;
  return feature(id, { type: "Point", coordinates: at }, { icon: `team-${team.state}${isLate(team.late_seconds) ? "-late" : ""}`, name: short(team.name) });
}

export function routeFeature(store, id) {
  const team = store.teams.get(id);
  const open = (team?.stops ?? []).filter(isOpen);
  const places = open.map((s) => store.parties.get(s.party_id)).filter((p) => p?.lat != null).map((p) => [p.lon, p.lat]);
  const from = team && placeOf(store, team);
  if (from) places.unshift(from);
  if (places.length < 2) return null;
  return feature(id, { type: "LineString", coordinates: places }, { late: isLate(team.late_seconds) });
}

// The outlines around the parties of each area: by area code {centre, ring}. They change with
// where parties are, not with what happens there.
export function outlines(store) {
  const points = new Map();
  for (const party of store.parties.values()) {
    if (party.lat == null || !party.area) continue;
    const list = points.get(party.area) ?? [];
    list.push([party.lon, party.lat]);
    points.set(party.area, list);
  }
  const drawn = new Map();
  for (const [code, around] of points) {
    const [x, y] = [0, 1].map((i) => around.reduce((sum, p) => sum + p[i], 0) / around.length);
    const ring = hull(around.flatMap(([lon, lat]) => [[lon - 0.0012, lat], [lon + 0.0012, lat], [lon, lat - 0.0008], [lon, lat + 0.0008]]));
    drawn.set(code, { centre: [x, y], ring: [...ring, ring[0]] });
  }
  return drawn;
}

// Each area's shape and words, by how many of its parties were visited.
export function areaFeatures(areas, drawn) {
  return areas.filter((a) => drawn.has(a.code)).map((area) => {
    const { centre, ring } = drawn.get(area.code);
    const share = area.parties ? area.visited / area.parties : 0;
    const words = `${area.name || area.code}\n${area.visited} of ${area.parties}${area.called_off ? "\nCALLED OFF" : area.held ? "\nON HOLD" : ""}`;
    const label = feature(area.code, { type: "Point", coordinates: centre }, { words });
    return { label, shape: feature(area.code, { type: "Polygon", coordinates: [ring] }, { share, state: area.called_off ? "off" : area.held ? "held" : "" }) };
  });
}

export function bounds(store) {
  const places = [...store.parties.values()].filter((p) => p.lat != null);
  if (!places.length) return null;
  const lats = places.map((p) => p.lat).sort((a, b) => a - b);
  const lons = places.map((p) => p.lon).sort((a, b) => a - b);
  const edge = Math.floor(places.length * 0.01); // one party with a wrong pin must not shrink the city
  return [[lons[edge], lats[edge]], [lons.at(-1 - edge), lats.at(-1 - edge)]];
}

// Where a team is: its last position, or the last place that it said it was at.
function placeOf(store, team) {
  if (team.position) return [team.position.lon, team.position.lat];
  const been = team.stops.filter((s) => ["done", "on_scene"].includes(s.state)).at(-1) ?? null;
  const party = been && store.parties.get(been.party_id);
  if (party?.lat != null) return [party.lon, party.lat];
  return team.start ? [team.start[1], team.start[0]] : null;
}

function feature(id, geometry, properties) {
  return { type: "Feature", id, geometry, properties: { id, ...properties } };
}

function short(name) {
  return name.replace(/^team\s+/i, "");
}

// Andrew's monotone chain.
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => {
    const chain = [];
    for (const p of list) {
      while (chain.length > 1 && turn(chain.at(-2), chain.at(-1), p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
