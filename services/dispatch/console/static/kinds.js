// Every action of the console: its name, its key, when it makes sense, what it asks and what it
// says. Cards, keys and the timeline all read this one table.

import { VISIT_WORDS, begins, clock, ends } from "./words.js";

const minutes = (label, value = 10) => [{ name: "minutes", label, type: "number", value, min: 1, max: 240, required: true, help: "In minutes." }];
const why = (label, options) => ({ name: "reason", label, type: "choice", options: options.map((o) => [o, o]), value: options[0], required: true });
const SKIP_REASONS = ["Nobody there", "Party is over", "Street blocked", "No time left", "Host asked us not to come", "Other"];

// team: the card's team; next: its next stop. `say` is past tense, for notes and the log.
export const TEAM_ACTIONS = [
  {
    kind: "back_from_call", key: "c", label: "Back from call",
    when: ({ team }) => team.state === "to_call",
    say: ({ team }) => `${team} is back from its call.`,
  },
  {
    kind: "break_end", key: "k", label: "Break is over",
    when: ({ team }) => team.state === "on_break",
    say: ({ team }) => `${team} is back from its break.`,
  },
  {
    kind: "check_in", key: "i", label: "At kick-off",
    when: ({ team }) => ["off", "ready"].includes(team.state),
    say: ({ team }) => `${team} is at the kick-off.`,
  },
  {
    kind: "en_route", key: "e", label: "On the way",
    when: ({ team, next }) => next && ["off", "ready", "at_kick_off", "on_break"].includes(team.state),
    details: ({ next }) => ({ party: next.party_id }),
    say: ({ team, party }) => `${team} is on the way to ${party}.`,
  },
  {
    kind: "arrived", key: "a", label: "Arrived",
    when: ({ next, team }) => next && next.state !== "on_scene" && !["ended", "to_call"].includes(team.state),
    details: ({ next }) => ({ party: next.party_id }),
    say: ({ team, party }) => `${team} arrived at ${party}.`,
  },
  {
    kind: "left", key: "l", label: "Left",
    when: ({ next }) => next?.state === "on_scene",
    details: ({ next }) => ({ party: next.party_id }),
    say: ({ team, party }) => `${team} left ${party}.`,
  },
  {
    kind: "skip", key: "s", label: "Skip next…",
    when: ({ next }) => Boolean(next),
    details: ({ next }) => ({ party: next.party_id }),
    ask: ({ party }) => ({ title: `Skip ${party}?`, submit: "Skip this visit", fields: [why("Why?", SKIP_REASONS)] }),
    say: ({ team, party }) => `${team} skips ${party}.`,
  },
  {
    kind: "to_call", key: "c", label: "Pulled to a call",
    when: ({ team }) => !["ended", "to_call"].includes(team.state),
    say: ({ team }) => `${team} is pulled to a call.`,
  },
  {
    kind: "break_start", key: "k", label: "Break",
    when: ({ team }) => ["ready", "at_kick_off", "en_route", "on_scene"].includes(team.state),
    say: ({ team }) => `${team} takes a break.`,
  },
  {
    kind: "team_late", key: "t", label: "Late by…",
    when: ({ team }) => !["off", "ended"].includes(team.state),
    ask: ({ team }) => ({ title: `How late is ${team}?`, submit: "Say it is late", fields: minutes("Late by") }),
    say: ({ team, values }) => `${team} is ${values.minutes} min late.`,
  },
  {
    kind: "split_team", label: "Split…", more: true,
    when: ({ team }) => team.members?.length > 1 && team.state !== "ended",
    ask: ({ team, object }) => ({
      title: `Split ${team}`, text: "Those ticked make a team of their own, from here and now.", submit: "Split the team",
      fields: [
        { name: "members", label: "Who leaves?", type: "checks", options: object.members.map((m) => [m, m]) },
        { name: "name", label: "Name of the new team", value: `${team} B`, required: true },
      ],
    }),
    say: ({ team, values }) => `${team} is split: ${values.name} is a team of its own.`,
  },
  {
    kind: "join_teams", label: "Join…", more: true,
    when: ({ team, others }) => others().length > 0 && !["off", "ended"].includes(team.state),
    ask: ({ team, others }) => ({
      title: `Join ${team} to another team`, text: `${team} ends; its people and its visits go over.`, submit: "Join them",
      fields: [{ name: "other", label: "Which team do they join?", type: "select", options: others(), required: true, value: others()[0]?.[0] }],
    }),
    say: ({ team, values, nameOf }) => `${team} joined ${nameOf(values.other)}.`,
  },
  {
    kind: "end_shift", label: "End of shift…", more: true,
    when: ({ team }) => !["off", "ended"].includes(team.state),
    ask: ({ team, object, left }) => ({
      title: `End the shift of ${team}?`, submit: "End the shift", danger: true,
      text: left ? `${left} of its visits are still open; the plan will look for other teams.` : "It has no open visits.",
    }),
    say: ({ team }) => `${team} ended its shift.`,
  },
];

