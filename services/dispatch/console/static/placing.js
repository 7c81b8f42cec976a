// Asks where a visit goes: to which team and before which stop, or in whose place.

import { ask } from "./ask.js";
import { say } from "./say.js";
import { begins, clock, isOpen } from "./words.js";

const DRIVABLE = ["planned", "promised"];

export function askMove({ store, desk }, party, { teamId }) {
  const seen = store.version;
  const teams = [...store.teams.values()].filter((t) => !["off", "ended"].includes(t.state));
  const name = store.nameOf(party.id);
  const first = teamId || teams[0]?.id;
  const fields = [
    { name: "team", label: "To which team?", type: "select", required: true, value: first, options: teams.map((t) => [t.id, t.name]) },
    { name: "before", label: "When?", type: "select", value: "", options: places(store, first, party.id), help: "A visit that is moved by hand stays where you put it." },
  ];
  let shown = first;
  const changed = (values, draw) => {
    if (values.team === shown) return;
    shown = values.team;
    values.before = "";
    fields[1].options = places(store, shown, party.id);
    draw();
  };
  const send = (values) => moveVisit({ store, desk }, party.id, values.team, positionOf(store, values.team, values.before, party.id), seen);
  return ask({ title: `Move ${name}`, submit: "Move it", fields, changed, send });
}

export function moveVisit({ store, desk }, partyId, team, position, seen = store.version) {
  const words = `${store.nameOf(partyId)} is moved to ${store.teamName(team)}.`;
  const other = store.visitOf(partyId)?.team;
  return desk.act("move_visit", { party: partyId, team, position, ...(other ? { other } : {}) }, words, seen);
}

export function askSwap({ store, desk }, party, { teamId }) {
  const seen = store.version;
  const name = store.nameOf(party.id);
  const options = [];
  const teamOf = {};
  for (const team of store.teams.values()) {
    for (const stop of team.stops) {
      if (stop.party_id === party.id || !DRIVABLE.includes(stop.state)) continue;
      teamOf[stop.party_id] = team.id;
      options.push([stop.party_id, `${team.name}, ${clock(begins(stop))}: ${store.nameOf(stop.party_id)}`]);
    }
  }
  if (!options.length) return say("There is no visit to swap it with.");
  const send = ({ other }) => desk.act("swap_visits", { party: party.id, other, other_team: teamId, team: teamOf[other] }, `${name} and ${store.nameOf(other)} are swapped.`, seen);
  const fields = [{ name: "other", label: "With which visit?", type: "select", options, value: options[0][0], required: true }];
  return ask({ title: `Swap ${name}`, submit: "Swap them", fields, send });
}

export function askMoved({ store, desk, walkUp }, party) {
  const seen = store.version;
  const name = store.nameOf(party.id);
  const fields = [
    { name: "address", label: "New address", value: party.address ?? "", required: true },
    { name: "lat", label: "Latitude", type: "number", step: "any", value: party.lat ?? "", required: true },
    { name: "lon", label: "Longitude", type: "number", step: "any", value: party.lon ?? "", required: true, help: "Or close this and click the new place on the map." },
  ];
  walkUp.next = (place) => askMoved({ store, desk, walkUp }, { ...party, ...place });
  const send = (values) => {
    walkUp.next = null;
    return desk.act("party_moved", { party: party.id, ...values }, `${name} moved to ${values.address}.`, seen);
  };
  return ask({ title: `Where is ${name} now?`, submit: "It moved", fields, send });
}

// A place in a route as the server counts it: among the stops that are still open.
export function amongOpen(stops, index) {
  return stops.slice(0, index).filter(isOpen).length;
}

// The open stops of a team, as places to go before; done ones cannot be passed.
function places(store, teamId, partyId) {
  const team = store.teams.get(teamId);
  const open = (team?.stops ?? []).filter((s) => DRIVABLE.includes(s.state) && s.party_id !== partyId);
  const before = open.map((s) => [s.party_id, `Before ${store.nameOf(s.party_id)} (${clock(begins(s))})`]);
  return [...before, ["", "At the end"]];
}

function positionOf(store, teamId, before, partyId) {
  const stops = (store.teams.get(teamId)?.stops ?? []).filter((s) => s.party_id !== partyId);
  const place = stops.findIndex((s) => s.party_id === before);
  return amongOpen(stops, place < 0 ? stops.length : place);
}
