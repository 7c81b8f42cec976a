// What happened: the last lines of the audit log, each with who said it, and Undo where it helps.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { Unreachable, get } from "./api.js";
import { clock } from "./words.js";

const MOST = 60;

export class History {
  #dialog = document.getElementById("history");
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
      const answer = await get(this.#url);
      const actions = answer.body?.actions ?? [];
      this.#draw(answer.ok ? this.#list(actions) : html`<p>The log cannot be read: ${answer.body?.detail ?? answer.status}</p>`);
    } catch (fault) {
      if (!(fault instanceof Unreachable)) throw fault;
      this.#draw(html`<p>The server does not answer. Close this and try again.</p>`);
    }
  }

  #draw(content) {
    render(
      html`<form method="dialog"><h2 id="history-title">What happened</h2>${content}
        <div class="ask-buttons"><button class="main">Close <kbd>Esc</kbd></button></div></form>`,
      this.#dialog,
    );
  }

  #list(actions) {
    const newest = [...actions].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST);
    if (!newest.length) return html`<p>Nothing yet.</p>`;
    return html`<ol class="log">${newest.map((a) => html`<li data-undone=${Boolean(a.undone ?? a.undone_at)}>
      <b>${clock(a.at)}</b> <span>${this.#words(a)}</span> <small>${typeof a.actor === "string" ? a.actor : (a.actor?.name ?? a.by ?? "")}</small>
      ${a.undoable && !(a.undone ?? a.undone_at) ? html`<button type="button" @click=${() => this.#undo(a.id)}>Undo</button>` : nothing}</li>`)}</ol>`;
  }

  async #undo(id) {
    await this.#desk.undo(id);
    await this.show();
  }

  #words(action) {
    if (action.words) return action.words;
    const team = action.team ?? action.team_id;
    const party = action.party ?? action.party_id;
    return [action.kind.replaceAll("_", " "), team && this.#store.teamName(team), party && this.#store.nameOf(party), action.reason].filter(Boolean).join(", ");
  }
}
