// Says truthfully how old the board is: live, reconnecting, asleep, shut out.

import { age } from "./words.js";

const STALE_MS = 60000;

export class Lamp {
  #box = document.getElementById("live");
  #words = document.getElementById("live-words");
  #stale = document.getElementById("stale");

  show(stream) {
    const silence = stream.heardAt === null ? null : performance.now() - stream.heardAt;
    const state = stream.state;
    this.#box.dataset.state = state;
    document.getElementById("refresh").hidden = state === "live";
    write(this.#words, words(state, silence, stream.sleptMs));
    const old = silence !== null && silence > STALE_MS && state !== "live";
    this.#stale.hidden = !(old || state === "shut");
    if (old) write(this.#stale, `You see the board as it was ${age(silence)} ago. What you say now is kept and sent when the server answers.`);
    if (state === "shut") write(this.#stale, "You are signed out. Sign in again in another tab, then reload this page.");
  }
}

function words(state, silence, sleptMs) {
  const heard = silence === null ? "" : `, board ${age(silence)} old`;
  if (state === "live") return "Live";
  if (state === "still") return silence === null ? "Connecting…" : `Connecting…${heard}`;
  if (state === "deaf") return "Live, but the server has lost its database: what you see may be old";
  if (state === "asleep") return `Asleep for ${age(sleptMs)}: catching up…`;
  if (state === "shut") return "Signed out";
  return `Reconnecting…${heard}`;
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
