// What stands above the next stop: dispatch's messages, what changed, what was refused.

import { h } from "./dom.js";
import { KIND_WORDS } from "./bar.js";
import { clock, say } from "./words.js";

function change(found, zone, acts) {
  const words = {
    new: say("New: {name}, {time}", { name: found.name, time: found.to && clock(found.to, zone) }),
    gone: say("No longer yours: {name}", { name: found.name }),
    moved: say("{name}: {old} is now {time}", {
      name: found.name, old: found.from && clock(found.from, zone), time: found.to && clock(found.to, zone) }),
    on_scene: say("Marked as arrived: {name}", { name: found.name }),
    done: say("Marked as visited: {name}", { name: found.name }),
    skipped: say("Marked as skipped: {name}", { name: found.name }),
  }[found.kind];
  return h("li", {}, h("span", { dir: "auto" }, words), found.tap
    ? h("button", { type: "button", "data-key": `undo-${found.tap}`, click: () => acts.undo({ id: found.tap }) }, say("Undo"))
    : null);
}

function ok(key, act) {
  return h("button", { type: "button", class: "ok", "data-key": key, click: act }, say("Got it"));
}

const counted = (n, one, many) => (n === 1 ? say(one) : say(many, { n }));

/** How many things wait, in words; empty where none does. */
export function waitingWords(taps, photos) {
  const parts = [];
  if (taps) parts.push(counted(taps, "1 tap waiting, will be sent when there is signal.", "{n} taps waiting, will be sent when there is signal."));
  if (photos) parts.push(counted(photos, "1 photo waiting.", "{n} photos waiting."));
  return parts.join(" ");
}

export const changedWords = (n) => counted(n, "1 stop changed", "{n} stops changed");

const NIGHT = {
  planned: "The evening has not been opened yet. This is the plan so far.",
  held: "The evening is held. Please wait for dispatch.",
  closed: "The evening is closed. Thank you.",
};

/** What dispatch has decided of the whole evening, or of some areas. */
function evening(team) {
  const held = team.held_areas ?? [];
  const off = team.called_off ?? [];
  const words = team.night === "held" && held.length
    ? say("Visits are held in {areas}. Elsewhere they go on.", { areas: held.join(", ") })
    : NIGHT[team.night] && say(NIGHT[team.night]);
  const bad = team.night === "planned" ? "notice" : "notice bad";
  return [
    words ? h("p", { class: bad }, words, team.reason ? h("span", { dir: "auto" }, ` (${say(team.reason)})`) : null) : null,
    off.length && team.night !== "closed" ? h("p", { class: "notice bad" }, say("Visits are called off in {areas}. Elsewhere they go on.", { areas: off.join(", ") })) : null,
  ];
}

/** All notices, the most urgent first. */
export function notices(page, zone, acts) {
  const { team, unread, changed, refused, stranded, ended } = page;
  return [
    ended ? h("p", { class: "notice bad" }, say("This link has ended or was replaced. Please ask dispatch for a new one.")) : null,
    evening(team),
    unread.map((message) => h("div", { class: "notice message" },
      h("p", {}, h("b", {}, say("Dispatch, {time}", { time: clock(message.at, zone) })), " ", h("span", { dir: "auto" }, message.words)),
      ok(`read-${message.id}`, () => acts.read(message)))),
    refused.map((told) => h("div", { class: "notice bad" },
      h("p", {}, h("b", {}, say("Not applied: {what}", { what: say(KIND_WORDS[told.kind] ?? told.kind) })), " ", told.detail || ""),
      ok(`refused-${told.id}`, () => acts.dismiss(told)))),
    changed.length ? h("div", { class: "notice" },
      h("p", {}, h("b", {}, changedWords(changed.length))),
      h("ul", {}, changed.map((found) => change(found, zone, acts))),
      ok("changes", acts.seen)) : null,
    stranded ? h("p", { class: "notice bad" }, counted(stranded,
      "1 tap could not be sent. Open its team's link again on this phone, or tell dispatch.",
      "{n} taps could not be sent. Open their team's link again on this phone, or tell dispatch.")) : null,
  ];
}
