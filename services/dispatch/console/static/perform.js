// Does an action of the table: asks for what it needs, then says it at the desk. Cards, keys and
// the timeline come through here, so that each action works and reads the same everywhere.

import { ask } from "./ask.js";
import { CITY_ACTIONS, PARTY_ACTIONS, TEAM_ACTIONS } from "./kinds.js";
import { isOpen } from "./words.js";
import { askMove, askMoved, askSwap } from "./placing.js";
import { askBroadcast } from "./telling.js";

const SPECIAL = { move: askMove, swap: askSwap, moved: askMoved, broadcast: askBroadcast };

export class Performer {
  // Whoever may only look gets no actions: the server would refuse them.
  constructor(store, desk, walkUp, acts) {
    this.acts = acts;
    this.store = store;
    this.desk = desk;
    this.walkUp = walkUp;
  }

  teamActions(team) {
    const facts = this.#teamFacts(team);
    return TEAM_ACTIONS.filter((a) => this.acts && a.when(facts)).map((a) => ({ ...a, run: () => this.#run(a, facts, this.#teamNames(facts)) }));
  }

  partyActions(party) {
    const facts = this.#partyFacts(party);
    return PARTY_ACTIONS.filter((a) => this.acts && a.when(facts)).map((a) => ({ ...a, run: () => this.#run(a, facts, this.#partyNames(facts)) }));
  }

  cityActions() {
    const facts = { night: this.store.night };
    return CITY_ACTIONS.filter((a) => this.acts && a.when(facts)).map((a) => ({ ...a, run: () => this.#run(a, facts, this.#cityNames()) }));
  }

  busy(action, team, party) {
    return this.desk.busy(action.kind, team, party);
  }

  #run(action, facts, names) {
    if (action.special) return SPECIAL[action.special](this, facts.party, facts, names);
    const target = { ...facts.target, ...action.details?.(facts) };
    const seen = this.store.version;
    const send = (values) => {
      const said = action.say({ ...names, values, where: this.#where(values) });
      return this.desk.act(action.as?.(values) ?? action.kind, { ...target, ...values }, said, seen);
    };
    if (!action.ask) return send({});
    return ask({ ...action.ask(names), send });
  }

  #teamFacts(team) {
    return { team, next: this.store.nextStop(team), target: { team: team.id }, others: () => this.#others(team) };
  }

  #teamNames({ team, next, others }) {
    const left = team.stops.filter(isOpen).length;
    const nameOf = (id) => this.store.teamName(id);
    return { team: team.name, object: team, left, others, nameOf, party: next ? this.store.nameOf(next.party_id) : "" };
  }

  #partyFacts(party) {
    const visit = this.store.visitOf(party.id);
    const live = !["withdrawn", "done"].includes(visit?.stop.state ?? party.state);
    return { party, stop: visit?.stop ?? null, teamId: visit?.team ?? "", live, target: { party: party.id } };
  }

  #partyNames({ party, teamId }) {
    return { party: this.store.nameOf(party.id), team: this.store.teamName(teamId), object: party };
  }

  #cityNames() {
    const named = (areas) => areas.filter((a) => a.code).map((a) => [a.code, a.name || a.code]);
    const areas = named(this.store.areas);
    const openAreas = named(this.store.areas.filter((a) => !a.called_off));
    return { areas, openAreas, night: this.store.night, teams: this.store.teams.size };
  }

  #others(team) {
    const free = (t) => t.id !== team.id && !["off", "ended"].includes(t.state);
    return [...this.store.teams.values()].filter(free).map((t) => [t.id, t.name]);
  }

  #where({ areas } = {}) {
    if (!areas?.length) return "";
    const names = areas.map((code) => this.store.areas.find((a) => a.code === code)?.name ?? code);
    return ` in ${names.join(", ")}`;
  }
}
