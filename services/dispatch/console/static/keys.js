// Keys that work anywhere, and the sheet that shows them. Single letters can be switched off, for
// whoever speaks to the computer or holds keys down.

import { html, render } from "./vendor/lit-html/lit-html.js";

const SHEET = [
  ["Anywhere", [["/", "Search"], ["N, Shift+N", "Next and last thing that needs you"], ["O", "Go to the proposal"], ["G", "Go to the timeline"], ["V", "Go to the card"], ["W", "Add a walk-up party"], ["B", "Broadcast to teams"], ["Z", "Undo what you said last"], ["H", "What happened"], ["1 2 3", "Needs you, parties, teams"], ["?", "This sheet"]]],
  ["A team chosen", [["E", "On the way"], ["A", "Arrived"], ["L", "Left"], ["S", "Skip the next stop"], ["C", "Pulled to a call, back from it"], ["K", "Break, break over"], ["T", "Late by…"]]],
  ["A party chosen", [["P", "Pin, unpin"], ["M", "Move to another team or time"], ["X", "Swap with another visit"], ["S", "Skip"], ["T", "Starts late"], ["R", "Relocated: it moved"]]],
  ["In the timeline", [["Arrows", "Walk along teams and visits"], ["Space", "Pick a visit up, drop it"], ["Enter", "Open its card"], ["Esc", "Put it back"], ["+ −", "Zoom"], [".", "Back to now"]]],
];
const STORED = "porchlight.single-keys";

export class Keys {
  #bindings;
  #cards;
  #sheet = document.getElementById("keys");

  // bindings: key -> what to do
  constructor(bindings, cards) {
    this.#bindings = bindings;
    this.#cards = cards;
    addEventListener("keydown", (event) => this.#press(event));
    document.getElementById("show-keys").addEventListener("click", () => this.show());
  }

  show() {
    const flip = (event) => localStorage.setItem(STORED, event.target.checked ? "on" : "off");
    render(
      html`<form method="dialog"><h2 id="keys-title">Keys</h2>
        <div class="key-columns">${SHEET.map(([title, keys]) => html`<section><h3>${title}</h3>
          <dl>${keys.map(([key, words]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl></section>`)}</div>
        <label class="choice"><input type="checkbox" .checked=${on()} @change=${flip}> Single keys work (keys with Enter, Space and arrows always do)</label>
        <div class="ask-buttons"><button class="main">Close <kbd>Esc</kbd></button></div></form>`,
      this.#sheet,
    );
    this.#sheet.showModal();
  }

  #press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, dialog")) return;
    const act = event.key === "?" ? () => this.show() : on() ? this.#bound(event) : null;
    if (!act) return;
    event.preventDefault();
    act();
  }

  #bound(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.shiftKey && key === "n") return this.#bindings.N;
    const action = event.shiftKey ? null : this.#cards.actions.find((a) => a.key === key);
    return action ? action.run : this.#bindings[key];
  }
}

function on() {
  return localStorage.getItem(STORED) !== "off";
}
