// What states are called, and times, ages and lateness in words. Every part of the console uses it.

export const VISIT_WORDS = {
  unvisited: "no visit planned",
  planned: "planned",
  promised: "promised",
  en_route: "on the way",
  on_scene: "on scene",
  done: "visited",
  skipped: "skipped",
  withdrawn: "withdrawn",
};

export const TEAM_WORDS = {
  off: "off duty",
  ready: "ready",
  at_kick_off: "at kick-off",
  en_route: "on the way",
  on_scene: "on scene",
  to_call: "on a call",
  on_break: "on a break",
  ended: "shift ended",
};

export const NIGHT_WORDS = {
  planned: "Not started",
  open: "Open",
  held: "On hold",
  closed: "Closed",
};

export const LATE_FROM = 5 * 60; // seconds; less than that is on time to whoever waits
const zone = document.documentElement.dataset.zone || undefined;
const shortClock = new Intl.DateTimeFormat("en-US", { timeZone: zone, hour: "numeric", minute: "2-digit" });

export function clock(moment) {
  return moment ? shortClock.format(new Date(moment)) : "";
}

export function span(opens, closes) {
  const first = clock(opens);
  const last = clock(closes);
  if (!first || !last) return first || last;
  return first.slice(-2) === last.slice(-2) ? `${first.slice(0, -3)}–${last}` : `${first}–${last}`;
}

export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d`;
}

export function lateness(seconds) {
  if (!seconds) return "on time";
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (seconds >= LATE_FROM) return `${minutes} min late`;
  if (seconds <= -LATE_FROM) return `${minutes} min early`;
  return "on time";
}

export function isLate(seconds) {
  return (seconds ?? 0) >= LATE_FROM;
}

// "fire_engine" is a code; people read "Fire engine".
export function kindName(code) {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

export const SETTLED = ["done", "skipped", "withdrawn"];

export function isOpen(stop) {
  return !SETTLED.includes(stop.state);
}

// When a stop begins and ends as far as is known now: as it was, else as expected, else as planned.
export function begins(stop) {
  return Date.parse(stop.arrived_at ?? stop.expected_at ?? stop.arrives_at);
}

export function ends(stop) {
  if (stop.left_at) return Date.parse(stop.left_at);
  return begins(stop) + Date.parse(stop.leaves_at) - Date.parse(stop.arrives_at);
}

// A party may have withdrawn while a route still names it.
export function partyState(party, visit) {
  return party.state === "withdrawn" || !visit ? party.state || "unvisited" : visit.state;
}
