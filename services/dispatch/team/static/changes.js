// What is different from what this phone's holder last looked at. Pure.

import { isOpen } from "./follow.js";

const WORTH_TELLING_MS = 8 * 60_000;

/** What to remember of the stops as they are now. */
export function look(team) {
  return team.stops.map((stop) => ({
    party: stop.party_id, name: stop.name, arrives: stop.arrives_at, open: isOpen(stop), there: stop.state === "on_scene",
  }));
}

/** Differences, each with a kind, the stop's name, and times or the tap that can be undone. */
export function changes(seen, team, mine) {
  if (!seen) return [];
  const before = new Map(seen.map((stop) => [stop.party, stop]));
  const found = [];
  for (const stop of team.stops) {
    const was = before.get(stop.party_id);
    before.delete(stop.party_id);
    if (!was) {
      if (isOpen(stop)) found.push({ kind: "new", name: stop.name, to: stop.arrives_at });
    } else if (was.open && stop.state === "withdrawn") {
      found.push({ kind: "gone", name: stop.name });
    } else if (was.open && (!isOpen(stop) || (stop.state === "on_scene" && !was.there))) {
      const tap = team.undoable.find((done) => done.party_id === stop.party_id && !mine.includes(done.id));
      if (tap) found.push({ kind: stop.state, name: stop.name, tap: tap.id });
    } else if (was.open && !was.there && Math.abs(Date.parse(stop.arrives_at) - Date.parse(was.arrives)) >= WORTH_TELLING_MS) {
      found.push({ kind: "moved", name: stop.name, from: was.arrives, to: stop.arrives_at });
    }
  }
  for (const was of before.values()) if (was.open) found.push({ kind: "gone", name: was.name });
  return found;
}
