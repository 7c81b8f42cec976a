// Keys of the timeline: arrows walk, Enter opens, Space picks a visit up, arrows carry it, Space
// drops it, Escape puts it back.

import { say } from "./say.js";
import { begins, clock } from "./words.js";
import { amongOpen, moveVisit } from "./placing.js";
import { describeStop } from "./kinds.js";

const MOVABLE = ["planned", "promised"];

export class Carrier {
  #timeline;
  #performer;
  #selection;
  #carried = null; // {party, team, position, from, seen}

  constructor(timeline, performer, selection) {
    this.#timeline = timeline;
    this.#performer = performer;
    this.#selection = selection;
    timeline.host.addEventListener("keydown", (event) => this.#press(event));
    timeline.host.addEventListener("blur", () => this.#carried && this.#putBack());
  }

  get #store() {
    return this.#performer.store;
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#timeline.active) return;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const done = () => event.preventDefault();
    if (event.key in steps) {
      done();
      return this.#carried ? this.#carry(...steps[event.key]) : this.#walk(...steps[event.key]);
    }
    if (event.key === "Home" || event.key === "End") return done(), this.#walkTo(event.key === "Home" ? 0 : Infinity);
    if (event.key === "PageDown" || event.key === "PageUp") return done(), this.#walk(event.key === "PageDown" ? 8 : -8, 0);
    if (event.key === " " && !this.#performer.acts) return done();
    if (event.key === " " || (event.key === "Enter" && this.#carried)) return done(), this.#carried ? this.#drop() : this.#pickUp();
    if (event.key === "Enter") return done(), this.#open();
    if (event.key === "Escape" && this.#carried) return done(), event.stopPropagation(), this.#putBack();
    if (event.key === "+" || event.key === "=") return done(), this.#timeline.zoom(1);
    if (event.key === "-") return done(), this.#timeline.zoom(-1);
    if (event.key === ".") return done(), this.#timeline.toNow();
  }

  #walk(down, right) {
    const { rows, active } = this.#timeline;
    const row = rows.indexOf(active.team);
    if (down) {
      const team = rows[Math.max(0, Math.min(rows.length - 1, row + down))];
      return this.#go(team, this.#nearest(team));
    }
    const stops = this.#stops(active.team);
    const at = stops.findIndex((s) => s.party_id === active.party);
    const next = Math.max(-1, Math.min(stops.length - 1, at + right));
    this.#go(active.team, next < 0 ? "" : stops[next].party_id);
  }

  #walkTo(end) {
    const stops = this.#stops(this.#timeline.active.team);
    this.#go(this.#timeline.active.team, stops.length ? stops[Math.min(end, stops.length - 1)].party_id : "");
  }

  // The stop of another team nearest in time to where the keys are.
  #nearest(teamId) {
    const { active } = this.#timeline;
    const here = this.#stops(active.team).find((s) => s.party_id === active.party);
    if (!here) return "";
    const away = (s) => Math.abs(begins(s) - begins(here));
    const stops = this.#stops(teamId);
    return stops.length ? stops.reduce((best, s) => (away(s) < away(best) ? s : best)).party_id : "";
  }

  #go(team, party) {
    this.#timeline.active = { team, party };
    if (party) this.#selection.chooseParty(party, false);
    else this.#selection.chooseTeam(team, false);
    this.#timeline.reveal(team, party);
    const stop = this.#stops(team).find((s) => s.party_id === party);
    say(stop ? `${this.#store.teamName(team)}: ${describeStop(stop, this.#store.nameOf(party))}` : this.#store.teamName(team));
  }

  #open() {
    const { team, party } = this.#timeline.active;
    if (party) this.#selection.chooseParty(party);
    else this.#selection.chooseTeam(team);
    this.#selection.enterCard();
  }

  #pickUp() {
    const { team, party } = this.#timeline.active;
    const stops = this.#stops(team);
    const index = stops.findIndex((s) => s.party_id === party);
    if (index < 0) return say("Choose a visit first: arrow right.");
    if (!MOVABLE.includes(stops[index].state)) return say(`${this.#store.nameOf(party)} cannot be moved any more.`);
    this.#carried = { party, team, position: index, from: { team, position: index }, seen: this.#store.version };
    this.#show("Picked up");
  }

  #carry(down, right) {
    const { rows } = this.#timeline;
    const held = this.#carried;
    if (down) {
      const moment = this.#momentOf(held);
      held.team = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(held.team) + down))];
      const others = this.#others(held);
      const later = others.findIndex((s) => begins(s) >= moment);
      held.position = later < 0 ? others.length : later;
    }
    held.position += right;
    const others = this.#others(held);
    held.position = Math.max(firstFree(others), Math.min(others.length, held.position));
    this.#timeline.reveal(held.team, others[held.position]?.party_id);
    this.#show("To");
  }

  async #drop() {
    const { party, team, position, from, seen } = this.#carried;
    const place = amongOpen(this.#others({ team, party }), position);
    this.#clear();
    if (team === from.team && position === from.position) return say("Put back where it was.");
    this.#timeline.active = { team, party };
    await moveVisit(this.#performer, party, team, place, seen);
    this.#timeline.draw();
  }

  #putBack() {
    this.#clear();
    say("Put back where it was.");
  }

  #clear() {
    this.#carried = null;
    this.#timeline.ghost = null;
    this.#timeline.draw();
  }

  #show(verb) {
    const held = this.#carried;
    this.#timeline.ghost = { party: held.party, team: held.team, position: held.position };
    this.#timeline.draw();
    const next = this.#others(held)[held.position];
    const where = next ? `before ${this.#store.nameOf(next.party_id)}, ${clock(begins(next))}` : "at the end";
    say(`${verb}: ${this.#store.nameOf(held.party)}, ${this.#store.teamName(held.team)}, ${where}. Space drops it, Escape puts it back.`);
  }

  #momentOf({ team, party, position }) {
    const others = this.#others({ team, party });
    const at = others[position] ?? others.at(-1) ?? this.#stops(this.#carried.from.team).find((s) => s.party_id === party);
    return begins(at);
  }

  #stops(team) {
    return this.#store.teams.get(team)?.stops ?? [];
  }

  #others({ team, party }) {
    return this.#stops(team).filter((s) => s.party_id !== party);
  }
}

// Nothing can be placed before what is done or under way.
export function firstFree(stops) {
  const at = stops.findIndex((s) => MOVABLE.includes(s.state));
  return at < 0 ? stops.length : at;
}
