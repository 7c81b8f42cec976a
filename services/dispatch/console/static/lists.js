// The left column: what needs somebody, the parties, the teams; and the search over all of them.

import { html, nothing } from "./vendor/lit-html/lit-html.js";
import { refreshAges } from "./ages.js";
import { mark } from "./marks.js";
import { Picker } from "./picker.js";
import { SETTLED, TEAM_WORDS, VISIT_WORDS, begins, clock, isLate, lateness, partyState } from "./words.js";

const TABS = ["needs", "parties", "teams"];
const LEVELS = ["urgent", "urgent", "soon", "soon"]; // by urgency, 0 first; the rest is calm
const NEED_WORDS = {
  proposal: "Proposal", late_promise: "Promise", silent_team: "Silent", late_team: "Late", message_failed: "Not reached", host_replied: "Host replied",
};

export class Lists {
  tab = "needs";
  #store;
  #selection;
  #pickers = {};
  #field = document.getElementById("find");
  #hosts = Object.fromEntries(TABS.map((t) => [t, document.getElementById(`list-${t}`)]));
  #tabs = Object.fromEntries(TABS.map((t) => [t, document.getElementById(`tab-${t}`)]));

  constructor(store, selection, openNeed) {
    this.#store = store;
    this.#selection = selection;
    const drawn = (host) => refreshAges(host);
    const enter = (act) => (item, byKey) => {
      act(item);
      if (byKey) selection.enterCard();
    };
    this.#pickers = {
      needs: new Picker(this.#hosts.needs, {
        height: 62, key: needKey, row: (n) => this.#need(n), chosen: (n) => isChosen(n, selection), choose: enter(openNeed), drawn,
        empty: "Nothing needs you now.",
      }),
      parties: new Picker(this.#hosts.parties, {
        height: 54, key: (p) => p.id, row: (p) => this.#party(p), chosen: (p) => selection.party === p.id,
        choose: enter((p) => selection.chooseParty(p.id)), drawn, empty: "No party matches.",
      }),
      teams: new Picker(this.#hosts.teams, {
        height: 54, key: (t) => t.id, row: (t) => this.#team(t), chosen: (t) => selection.team === t.id && !selection.party,
        choose: enter((t) => selection.chooseTeam(t.id)), drawn, empty: "No team matches.",
      }),
    };
    for (const tab of TABS) this.#tabs[tab].addEventListener("click", () => this.open(tab));
    document.getElementById("tabs").addEventListener("keydown", (event) => this.#walkTabs(event));
    this.#field.addEventListener("input", () => this.#searched());
    this.#field.addEventListener("keydown", (event) => this.#leaveSearch(event));
  }

  open(tab, focus = false) {
    this.tab = tab;
    for (const t of TABS) {
      this.#tabs[t].setAttribute("aria-selected", t === tab);
      this.#tabs[t].tabIndex = t === tab ? 0 : -1;
      this.#hosts[t].hidden = t !== tab;
    }
    this.draw();
    if (focus) this.#hosts[tab].focus();
  }

  search() {
    this.#field.focus();
    this.#field.select();
  }

  nextNeed(by) {
    this.open("needs");
    this.#pickers.needs.step(by);
  }

  draw() {
    const words = this.#words();
    const needs = this.#store.needs; // a search must not hide what is urgent
    const parties = [...this.#store.parties.values()].filter((p) => this.#matches(words, p.name, p.address, p.code, p.host_name));
    const teams = [...this.#store.teams.values()].filter((t) => this.#matches(words, t.name, ...(t.members ?? [])));
    const found = { needs, parties, teams };
    for (const tab of TABS) {
      const size = this.#tabs[tab].querySelector(".size");
      if (size.textContent !== String(found[tab].length)) size.textContent = String(found[tab].length);
      if (tab === this.tab) this.#pickers[tab].show(tab === "parties" ? this.#sorted(parties) : found[tab]);
    }
  }

  // Without a visit first, then in the order of time: what needs thought comes first.
  #sorted(parties) {
    const at = new Map(parties.map((p) => [p.id, this.#visitAt(p)]));
    return parties.sort((a, b) => at.get(a.id) - at.get(b.id));
  }

  #visitAt(party) {
    const visit = this.#store.visitOf(party.id);
    return visit ? begins(visit.stop) : 0;
  }

  #words() {
    return this.#field.value.toLowerCase().split(/\s+/).filter(Boolean);
  }

  #matches(words, ...texts) {
    if (!words.length) return true;
    const text = texts.filter(Boolean).join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  // A search shows parties unless only teams match.
  #searched() {
    const words = this.#words();
    if (words.length && this.tab === "needs") this.open("parties");
    this.draw();
    if (!words.length) return;
    const none = !this.#pickers.parties.items.length && this.tab === "parties";
    const teams = [...this.#store.teams.values()].some((t) => this.#matches(words, t.name, ...(t.members ?? [])));
    if (none && teams) this.open("teams");
  }

  #leaveSearch(event) {
    if (event.key === "Escape") {
      this.#field.value = "";
      this.draw();
    } else if (event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      this.#hosts[this.tab].focus();
    }
  }

  #walkTabs(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const next = TABS[(TABS.indexOf(this.tab) + by + TABS.length) % TABS.length];
    this.open(next);
    this.#tabs[next].focus();
  }

  #need(need) {
    const level = LEVELS[need.urgency] ?? "calm";
    return html`<span class="need-level" data-level=${level} aria-hidden="true">${level === "urgent" ? "!" : level === "soon" ? "•" : ""}</span>
      <p class="row-main"><b>${NEED_WORDS[need.kind] ?? need.kind}</b> ${need.words}</p>
      <p class="row-more">${level === "urgent" ? "urgent, " : ""}<time data-since=${need.since}></time></p>`;
  }

  #party(party) {
    const visit = this.#store.visitOf(party.id);
    const state = partyState(party, visit?.stop);
    const late = visit && isLate(visit.stop.lateness_seconds) && !SETTLED.includes(state);
    const when = visit ? `${clock(begins(visit.stop))}, ${this.#store.teamName(visit.team)}` : (party.detail ?? "");
    return html`${mark(state, late)}<p class="row-main">${this.#store.nameOf(party.id)}</p>
      <p class="row-more"><span data-late=${Boolean(late)}>${late ? lateness(visit.stop.lateness_seconds) : VISIT_WORDS[state] ?? state}</span>${when ? ` · ${when}` : nothing}</p>`;
  }

  #team(team) {
    const late = isLate(team.late_seconds);
    const next = this.#store.nextStop(team);
    return html`${mark(team.state)}<p class="row-main">${team.name}</p>
      <p class="row-more"><span data-late=${late}>${TEAM_WORDS[team.state] ?? team.state}${late ? `, ${lateness(team.late_seconds)}` : ""}</span>${next ? ` · ${this.#store.nameOf(next.party_id)}, ${clock(begins(next))}` : nothing}</p>`;
  }
}

function needKey(need) {
  return [need.kind, need.team_id, need.party_id, need.kind === "message_failed" ? need.since : "", need.reply_id].filter(Boolean).join("-");
}

function isChosen(need, selection) {
  if (need.party_id) return need.party_id === selection.party;
  return Boolean(need.team_id) && need.team_id === selection.team && !selection.party;
}