export const PARTY_ACTIONS = [
  {
    kind: "pin_visit", key: "p", label: "Pin",
    when: ({ stop }) => stop && !stop.locked && open(stop),
    details: ({ teamId }) => ({ team: teamId }),
    say: ({ party, team }) => `${party} stays with ${team}.`,
  },
  {
    kind: "unpin_visit", key: "p", label: "Unpin",
    when: ({ stop }) => stop?.locked && ["planned", "promised"].includes(stop.state),
    details: ({ teamId }) => ({ team: teamId }),
    say: ({ party }) => `${party} may move again.`,
  },
  { kind: "move_visit", key: "m", label: "Move…", when: ({ stop, live }) => live && (!stop || open(stop)), special: "move" },
  { kind: "swap_visits", key: "x", label: "Swap…", when: ({ stop }) => stop && open(stop), special: "swap" },
  {
    kind: "skip", key: "s", label: "Skip…", when: ({ stop }) => stop && open(stop),
    details: ({ teamId }) => ({ team: teamId }),
    ask: ({ party }) => ({ title: `Skip ${party}?`, submit: "Skip this visit", fields: [why("Why?", SKIP_REASONS)] }),
    say: ({ party }) => `${party} is skipped.`,
  },
  {
    kind: "party_late", key: "t", label: "Starts late…", when: ({ live }) => live,
    ask: ({ party }) => ({ title: `How late does ${party} start?`, submit: "It starts late", fields: minutes("Late by", 20) }),
    say: ({ party, values }) => `${party} starts ${values.minutes} min late.`,
  },
  { kind: "party_moved", key: "r", label: "Moved…", when: ({ live }) => live, special: "moved" },
  {
    kind: "party_ended_early", label: "Ended early…", when: ({ live }) => live,
    ask: ({ party }) => ({ title: `Is ${party} over?`, submit: "It is over", text: "No team will be sent there any more." }),
    say: ({ party }) => `${party} ended early.`,
  },
  {
    kind: "party_cancelled", label: "Cancelled…", when: ({ live }) => live,
    ask: ({ party }) => ({
      title: `Cancel ${party}?`, submit: "Cancel the party", danger: true,
      fields: [why("Why?", ["Host called it off", "Weather", "Not allowed to take place", "Other"])],
    }),
    say: ({ party }) => `${party} is cancelled.`,
  },
];

export const CITY_ACTIONS = [
  {
    kind: "open_night", label: "Start the fan-out", main: true, when: ({ night }) => night.state === "planned",
    ask: ({ teams }) => ({ title: "Start the fan-out?", submit: "Start", text: `${teams} teams are told to go to their first stop.` }),
    say: () => "The fan-out has started.",
  },
  {
    kind: "resume_night", label: "Resume…", main: true,
    when: ({ night }) => night.state === "held",
    ask: ({ night, areas }) => ({
      title: "Resume the night?", submit: "Resume",
      fields: night.held_areas?.length
        ? [{ name: "areas", label: "Where? None ticked means everywhere that is on hold.", type: "checks", options: areas.filter(([code]) => night.held_areas.includes(code)) }]
        : [],
    }),
    say: ({ where }) => `The night goes on${where}.`,
  },
  {
    kind: "hold_night", label: "Hold…", when: ({ night }) => night.state === "open" || (night.state === "held" && night.held_areas.length),
    ask: ({ areas }) => ({
      title: "Hold the night?", submit: "Hold", danger: true, text: "Teams finish where they are and go to no further stop.",
      fields: [why("Why?", ["Storm", "Major incident", "Other"]), areasField("Only in these areas? None ticked means the whole city.", areas)],
    }),
    say: ({ where, values }) => `On hold${where}: ${values.reason}.`,
  },
  {
    kind: "close_night", label: "Call off or close…", when: ({ night }) => ["open", "held"].includes(night.state),
    as: (values) => (values.areas?.length ? "call_off_area" : "close_night"),
    ask: ({ openAreas }) => ({
      title: "End the night?", submit: "End it", danger: true, text: "Hosts who still wait are told, with this reason.",
      fields: [
        why("Why?", ["The evening is over", "Storm", "Major incident", "Other"]),
        areasField("Call off only these areas? None ticked ends the whole night.", openAreas),
      ],
    }),
    say: ({ where, values }) => (where ? `Called off${where}: ${values.reason}.` : `The night is over: ${values.reason}.`),
  },
  { kind: "broadcast", key: "b", label: "Broadcast…", when: () => true, special: "broadcast" },
];

function areasField(label, areas) {
  return { name: "areas", label, type: "checks", options: areas };
}

function open(stop) {
  return ["planned", "promised", "en_route"].includes(stop.state);
}

export function describeStop(stop, name) {
  return `${name}, ${VISIT_WORDS[stop.state]}, ${clock(begins(stop))} to ${clock(ends(stop))}`;
}
