// Shows the slower of two dispatchers what changed meanwhile, and lets him say it again.

import { html } from "./vendor/lit-html/lit-html.js";
import { ask } from "./ask.js";
import { deed, doer } from "./deeds.js";
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

function line(action, store) {
  return html`<strong>${deed(action, store)}</strong> by ${doer(action)} at ${clock(action.at)}`;
}
