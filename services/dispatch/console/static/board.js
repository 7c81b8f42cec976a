// Keeps a city's board current: hears of changes by server-sent events, reads the board anew,
// and redraws what differs. The page works without this file, by its refresh link.

import { Lamp } from "./lamp.js";
import { draw } from "./draw.js";
import { Finder } from "./finder.js";

const GAP_MS = 500; // between two reads of the board in a burst
const GIVE_UP_MS = 8000;

const page = document.getElementById("board");
const lamp = new Lamp();
const finder = new Finder();
let shown = Number(page.dataset.change);
let tag = "";
let reading = false;
let wanted = false;

async function read() {
  if (reading) {
    wanted = true;
    return;
  }
  reading = true;
  do {
    wanted = false;
    await readOnce();
    await new Promise((resume) => setTimeout(resume, GAP_MS));
  } while (wanted);
  reading = false;
}

async function readOnce() {
  try {
    const answer = await fetch(page.dataset.boardUrl, {
      headers: tag ? { "If-None-Match": tag } : {},
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (answer.status === 304) return;
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const board = await answer.json();
    tag = answer.headers.get("ETag") ?? "";
    shown = Math.max(shown, board.change);
    draw(board, lamp);
    finder.apply();
  } catch {
    lamp.failedToRead();
    setTimeout(read, 2000);
  }
}

function follow() {
  const source = new EventSource(`${page.dataset.eventsUrl}?since=${shown}`);
  source.addEventListener("alive", (event) => lamp.heard(JSON.parse(event.data)));
  source.addEventListener("change", (event) => {
    lamp.heardChange();
    if (Number(event.data) !== shown || !tag) read();
  });
  source.addEventListener("error", () => {
    lamp.lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
  });
  addEventListener("pagehide", () => source.close());
}

addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("online", read);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") read();
});

read();
follow();
