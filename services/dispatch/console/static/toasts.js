// Short notes at the foot of the page, each with what can still be done about it.

import { html, render } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";

const STAY_MS = 12000;
const MOST = 2; // more of them would hide the timeline

export class Toasts {
  #host = document.getElementById("toasts");
  #notes = [];
  #count = 0;

  // buttons: [{label, key, press}]. A note with `stays` goes only when it is taken away.
  add(text, { tone = "good", buttons = [], stays = false } = {}) {
    const note = { id: ++this.#count, text, tone, buttons, stays, ends: Date.now() + STAY_MS };
    this.#notes = [...this.#notes, note];
    while (this.#passing().length > MOST) this.#notes = this.#notes.filter((n) => n !== this.#passing()[0]);
    this.#draw();
    if (!stays) setTimeout(() => this.#expire(note), STAY_MS);
    return note;
  }

  // What goes by itself; a note that stays is never pushed out.
  #passing() {
    return this.#notes.filter((n) => !n.stays);
  }

  change(note, text, tone = note.tone) {
    Object.assign(note, { text, tone });
    this.#draw();
  }

  remove(note) {
    this.#notes = this.#notes.filter((n) => n !== note);
    this.#draw();
  }

  // A note that somebody is about to use stays.
  #expire(note) {
    if (this.#host.matches(":hover, :focus-within")) setTimeout(() => this.#expire(note), 2000);
    else this.remove(note);
  }

  #draw() {
    render(repeat(this.#notes, (n) => n.id, (n) => this.#note(n)), this.#host);
  }

  #note(note) {
    const press = (button) => () => {
      this.remove(note);
      button.press();
    };
    return html`<div class="toast" data-tone=${note.tone}>
      <p>${note.text}</p>
      ${note.buttons.map((b) => html`<button type="button" @click=${press(b)}>${b.label}${b.key ? html` <kbd>${b.key}</kbd>` : ""}</button>`)}
      <button type="button" class="close" aria-label="Close this note" @click=${() => this.remove(note)}>×</button>
    </div>`;
  }
}
