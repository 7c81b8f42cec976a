// The proposal for a re-plan: what changes, for whom, why, and what is lost if nothing is done.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { refreshAges } from "./ages.js";
import { say } from "./say.js";
import { clock, count } from "./words.js";

const MOST = 30;

export class ProposalPanel {
  #host = document.getElementById("proposal");
  #store;
  #desk;
  #selection;
  #performer;
  #said = "";

  constructor(store, desk, selection, performer) {
    this.#performer = performer;
    this.#store = store;
    this.#desk = desk;
    this.#selection = selection;
  }

  draw() {
    const proposal = this.#store.proposal;
    this.#host.hidden = !proposal;
    if (!proposal) return render(nothing, this.#host);
    render(this.#panel(proposal), this.#host);
    refreshAges(this.#host);
    if (this.#said !== proposal.id && proposal.needs_answer !== false) say(`A new proposal: ${headline(proposal)}. Press O to go to it.`);
    this.#said = proposal.id;
  }

  focus() {
    this.#host.querySelector("button.main")?.focus();
  }

  #panel(proposal) {
    const changes = proposal.changes ?? [];
    const seen = this.#store.version;
    const answer = (verb) => () => this.#desk.answer(proposal, verb, seen);
    const busy = ["accept", "decline"].some((verb) => this.#desk.busy(verb + "", proposal.id));
    return html`<header><h2 id="proposal-title">Proposal: ${headline(proposal)}</h2>
        <p>made <time data-since=${proposal.made_at}></time>${proposal.applies_at ? html`; applies by itself <time class="countdown" data-until=${proposal.applies_at}></time>` : "; waits for you"}</p></header>
      ${lost(proposal.lost_if_nothing)}
      <ul class="changes">${changes.slice(0, MOST).map((c) => this.#change(c))}
        ${changes.length > MOST ? html`<li>and ${changes.length - MOST} more</li>` : nothing}</ul>
      ${this.#performer.acts ? html`<div class="proposal-buttons">
        <button type="button" class="main" aria-disabled=${busy} @click=${answer("accept")}>Accept</button>
        <button type="button" aria-disabled=${busy} @click=${answer("decline")}>Decline</button>
      </div>` : nothing}`;
  }

  #change(change) {
    const name = html`<button type="button" class="link" @click=${() => this.#selection.chooseParty(change.party_id)}>${this.#store.nameOf(change.party_id)}</button>`;
    return html`<li data-promised=${Boolean(change.promised)}><p>${name} ${moved(change, this.#store)}</p>
      <p class="change-why">${change.promised ? html`<b class="promise-changes">promise changes</b> ` : nothing}${change.reason ?? ""}</p></li>`;
  }
}

function headline({ changes = [] }) {
  const promises = changes.filter((c) => c.promised).length;
  const visits = count(changes.length, "visit changes", "visits change");
  return promises ? `${visits}, ${count(promises, "promise")} with ${promises === 1 ? "it" : "them"}` : `${visits}, no promise does`;
}

function moved(change, store) {
  const from = change.old_team ? store.teamName(change.old_team) : "";
  const to = change.new_team ? store.teamName(change.new_team) : "";
  if (!to) return html`<b>loses its visit</b> by ${from}${change.old_starts ? ` at ${clock(change.old_starts)}` : ""}`;
  if (!from) return html`<b>gains a visit</b> by ${to} at ${clock(change.new_starts)}`;
  const time = change.old_starts && change.new_starts ? html` <s>${clock(change.old_starts)}</s> → <b>${clock(change.new_starts)}</b>` : nothing;
  return from === to ? html`${to},${time}` : html`<s>${from}</s> → <b>${to}</b>,${time}`;
}

function lost(what) {
  if (!what) return nothing;
  const words = what.words ?? "";
  return words ? html`<p class="lost"><b>If nothing is done:</b> ${words}</p>` : nothing;
}
