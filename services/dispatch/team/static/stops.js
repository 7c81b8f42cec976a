// Draws the next stop large and the list behind it.

import { h, mapsAddress } from "./dom.js";
import { isOpen } from "./follow.js";
import { clock, say, span } from "./words.js";

function row(label, value) {
  return value ? [h("dt", {}, label), h("dd", { dir: "auto" }, value)] : [];
}

function guests(stop) {
  if (!stop.people) return "";
  if (!stop.children) return say("{people} people", { people: stop.people });
  return say("{people} people, {children} of them children", { people: stop.people, children: stop.children });
}

function expects(stop, zone) {
  if (stop.promise) return say("{window} (promised)", { window: span(stop.promise, zone) });
  return say("about {time}", { time: clock(stop.arrives_at, zone) });
}

function details(stop, zone) {
  return h(
    "dl",
    {},
    row(say("They expect you"), expects(stop, zone)),
    row(say("Ask for"), stop.host_name),
    row(say("They asked for"), stop.wanted.map((name) => say(name)).join(", ")),
    row(say("Hand over"), stop.materials.map((name) => say(name)).join(", ")),
    row(say("Part of the city"), stop.area),
    row(say("How to find it"), stop.notes),
    row(say("Guests"), guests(stop)),
    row(say("Code"), stop.code),
  );
}

function maps(stop, key) {
  return h(
    "a",
    { class: "button maps", href: mapsAddress(stop.place, stop.name), rel: "noreferrer", target: "_blank", "data-key": key },
    say("Open in maps"),
  );
}

/** The card of the stop where the team is or goes next. */
export function nextCard(team, stop, zone) {
  const number = team.stops.indexOf(stop) + 1;
  const here = stop.state === "on_scene";
  return [
    h("h2", { id: "next-title", class: here ? "here" : "" },
      here ? say("You are here") : say("Next stop"),
      h("span", { class: "count" }, say("{number} of {all}", { number, all: team.stops.length }))),
    h("p", { class: "name", dir: "auto" }, stop.name),
    stop.address === stop.name ? null : h("p", { class: "address", dir: "auto" }, stop.address),
    maps(stop, "maps-next"),
    details(stop, zone),
  ];
}

const EMPTY = {
  to_call: "Pulled to a call. Nothing is kept but that you are busy, and since when.",
  on_break: "You are on a break.",
  ended: "Your shift has ended. Thank you for tonight.",
};

/** What stands there instead, where no stop is shown. */
export function noCard(team, zone) {
  const since = team.since && EMPTY[team.state] ? say("since {time}", { time: clock(team.since, zone) }) : "";
  return [
    h("h2", { id: "next-title" }, say("Now"), since ? h("span", { class: "count" }, since) : null),
    h("p", { class: "name quiet" }, say(EMPTY[team.state] ?? "No further stops. Dispatch sees that you are free.")),
  ];
}

const STATES = { done: "visited", skipped: "skipped", withdrawn: "not wanted any more", promised: "promised" };

function item(stop, zone, acts) {
  const open = isOpen(stop);
  const summary = h(
    "summary",
    { "data-key": `summary-${stop.party_id}` },
    h("span", { class: "time" }, clock(stop.arrives_at, zone)),
    h("span", { class: "what" }, h("b", { dir: "auto" }, stop.name),
      h("small", { dir: "auto" }, open ? stop.address : say(STATES[stop.state] ?? stop.state))),
  );
  const buttons = open
    ? [
        maps(stop, `maps-${stop.party_id}`),
        h("button", { type: "button", "data-key": `here-${stop.party_id}`, click: () => acts.arrived(stop) }, say("We are here")),
        h("button", { type: "button", "data-key": `skip-${stop.party_id}`, click: () => acts.skip(stop) }, say("Skip …")),
      ]
    : [];
  const body = h("div", { class: "more" }, open ? h("p", { class: "address", dir: "auto" }, stop.address) : null,
    details(stop, zone), h("div", { class: "row" }, buttons));
  return h("li", { class: stop.state }, h("details", { "data-key": stop.party_id }, summary, body));
}

/** The list behind the next stop, and what is behind the team. */
export function list(team, next, zone, acts) {
  const ahead = team.stops.filter((stop) => isOpen(stop) && stop !== next);
  const behind = team.stops.filter((stop) => !isOpen(stop));
  const heading = h("h2", { id: "after-title" }, ahead.length || !behind.length ? say("After that") : say("Behind you"));
  const parts = [heading];
  const rests = (team.breaks ?? []).filter((rest) => rest.state === "planned");
  const rows = [...ahead.map((stop) => [stop.arrives_at, item(stop, zone, acts)]), ...rests.map((rest) => [rest.starts_at, pause(rest, zone)])];
  rows.sort((one, other) => (one[0] < other[0] ? -1 : 1));
  if (rows.length) parts.push(h("ol", {}, rows.map((row) => row[1])));
  else if (!behind.length) parts.push(h("p", { class: "none" }, say("Nothing is planned after that.")));
  if (behind.length) {
    if (ahead.length) parts.push(h("h3", {}, say("Behind you")));
    parts.push(h("ol", { class: "behind" }, behind.map((stop) => item(stop, zone, acts))));
  }
  if (team.end) parts.push(h("p", { class: "home" }, homeWords(team, zone)));
  return parts;
}

function pause(rest, zone) {
  return h("li", { class: "rest" }, h("span", { class: "time" }, clock(rest.starts_at, zone)),
    h("span", { class: "what" }, h("b", {}, say("Break {window}", { window: span({ opens: rest.starts_at, closes: rest.ends_at }, zone) }))));
}

function homeWords(team, zone) {
  const blanks = { place: team.end.name, time: clock(team.shift.closes, zone) };
  return blanks.place ? say("Be back at {place} by {time}.", blanks) : say("Be back at your end place by {time}.", blanks);
}
