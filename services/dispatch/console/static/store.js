// The night as this page knows it. `apply` takes the whole state or what changed since; whoever
// watches is told which objects changed. Nothing here touches the page.

import { isOpen } from "./words.js";

export class Store {
  teams = new Map();
  parties = new Map();
  visits = new Map(); // party id -> its stops: [{team, stop, index}]
  areas = [];
  needs = [];
  proposal = null;
  night = { state: "planned" };
  version = 0;
  loaded = false;
  readAt = 0; // performance.now() of the last answer
  #ahead = 0; // the server's clock less ours
  #watchers = [];

  watch(watcher) {
    this.#watchers.push(watcher);
  }

  // The server's time: ours may be wrong.
  now() {
    return Date.now() + this.#ahead;
  }

  heardClock(moment) {
    this.#ahead = Date.parse(moment) - Date.now();
  }

  apply(state) {
    if (state.version < this.version && state.delta) return;
    const changes = { teams: new Set(), parties: new Set(), all: !state.delta };
    if (!state.delta) {
      this.#forget(this.teams, state.teams, changes.teams);
      this.#forget(this.parties, state.parties, changes.parties);
    }
    for (const id of state.removed?.parties ?? []) this.#drop(this.parties, id, changes.parties);
    for (const id of state.removed?.teams ?? []) this.#drop(this.teams, id, changes.teams);
    for (const party of state.parties ?? []) this.#take(this.parties, party, changes.parties);
    for (const team of state.teams ?? []) {
      const before = this.teams.get(team.id);
      this.#take(this.teams, team, changes.teams);
      this.#index(before, team, changes.parties);
    }
    if (state.areas) this.areas = state.areas;
    if (state.needs) this.needs = state.needs;
    if (state.night) this.night = state.night;
    if (state.proposal !== undefined) this.proposal = state.proposal;
    this.version = state.version;
    this.heardClock(state.now);
    this.readAt = performance.now();
    this.loaded = true;
    for (const watcher of this.#watchers) watcher(changes);
  }

  visitOf(partyId) {
    return this.visits.get(partyId)?.[0] ?? null;
  }

  // The stop that a team is at or goes to next.
  nextStop(team) {
    return team.stops.find((s) => s.party_id === team.party_id && isOpen(s)) ?? team.stops.find(isOpen) ?? null;
  }

  nameOf(partyId) {
    const party = this.parties.get(partyId);
    return party ? party.name || party.address || party.code : "a party";
  }

  teamName(teamId) {
    return this.teams.get(teamId)?.name ?? "no team";
  }

  #take(kept, fresh, changed) {
    kept.set(fresh.id, fresh);
    changed.add(fresh.id);
  }

  #forget(kept, fresh, changed) {
    const named = new Set(fresh.map((item) => item.id));
    for (const id of kept.keys()) {
      if (!named.has(id)) this.#drop(kept, id, changed);
    }
  }

  #drop(kept, id, changed) {
    if (kept === this.teams) this.#index(kept.get(id), { id, stops: [] }, new Set());
    kept.delete(id);
    changed.add(id);
  }

  #index(before, team, changed) {
    for (const stop of before?.stops ?? []) {
      const rest = (this.visits.get(stop.party_id) ?? []).filter((v) => v.team !== team.id);
      if (rest.length) this.visits.set(stop.party_id, rest);
      else this.visits.delete(stop.party_id);
      changed.add(stop.party_id);
    }
    team.stops.forEach((stop, index) => {
      const others = this.visits.get(stop.party_id) ?? [];
      this.visits.set(stop.party_id, [...others, { team: team.id, stop, index }]);
      changed.add(stop.party_id);
    });
  }
}
