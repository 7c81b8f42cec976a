// The buttons under the thumb: what may have happened, by where the team stands.

import { h } from "./dom.js";
import { clock, say } from "./words.js";

export const KIND_WORDS = {
  check_in: "We are at the kick-off", en_route: "On our way", arrived: "Arrived", left: "Left", skip: "Skipped", to_call: "Pulled to a call",
  back_from_call: "Back from the call", break_start: "Break", break_end: "Break is over", end_shift: "End of shift",
  note: "Note", head_count: "Head count", follow_up: "Follow-up wanted", photo: "Photo", undo: "Undo",
};

const PRIMARY = {
  off: "en_route", ready: "en_route", at_kick_off: "en_route", en_route: "arrived", on_scene: "left",
  to_call: "back_from_call", on_break: "break_end",
};

/** What most likely happens next. Before the night is opened a team can only say that it is there. */
function primary(team, stop) {
  if (team.night === "planned") return team.state === "off" ? "check_in" : null;
  const kind = PRIMARY[team.state];
  return stop || !["en_route", "arrived", "left"].includes(kind) ? kind : null;
}

function secondary(team, stop) {
  if (team.night === "planned") return ["note", "more"];
  switch (team.state) {
    case "en_route":
      return ["to_call", "skip", "more"];
    case "on_scene":
      return ["to_call", "note", "more"];
    case "to_call":
    case "ended":
      return ["note", "more"];
    case "on_break":
      return ["to_call", "more"];
    default:
      return stop ? ["arrived", "to_call", "more"] : ["to_call", "note", "more"];
  }
}

const SHORT = { to_call: "Pulled to a call", skip: "Skip …", note: "Note, photo …", more: "More …", arrived: "Arrived" };

/** Buttons for the team's state; `last` is the tap that can be taken back, `near` suggests. */
export function bar(team, stop, last, near, zone, acts) {
  const main = primary(team, stop);
  return [
    last ? undoStrip(last, zone, acts) : null,
    near && main !== "left" ? h("p", { class: "suggest" }, say("You seem to be there. Arrived?")) : null,
    main
      ? h("button", { type: "button", class: `main ${near && main === "arrived" ? "near " : ""}${main}`, "data-key": "main", click: () => acts.tap(main, stop) },
          say(KIND_WORDS[main]), ["arrived", "left", "en_route"].includes(main) ? h("small", { dir: "auto" }, stop.name) : null)
      : null,
    h("div", { class: "row" }, secondary(team, stop).map((each) =>
      h("button", { type: "button", class: each, "data-key": each, click: () => acts.tap(each, stop) }, say(SHORT[each])))),
  ];
}

function undoStrip(last, zone, acts) {
  const words = say("{what}, {time}", { what: say(KIND_WORDS[last.kind]), time: clock(last.at, zone) });
  return h("div", { class: "undo" }, h("span", {}, words),
    h("button", { type: "button", "data-key": "undo", click: () => acts.undo(last) }, say("Undo")));
}
