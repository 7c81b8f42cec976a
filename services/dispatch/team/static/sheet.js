// The sheet that comes up for a choice: why a stop is skipped, a note, everything rarer.

import { h } from "./dom.js";
import { say } from "./words.js";

const sheet = document.getElementById("sheet");

function show(title, ...content) {
  sheet.replaceChildren(
    h("form", { method: "dialog" },
      h("h2", { id: "sheet-title" }, title),
      h("button", { class: "close", "aria-label": say("Close"), value: "", formnovalidate: true }, "\u00d7")),
    ...content,
  );
  if (!sheet.open) sheet.showModal();
}

export const close = () => sheet.close();

export const SKIP_REASONS = {
  nobody_there: "Nobody is there",
  no_access: "We cannot get through",
  host_declined: "The host does not want a visit",
  unsafe: "It is not safe",
  no_time: "There is no time",
  other: "Another reason",
};

/** Ask why a stop is skipped. */
export function askWhy(stop, done) {
  const buttons = Object.entries(SKIP_REASONS).map(([reason, words]) =>
    h("button", { type: "button", click: () => { close(); done(reason); } }, say(words)));
  show(say("Skip this stop"), h("p", { dir: "auto", class: "about" }, stop.name), h("div", { class: "choices" }, buttons));
}

/** Ask for a note, a head count, a follow-up, a photo, for one of the stops. */
export function askNote(stops, chosen, acts) {
  const which = h("select", { id: "about" },
    h("option", { value: "" }, say("No particular stop")),
    stops.map((stop) => h("option", { value: stop.party_id, selected: stop === chosen }, stop.name)));
  const words = h("textarea", { id: "words", rows: 3, maxlength: 1000 });
  const people = h("input", { id: "people", type: "number", inputmode: "numeric", min: 0, max: 10000, step: 1 });
  const follow = h("input", { id: "follow", type: "checkbox" });
  const form = h("form", { class: "fields", submit: (event) => {
    event.preventDefault();
    if (!form.reportValidity()) return;
    close();
    acts.save({
      party: which.value, words: words.value.trim(), follow: follow.checked,
      people: people.value === "" ? null : Number(people.value),
    });
  } },
    h("label", { for: "about" }, say("Stop")), which,
    h("label", { for: "people" }, say("Head count")), people,
    h("label", { for: "words" }, say("Note")), words,
    h("div", { class: "tick" }, follow, h("label", { for: "follow" }, say("Somebody should get in touch with the host"))),
    h("div", { class: "row" },
      h("button", { type: "button", click: () => { close(); acts.photo(which.value); } }, say("Photo …")),
      h("button", { type: "submit", class: "main" }, say("Save"))),
    h("p", { class: "hint" }, say("Photos lose their place and camera data before they are kept, and are shown to nobody until dispatch approves them.")));
  show(say("Note, head count, photo"), form);
}

/** Everything rarer; `entries` are words, what they do, and a hint. */
export function showMore(entries) {
  const choices = entries.filter(Boolean).map(({ words, act, hint, pressed, href, lang }) => [
    href
      ? h("a", { class: "button", href, lang, hreflang: lang }, words)
      : h("button", { type: "button", "aria-pressed": pressed === undefined ? null : String(pressed), click: () => { close(); act(); } }, words),
    hint ? h("p", { class: "hint" }, hint) : null,
  ]);
  show(say("More"), h("div", { class: "choices" }, choices));
}
