// What is chosen: one team or one party. Everything that shows it watches here.

export class Selection {
  team = "";
  party = "";
  #watchers = [];
  #store;

  constructor(store) {
    this.#store = store;
  }

  watch(watcher) {
    this.#watchers.push(watcher);
  }

  chooseTeam(id, reveal = true) {
    this.#choose(id, "", reveal);
  }

  // With a party goes the team that visits it, so that its row is marked.
  chooseParty(id, reveal = true) {
    this.#choose(this.#store.visitOf(id)?.team ?? "", id, reveal);
  }

  clear() {
    this.#choose("", "", false);
  }

  enterCard() {
    for (const watcher of this.#watchers) watcher({ enter: true, reveal: false });
  }

  #choose(team, party, reveal) {
    this.team = team;
    this.party = party;
    for (const watcher of this.#watchers) watcher({ enter: false, reveal });
  }
}
