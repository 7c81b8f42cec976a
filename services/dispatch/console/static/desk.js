// Says to the server what the dispatcher said: once, however often it has to be sent. Each action
// carries the version that was on the screen; who was slower is shown what changed.

import { Unreachable, newId, post } from "./api.js";
import { showConflict } from "./conflict.js";

const AGAIN_MS = 2000;
const FINAL = ["broadcast"]; // heard already

export class Desk {
  #urls;
  #store;
  #stream;
  #toasts;
  #busy = new Set();
  #done = []; // what can be undone, the newest last: {id, words}
  #watchers = [];

  constructor(urls, store, stream, toasts) {
    this.#urls = urls;
    this.#store = store;
    this.#stream = stream;
    this.#toasts = toasts;
  }

  watch(watcher) {
    this.#watchers.push(watcher);
  }

  busy(kind, team = "", party = "") {
    return this.#busy.has(`${kind} ${team} ${party}`);
  }

  // Returns null when it is settled, or {detail, errors} that the asking dialog shows.
  async act(kind, details, words, seen = this.#store.version) {
    const key = `${kind} ${details.team ?? ""} ${details.party ?? ""}`;
    if (this.#busy.has(key)) return null; // the second press of a double click
    const at = new Date(this.#store.now()).toISOString();
    const body = { id: newId(), kind, at, seen, ...details };
    this.#mark(key, true);
    try {
      const answer = await this.#deliver(this.#urls.actions, body, words);
      return this.#settle(answer, words, body.id, () => this.act(kind, details, words));
    } finally {
      this.#mark(key, false);
    }
  }

  async answer(proposal, verb, seen = this.#store.version) {
    const key = `${verb} ${proposal.id} `;
    if (this.#busy.has(key)) return;
    this.#mark(key, true);
    const words = verb === "accept" ? "Proposal accepted." : "Proposal declined: the plan stays as it is.";
    try {
      const answer = await this.#deliver(`${this.#urls.proposals}/${proposal.id}/${verb}`, { seen }, words);
      await this.#settle(answer, words, null, null);
    } finally {
      this.#mark(key, false);
    }
  }

  // Somebody has read what a host wrote; it can be taken back as long as the note is there.
  async seen(reply, words, seen = true) {
    const answer = await this.#deliver(`${this.#urls.replies}/${reply}/seen`, { seen }, words);
    await this.#stream.read();
    if (!answer.ok) return this.#toasts.add(answer.body?.detail ?? "That did not work.", { tone: "bad" });
    const buttons = seen ? [{ label: "Undo", press: () => this.seen(reply, "It waits again.", false) }] : [];
    return this.#toasts.add(words, { buttons });
  }

  // Takes back the newest of what this page said, or the action with this id.
  async undo(id = this.#done.at(-1)?.id) {
    const past = this.#done.find((one) => one.id === id);
    if (!id) return this.#toasts.add("There is nothing to undo.", { tone: "note" });
    const words = past ? `Undone: ${past.words}` : "Undone.";
    const body = { id: newId(), seen: this.#store.version };
    const answer = await this.#deliver(`${this.#urls.actions}/${id}/undo`, body, words);
    this.#done = this.#done.filter((one) => one.id !== id);
    const refused = await this.#settle(answer, words, null, null);
    if (refused) this.#toasts.add(refused.detail || "This can no longer be undone.", { tone: "bad" });
  }

  #mark(key, on) {
    if (on) this.#busy.add(key);
    else this.#busy.delete(key);
    for (const watcher of this.#watchers) watcher();
  }

  // Sends until the server answers; the same id makes it count once.
  async #deliver(url, body, words) {
    let note = null;
    for (;;) {
      try {
        const answer = await post(url, body);
        if (note) this.#toasts.remove(note);
        return answer;
      } catch (fault) {
        if (!(fault instanceof Unreachable)) throw fault;
        note ??= this.#toasts.add(`Not sent yet, trying again: ${words}`, { tone: "bad", stays: true });
        await new Promise((resume) => setTimeout(resume, AGAIN_MS));
      }
    }
  }

  async #settle(answer, words, id, again) {
    if (answer.ok) {
      await this.#stream.read();
      this.#said(answer.body, words, id);
      return null;
    }
    await this.#stream.read();
    if (answer.status === 409) {
      setTimeout(() => showConflict(answer.body, words, this.#store, again));
      return null;
    }
    const { detail, errors, title } = answer.body ?? {};
    const refused = { detail: detail ?? title ?? `The server answered with ${answer.status}.`, errors };
    if (!document.getElementById("ask").open) this.#toasts.add(refused.detail, { tone: "bad" });
    return refused;
  }

  #said(body, words, id) {
    if (!id) return this.#toasts.add(words);
    if (body?.applied === false && !body.already) {
      return this.#toasts.add(body.refusal || `Nothing to change: ${words}`, { tone: "note" });
    }
    if (FINAL.includes(body?.action?.kind)) return this.#toasts.add(words);
    this.#done.push({ id, words });
    return this.#toasts.add(words, { buttons: [{ label: "Undo", key: "Z", press: () => this.undo(id) }] });
  }
}
