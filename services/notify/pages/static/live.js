// Keeps the part #feed of a page fresh: asks for it, replaces it when it changed, says its age.

const EVERY_MS = 2000;
const feed = document.getElementById("feed");
const live = document.getElementById("live");
const pause = document.getElementById("pause-feed");

let stamp = "";
let total = readTotal();
let paused = false;
let asked = Date.now();
let shown = feed?.innerHTML ?? "";

// How many there are in all, where the page counts what comes.
function readTotal() {
  return Number((document.getElementById("total")?.textContent ?? "0").replaceAll(",", ""));
}

function ageOf(seconds) {
  if (seconds < 1) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172800) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} days ago`;
}

function say(text) {
  if (live && live.textContent !== text) live.textContent = text;
}

function growOlder() {
  for (const time of document.querySelectorAll("main time")) {
    const age = ageOf((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== age) time.textContent = age;
  }
}

function ticked() {
  return [...feed.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.id);
}

function replaceWith(html) {
  const held = feed.contains(document.activeElement) ? document.activeElement.id : "";
  const kept = ticked();
  const open = [...feed.querySelectorAll("details[open][id]")].map((part) => part.id);
  const parsed = new DOMParser().parseFromString(html, "text/html");
  feed.replaceChildren(...parsed.body.childNodes);
  for (const id of kept) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

// Whoever is about to press something must not have it move away under the finger.
function busy() {
  return feed.matches(":active") || feed.querySelector(":active") !== null;
}

// Resolves to what there is to say of what came, empty where nothing did.
async function ask() {
  const answer = await fetch(feed.dataset.feed, {
    cache: "no-cache",
    signal: AbortSignal.timeout(5000),
  });
  if (answer.status === 401) location.reload(); // the pass has ended: the page fetches a new one
  if (!answer.ok) throw new Error(String(answer.status));
  const newest = answer.headers.get("ETag");
  asked = Date.now();
  const html = await answer.text();
  if (newest === stamp || busy()) return "";
  const first = stamp === "";
  stamp = newest;
  if (first && html.trim() === shown.trim()) return "";
  replaceWith(html);
  const before = total;
  total = readTotal();
  return total > before ? `Live, ${total - before} new` : "Live";
}

async function round() {
  if (!paused && !document.hidden) {
    try {
      const words = await ask();
      if (words) say(words);
      else if (!live?.textContent.startsWith("Live")) say("Live");
      if (pause) pause.hidden = false;
    } catch {
      say(`As of ${ageOf((Date.now() - asked) / 1000)}: the server does not answer`);
    }
    growOlder();
  }
  setTimeout(round, EVERY_MS);
}

pause?.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  say(paused ? "Paused" : "Live");
});

if (feed && "still" in feed.dataset) {
  if (pause) say("Older messages");
} else if (feed) {
  document.getElementById("refresh")?.setAttribute("hidden", "");
  round();
}
