// A line of the audit log in words.

const DEEDS = {
  open_night: "started the fan-out", hold_night: "held the night", resume_night: "resumed the night", call_off_area: "called off areas", close_night: "closed the night",
  check_in: "at the kick-off", en_route: "on the way", arrived: "arrived", left: "left", skip: "skipped", to_call: "pulled to a call",
  back_from_call: "back from the call", break_start: "took a break", break_end: "back from its break", end_shift: "ended its shift",
  team_late: "will be late", party_late: "starts late", party_moved: "moved", party_ended_early: "ended early", party_cancelled: "cancelled",
  add_party: "added", pin_visit: "pinned", unpin_visit: "unpinned", move_visit: "moved by hand", swap_visits: "swapped", split_team: "split",
  join_teams: "joined to another", broadcast: "told the teams", undo: "undone", plan_applied: "new plan applied", proposal_declined: "proposal declined",
};

// "Team 3, Elm Street Block: skipped (Nobody there)"
export function deed(action, store) {
  const who = [action.team && store.teamName(action.team), action.party && store.nameOf(action.party)].filter(Boolean).join(", ");
  const { reason, words, minutes, areas = [] } = action.details ?? {};
  const where = areas.map((code) => store.areas.find((a) => a.code === code)?.name ?? code).join(", ");
  const undone = action.kind === "undo" ? (DEEDS[words] ?? words) : "";
  const more = [undone, where && action.kind !== "add_party" ? `in ${where}` : "", reason, action.kind === "broadcast" ? `“${words}”` : "", minutes ? `${minutes} min` : ""].filter(Boolean).join(", ");
  const what = DEEDS[action.kind] ?? action.kind.replaceAll("_", " ");
  return `${who ? `${who}: ` : ""}${what}${more ? ` (${more})` : ""}`;
}

export function doer(action) {
  const { name, source } = action.by ?? {};
  if (source === "planner" && !name) return "the planner";
  if (source === "phone") return "the team's phone";
  return name || "somebody";
}

export function canUndo(action) {
  return action.applied && !action.undone_by && !["broadcast", "undo", "plan_applied", "proposal_declined"].includes(action.kind);
}
