// The card of the chosen team or party: what is known, how old it is, and every action.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { refreshAges } from "./ages.js";
import { mark } from "./marks.js";
import { TEAM_WORDS, VISIT_WORDS, begins, clock, count, isLate, isOpen, kindName, lateness, partyState, span } from "./words.js";

const SILENT_AFTER = 15 * 60;

export class Cards {
  #host = document.getElementById("card");
  #store;
  #performer;
  #selection;
  #teamLinks;
  actions = []; // of the card shown: keys.js presses them

  // `teamLinks` is the page of the teams' links, for whom it would open.
  constructor(store, performer, selection, teamLinks = "") {
    this.#teamLinks = teamLinks;
    this.#store = store;
    this.#performer = performer;
    this.#selection = selection;
  }

  draw() {
    const team = this.#store.teams.get(this.#selection.team);
    const party = this.#store.parties.get(this.#selection.party);
    this.actions = [];
    render(party ? this.#party(party) : team ? this.#team(team) : this.#nothing(), this.#host);
    refreshAges(this.#host);
  }

  focus() {
    this.#host.querySelector("button")?.focus();
  }

  #nothing() {
    return html`<div class="card-empty"><h2>Nothing chosen</h2>
      <p>Choose a team or a party in the list, on the map or in the timeline. <kbd>?</kbd> shows every key.</p></div>`;
  }

  #team(team) {
    this.actions = this.#performer.teamActions(team);
    const next = this.#store.nextStop(team);
    const late = isLate(team.late_seconds);
    return html`<article class="card" aria-labelledby="card-title">
      <header>${mark(team.state)}<h2 id="card-title">${team.name}</h2>
        <p class="card-state" data-late=${late}>${late ? html`<b>${lateness(team.late_seconds)}</b>, ` : nothing}${TEAM_WORDS[team.state]}${team.since ? html`, <time data-since=${team.since}></time>` : nothing}</p></header>
      ${this.#buttons(team.id, next?.party_id, true)}
      ${next ? html`<p class="card-next"><span>Next</span> ${this.#partyLink(next.party_id)} <b>${clock(begins(next))}</b>
        <small>${next.promise ? `promised ${span(next.promise.opens, next.promise.closes)}` : ""}</small></p>` : nothing}
      <dl class="facts">
        <dt>Brings</dt><dd>${(team.kinds ?? []).map(kindName).join(", ") || "–"}</dd>
        <dt>Crew</dt><dd>${(team.members ?? []).join(", ") || "–"}</dd>
        <dt>Shift</dt><dd>${span(team.shift?.opens, team.shift?.closes)}</dd>
        ${team.breaks?.length ? html`<dt>Break</dt><dd>${team.breaks.map((b) => span(b.starts_at, b.ends_at) + (b.state === "planned" ? "" : `, ${b.state}`)).join("; ")}</dd>` : nothing}
        ${team.end ? html`<dt>Ends</dt><dd>${team.end.name || "at its end place"}${team.end.back_at ? ` ${clock(team.end.back_at)}` : ""}</dd>` : nothing}
        <dt>Heard</dt><dd><time data-since=${team.last_heard_at ?? ""} data-stale-after=${SILENT_AFTER}></time></dd>
        <dt>Position</dt><dd>${team.position ? html`<time data-since=${team.position.at} data-stale-after=${SILENT_AFTER}></time>, ${team.position.source}` : "not shared"}</dd>
      </dl>
      ${this.#teamLinks ? html`<p class="card-link"><a href=${this.#teamLinks}>Link and QR code for their phone</a></p>` : nothing}
      <h3>${count(team.stops.length, "stop")}</h3>
      <ol class="card-stops">${team.stops.map((s) => this.#stop(s))}</ol>
    </article>`;
  }

  #stop(stop) {
    const late = isOpen(stop) && isLate(stop.lateness_seconds);
    return html`<li data-state=${stop.state}>${mark(stop.state, late)}<b>${clock(begins(stop))}</b>
      ${this.#partyLink(stop.party_id)}<span class="stop-words" data-late=${late}>${late ? lateness(stop.lateness_seconds) : VISIT_WORDS[stop.state]}${stop.locked ? ", pinned" : ""}</span></li>`;
  }

  #party(party) {
    this.actions = this.#performer.partyActions(party);
    const visits = this.#store.visits.get(party.id) ?? [];
    const state = partyState(party, visits[0]?.stop);
    const promise = party.promise ?? visits[0]?.stop.promise;
    return html`<article class="card" aria-labelledby="card-title">
      <header>${mark(state)}<h2 id="card-title">${this.#store.nameOf(party.id)}</h2>
        <p class="card-state">${VISIT_WORDS[state] ?? state} <span class="code">${party.code}</span></p></header>
      ${visits.map(({ team, stop }) => this.#visit(team, stop))}
      ${this.#buttons(visits[0]?.team, party.id)}
      ${!visits.length && party.detail ? html`<p class="why">${party.detail}</p>` : nothing}
      <dl class="facts">
        <dt>Where</dt><dd>${party.address}${party.area ? html` <small>${this.#area(party.area)}</small>` : nothing}</dd>
        <dt>When</dt><dd>${span(party.window?.opens, party.window?.closes)}</dd>
        <dt>Promised</dt><dd>${promise?.opens ? html`${span(promise.opens, promise.closes)} <small>promise ${promise.number}</small>` : "nothing yet"}</dd>
        <dt>Who</dt><dd>${people(party)}${party.host_name ? html`; ask for <b>${party.host_name}</b>` : nothing}</dd>
        ${party.language ? html`<dt>Speaks</dt><dd>${party.language}${party.language_met ? nothing : html` <small>the team does not: no team that does had room</small>`}</dd>` : nothing}
        <dt>Asked for</dt><dd>${(party.wanted ?? []).map(kindName).join(", ") || "any team"}</dd>
        ${party.materials?.length ? html`<dt>Hand over</dt><dd>${party.materials.join(", ")}</dd>` : nothing}
        ${party.notes ? html`<dt>Notes</dt><dd>${party.notes}</dd>` : nothing}
      </dl>
    </article>`;
  }

  #visit(teamId, stop) {
    const late = isLate(stop.lateness_seconds) && isOpen(stop);
    return html`<p class="card-next"><span>By</span> <button type="button" class="link" @click=${() => this.#selection.chooseTeam(teamId)}>${this.#store.teamName(teamId)}</button>
      <b>${clock(begins(stop))}</b> <small data-late=${late}>${late ? lateness(stop.lateness_seconds) : VISIT_WORDS[stop.state]}${stop.locked ? ", pinned" : ""}</small></p>`;
  }

  #buttons(teamId, partyId, first = false) {
    const button = (a, index) => html`<button type="button" class=${first && index === 0 ? "main" : ""} aria-keyshortcuts=${a.key ?? nothing}
      aria-disabled=${this.#performer.busy(a, teamId, partyId)} @click=${a.run}>${a.label}${a.key ? html` <kbd>${a.key.toUpperCase()}</kbd>` : nothing}</button>`;
    if (!this.#performer.acts) return nothing;
    if (!this.actions.length) return html`<p class="no-actions">Nothing to do here any more.</p>`;
    return html`<div class="card-buttons" role="group" aria-label="Actions">${this.actions.map(button)}</div>`;
  }

  #partyLink(id) {
    return html`<button type="button" class="link" @click=${() => this.#selection.chooseParty(id)}>${this.#store.nameOf(id)}</button>`;
  }

  #area(code) {
    return this.#store.areas.find((a) => a.code === code)?.name ?? code;
  }
}

function people({ people: all, children }) {
  if (!all) return "not said";
  return children ? `${all} people, ${children} of them children` : `${all} people`;
}
