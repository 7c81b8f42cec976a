// What states are called, and times, ages and lateness in words. Every part of the console uses it.

export const VISIT_WORDS = {
  unplanned: "no visit planned",
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

export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

export function partyState(party, visit) {
  if (visit) return visit.state;
  return party.state && party.state !== "registered" ? party.state : "unplanned";
}
