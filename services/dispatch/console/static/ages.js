// Fills every <time data-since> and <time data-until> once a second: the age of what is shown.

import { age } from "./words.js";

let clockOf = () => Date.now();

export function startAges(now) {
  clockOf = now;
  setInterval(refreshAges, 1000);
}

export function refreshAges(within = document) {
  const now = clockOf();
  for (const place of within.querySelectorAll("[data-since]")) {
    const since = Date.parse(place.dataset.since);
    write(place, Number.isNaN(since) ? "never" : ago(now - since));
    if (place.dataset.staleAfter) place.dataset.stale = now - since > place.dataset.staleAfter * 1000;
  }
  for (const place of within.querySelectorAll("[data-until]")) {
    const left = Date.parse(place.dataset.until) - now;
    write(place, left > 0 ? `in ${countdown(left)}` : "now");
  }
}

function ago(milliseconds) {
  return milliseconds < 5000 ? "just now" : `${age(milliseconds)} ago`;
}

function countdown(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 600 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : age(milliseconds);
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
