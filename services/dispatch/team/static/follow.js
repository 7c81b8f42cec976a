// What a tap does to the team, before the server has heard of it. Pure; the server has the last word.

const SETTLED = new Set(["done", "skipped", "withdrawn"]);

export const isOpen = (stop) => !SETTLED.has(stop.state);

/** The stop where the team is or goes next. */
export function nextStop(team) {
  const there = team.stops.find((stop) => stop.state === "on_scene" || stop.state === "en_route");
  if (there) return there;
  const last = team.stops.findLastIndex?.((stop) => stop.state === "done" || stop.state === "skipped") ?? -1;
  const ahead = [...team.stops.slice(last + 1), ...team.stops.slice(0, last + 1)];
  return ahead.find(isOpen);
}

function withStop(team, party, change) {
  return { ...team, stops: team.stops.map((s) => (s.party_id === party ? { ...s, ...change } : s)) };
}

/** Whoever was somewhere and says that he is elsewhere has left; whoever drove there has not come. */
function movedOff(team, party) {
  const stops = team.stops.map((stop) => {
    if (stop.party_id === party) return stop;
    if (stop.state === "on_scene") return { ...stop, state: "done" };
    return stop.state === "en_route" ? { ...stop, state: "planned" } : stop;
  });
  return { ...team, stops };
}

function driveOn(team, since) {
  const stop = nextStop(team);
  if (!stop) return { ...team, state: "ready", since };
  return { ...withStop(team, stop.party_id, { state: "en_route" }), state: "en_route", since };
}

function rest(team, state, since) {
  const stops = team.stops.map((stop) =>
    stop.state === "en_route" || (stop.state === "on_scene" && state === "to_call")
      ? { ...stop, state: "planned" }
      : stop,
  );
  return { ...team, stops, state, since };
}

/** The team after one tap made at `since`. */
export function after(team, tap, since) {
  const party = tap.party;
  switch (tap.kind) {
    case "check_in":
      return { ...team, state: "at_kick_off", since };
    case "en_route":
      return { ...withStop(movedOff(team, party), party, { state: "en_route" }), state: "en_route", since };
    case "arrived":
      return { ...withStop(movedOff(team, party), party, { state: "on_scene" }), state: "on_scene", since };
    case "left":
      return driveOn(withStop(team, party, { state: "done" }), since);
    case "skip": {
      const current = nextStop(team);
      const skipped = withStop(team, party, { state: "skipped", reason: tap.reason });
      const moving = team.state === "en_route" || team.state === "on_scene";
      return moving && current?.party_id === party ? driveOn(skipped, since) : skipped;
    }
    case "to_call":
      return rest(team, "to_call", since);
    case "break_start":
      return rest(movedOff(team, ""), "on_break", since);
    case "end_shift":
      return rest(movedOff(team, ""), "ended", since);
    case "back_from_call":
    case "break_end":
      return driveOn(team, since);
    default:
      return team;
  }
}
