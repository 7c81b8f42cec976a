// What happened: the last lines of the audit log, each with who said it, and Undo where it helps.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { Unreachable, get } from "./api.js";
import { canUndo, deed, doer } from "./deeds.js";
import { clock } from "./words.js";

const MOST = 80; // lines shown
const PAGE = 500; // lines that the server gives at once

export class History {
  #dialog = document.getElementById("history");
  #lines = [];
  #url;
  #store;
  #desk;

  constructor(urls, store, desk) {
    this.#url = urls.actions;
    this.#store = store;
    this.#desk = desk;
  }

  async show() {
    this.#draw(html`<p>Reading…</p>`);
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      await this.#read();
      this.#draw(this.#list());
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      this.#draw(html`<p>The server does not answer. Close this and try again.</p>`);
    }
  }

  // Lines do not change, but what undid them comes later: it names them.
  async #read() {
    for (;;) {
      const answer = await get(`${this.#url}?after=${this.#lines.at(-1)?.number ?? 0}`);
      if (!answer.ok) throw new Unreachable(`status ${answer.status}`);
      this.#lines.push(...answer.body.actions);
      if (answer.body.actions.length < PAGE) return;
    }
  }

  #draw(content) {
    render(
      html`<form method="dialog"><h2 id="history-title">What happened</h2>${content}
        <div class="ask-buttons"><button class="main">Close <kbd>Esc</kbd></button></div></form>`,
      this.#dialog,
    );
  }

  #list() {
    const undone = new Set(this.#lines.map((a) => a.undoes).filter(Boolean));
    const newest = this.#lines.slice(-MOST).reverse();
    if (!newest.length) return html`<p>Nothing yet.</p>`;
    return html`<ol class="log">${newest.map((a) => html`<li data-undone=${undone.has(a.id) || !a.applied}>
      <b>${clock(a.at)}</b> <span>${deed(a, this.#store)}${a.refusal ? html` <small>no effect: ${a.refusal}</small>` : nothing}</span> <small>${doer(a)}</small>
      ${canUndo(a) && !undone.has(a.id) ? html`<button type="button" @click=${() => this.#undo(a.id)}>Undo</button>` : nothing}</li>`)}</ol>`;
  }

  async #undo(id) {
    await this.#desk.undo(id);
    await this.show();
  }
}
