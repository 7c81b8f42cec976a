// Shows the slower of two dispatchers what changed meanwhile, and lets him say it again.

import { html } from "./vendor/lit-html/lit-html.js";
import { ask } from "./ask.js";
import { clock } from "./words.js";

export function showConflict(problem, words, store, again) {
  const changed = problem?.changed ?? [];
  const title = "Somebody was faster";
  const text = problem?.detail ?? "What you acted on has changed since you saw it.";
  const extra = () => html`<div class="conflict">
    <ul>${changed.map((one) => html`<li>${line(one, store)}</li>`)}</ul>
    <p>You wanted: <strong>${words}</strong></p>
  </div>`;
  if (!again) {
    const send = async () => null;
    return ask({ title, text, submit: "I have seen it", send, extra });
  }
  return ask({ title, text, submit: "Do it all the same", danger: true, send: () => again(), extra });
}

function line(one, store) {
  if (typeof one === "string") return one;
  const what = one.words ?? `${nameOf(one, store)} changed`;
  const by = one.by || one.actor || "somebody";
  return html`<strong>${what}</strong> by ${by}${one.at ? html` at ${clock(one.at)}` : ""}`;
}

function nameOf(one, store) {
  if (one.team_id ?? one.team) return store.teamName(one.team_id ?? one.team);
  if (one.party_id ?? one.party) return store.nameOf(one.party_id ?? one.party);
  return "The board";
}
