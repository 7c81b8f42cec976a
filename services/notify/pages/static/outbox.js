// Keeps the outbox page fresh: asks for the feed, replaces it when it changed, shows its age.

const EVERY_MS = 2000;
const feed = document.getElementById("feed");
const live = document.getElementById("live");
const pause = document.getElementById("pause");

let stamp = "";
let total = readTotal();
let asked = Date.now();
let paused = false;

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
  if (live.textContent !== text) live.textContent = text;
}

function growOlder() {
  for (const time of feed.querySelectorAll("time")) {
    const age = ageOf((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (time.textContent !== age) time.textContent = age;
  }
}

function replaceWith(html) {
  const held = feed.contains(document.activeElement) ? document.activeElement.id : "";
  const parsed = new DOMParser().parseFromString(html, "text/html");
  feed.replaceChildren(...parsed.body.childNodes);
  if (held) document.getElementById(held)?.focus({ preventScroll: true });
}

async function ask() {
  const answer = await fetch(feed.dataset.feed, {
    cache: "no-cache",
    signal: AbortSignal.timeout(5000),
  });
  if (answer.status === 401) location.reload(); // the pass has ended: the page fetches a new one
  if (!answer.ok) throw new Error(String(answer.status));
  const newest = answer.headers.get("ETag");
  asked = Date.now();
  if (newest === stamp) return;
  replaceWith(await answer.text());
  stamp = newest;
  const before = total;
  total = readTotal();
  say(total > before ? `Live, ${total - before} new` : "Live");
}

async function round() {
  if (!paused && !document.hidden) {
    try {
      await ask();
      pause.hidden = false;
      if (live.textContent.startsWith("As ")) say("Live");
    } catch {
      say(`As of ${ageOf((Date.now() - asked) / 1000)}: the server does not answer`);
    }
    growOlder();
  }
  setTimeout(round, EVERY_MS);
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  say(paused ? "Paused" : "Live");
});

if ("still" in feed.dataset) {
  say("Older messages");
} else {
  document.getElementById("refresh").hidden = true;
  round();
}
