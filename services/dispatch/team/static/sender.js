// Sends what waits, in its order, each thing once: ids make a second sending harmless.

import { age } from "./clock.js";
import { dequeue, waiting } from "./store.js";

const PATIENCE_MS = 12_000;
const PHOTO_PATIENCE_MS = 90_000;
const AT_ONCE = 50;

/** The link has ended: nothing more can be sent or read. */
export class Ended extends Error {}

/** A request of ours; throws where there is no signal or the server is not well. */
export async function ask(address, options = {}, patience = PATIENCE_MS) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    signal: AbortSignal.timeout(patience),
    ...options,
  });
  if (answer.status === 410 || answer.status === 401) throw new Ended();
  if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
  return answer;
}

const sending = new Set();

/** Whether an item is on its way just now, so that it can no longer be taken back. */
export const isOnItsWay = (id) => sending.has(id);

/** Send all that waits for this shift; returns what the server said of each. */
export async function sendAll(shift) {
  const send = () => sendQueue(shift);
  if (!navigator.locks) return send();
  return navigator.locks.request("porchlight-team-sending", send);
}

async function sendQueue(shift) {
  const told = [];
  const mine = (await waiting()).filter((item) => item.shift === shift);
  const taps = mine.filter((item) => item.kind !== "photo");
  for (let start = 0; start < taps.length; start += AT_ONCE) {
    told.push(...(await sendTaps(taps.slice(start, start + AT_ONCE))));
  }
  for (const photo of mine.filter((item) => item.kind === "photo")) told.push(await sendPhoto(photo));
  return told;
}

async function sendTaps(taps) {
  taps.forEach((tap) => sending.add(tap.id));
  try {
    const plain = taps.map(({ id, shift, kind, stamp, party, reason, words, people, of }) => ({
      id, shift, kind, at: stamp.at, age_ms: age(stamp), party, reason, words, people, of,
    }));
    const answer = await ask("/team/taps", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sent_at: new Date().toISOString(), taps: plain }),
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { outcomes } = await answer.json();
    const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
    for (const tap of taps) if (byId.has(tap.id)) await dequeue(tap.id);
    return taps.filter((tap) => byId.has(tap.id)).map((tap) => ({ ...byId.get(tap.id), tap }));
  } finally {
    taps.forEach((tap) => sending.delete(tap.id));
  }
}

async function sendPhoto(photo) {
  sending.add(photo.id);
  try {
    const { id, party, stamp, blob } = photo;
    const words = new URLSearchParams({ id, party, at: stamp.at, sent_at: new Date().toISOString() });
    const headers = { "Content-Type": blob.type || "application/octet-stream" };
    const answer = await ask(`/team/photos?${words}`, { method: "POST", headers, body: blob }, PHOTO_PATIENCE_MS);
    await dequeue(photo.id);
    if (answer.ok) return { id: photo.id, applied: true, tap: photo };
    const { detail } = await answer.json();
    return { id: photo.id, applied: false, fault: "photo", detail, tap: photo };
  } finally {
    sending.delete(photo.id);
  }
}
