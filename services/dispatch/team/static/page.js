// The team's page: shows what is known and since when, takes taps, sends them when it can.

import { bar, KIND_WORDS } from "./bar.js";
import { changes, look } from "./changes.js";
import { learn, mended, now, stamp } from "./clock.js";
import { draw } from "./dom.js";
import { after, nextStop } from "./follow.js";
import { changedWords, notices, waitingWords } from "./notices.js";
import { shrink } from "./picture.js";
import { Place } from "./place.js";
import { ask, Ended, isOnItsWay, sendAll } from "./sender.js";
import { askNote, askWhy, showMore } from "./sheet.js";
import { list, nextCard, noCard } from "./stops.js";
import * as store from "./store.js";
import { clock, say } from "./words.js";

const LOOK_MS = 15_000;
const TRY_AGAIN_MS = 5_000;
const STALE_MS = 45_000;
const DOUBLE_TAP_MS = 900;
const SOON_MS = 2_500;
const MOST_REMEMBERED = 200;
const NO_MOVES = new Set(["note", "head_count", "follow_up", "photo", "undo"]);

const at = (id) => document.getElementById(id);
let state = JSON.parse(document.body.dataset.state);
let queue = [];
let seen, read = [], mine = [], refused = [], last = null;
let heardAt = Date.parse(state.now), reached = true, ended = false, busy = false, again = false, guardedUntil = 0;
let sayingWaits = "", sayingChanges = 0;
const place = new Place(render);

// --- what is shown ------------------------------------------------------------------------------

/** The team as it is once everything that waits is told. */
function team() {
  const moves = queue.filter((item) => item.shift === state.shift && !NO_MOVES.has(item.kind));
  return moves.reduce((known, tap) => after(known, tap, new Date(mended(tap.stamp)).toISOString()), state.team);
}

function render() {
  const known = team(), zone = state.city.zone;
  const working = !["to_call", "on_break", "ended"].includes(known.state);
  const stop = working ? nextStop(known) : undefined;
  const own = queue.filter((item) => item.shift === state.shift);
  const photos = own.filter((item) => item.kind === "photo").length;
  const page = {
    team: known,
    unread: known.messages.filter((message) => !read.includes(message.id)),
    changed: changes(seen, known, mine),
    refused,
    waits: ended || reached && own.every((item) => now() - mended(item.stamp) < SOON_MS) ? "" : waitingWords(own.length - photos, photos),
    stranded: ended ? queue.length : queue.length - own.length,
    ended,
  };
  const near = place.near(stop) && stop.state !== "on_scene";
  draw(at("notices"), page, () => notices(page, zone, acts));
  draw(at("next"), [known.state, known.since, stop, known.stops.length], () => (stop ? nextCard(known, stop, zone) : noCard(known, zone)));
  draw(at("after"), [known.stops, known.breaks, known.end, stop?.party_id], () => list(known, stop, zone, acts));
  draw(at("bar"), [known.night, known.state, stop, last, near, ended], () => (ended ? [] : bar(known, stop, last, near, zone, acts)));
  showStatus(zone);
  at("waits").textContent = page.waits;
  if (page.waits !== sayingWaits) announce((sayingWaits = page.waits) || say("Everything is sent."));
  if (page.changed.length > sayingChanges) announce(changedWords(page.changed.length));
  sayingChanges = page.changed.length;
}

function showStatus(zone) {
  const live = reached && now() - heardAt < STALE_MS;
  const time = clock(heardAt, zone);
  const words = live
    ? say("Up to date, {time}", { time })
    : say("No signal. Shows what was known at {time}.", { time });
  if (at("status-words").textContent !== words) at("status-words").textContent = words;
  const mode = ended ? "ended" : live ? "live" : "lost";
  if (at("status").dataset.mode === "live" && mode === "lost") announce(words);
  at("status").dataset.mode = mode;
}

function announce(words) {
  at("said").textContent = words;
}

// --- what is tapped -----------------------------------------------------------------------------

const acts = {
  /** A button of the bar; a finger that trembles means one tap, not the button that comes after. */
  tap(kind, stop) {
    if (performance.now() < guardedUntil) return undefined;
    if (kind === "more") return more();
    if (kind === "note") return acts.note();
    if (kind === "skip") return acts.skip(stop);
    return move(kind, stop ? { party: stop.party_id } : {});
  },
  arrived: (stop) => move("arrived", { party: stop.party_id }),
  skip: (stop) => askWhy(stop, (reason) => move("skip", { party: stop.party_id, reason })),
  note() {
    const stops = team().stops;
    const chosen = stops.find((stop) => stop.state === "on_scene") ?? stops.findLast?.((stop) => stop.state === "done");
    askNote(stops, chosen, { save: saveNote, photo: takePhoto });
  },
  async undo(done) {
    last = null;
    if (queue.some((item) => item.id === done.id) && !isOnItsWay(done.id)) {
      await store.dequeue(done.id);
      queue = queue.filter((item) => item.id !== done.id);
      announce(say("Taken back."));
      render();
    } else {
      await add("undo", { of: done.id });
    }
  },
  read: (message) => remember("read", (read = [...read, message.id].slice(-MOST_REMEMBERED))),
  seen: () => remember("seen", (seen = look(team()))),
  dismiss: (told) => remember("refused", (refused = refused.filter((other) => other !== told))),
};

/** Shown once it is kept: what is seen to be done must not be undone by a reload. */
async function remember(name, value) {
  await store.put(name, value);
  render();
}

/** Something that moves the team; shown at once, told when there is signal. */
async function move(kind, what) {
  guardedUntil = performance.now() + DOUBLE_TAP_MS;
  const { party } = what;
  const tap = await add(kind, what);
  last = { id: tap.id, kind, at: new Date(mended(tap.stamp)).toISOString() };
  mine = [...mine, tap.id].slice(-MOST_REMEMBERED);
  await store.put("mine", mine);
  await store.put("last", last);
  if (kind === "end_shift") place.stop();
  if (party && seen) {
    const known = new Map(look(team()).map((stop) => [stop.party, stop]));
    await remember("seen", (seen = seen.map((stop) => (stop.party === party ? known.get(party) ?? stop : stop))));
  }
  scrollTo(0, 0);
  announce(say("{what}. {next}", { what: say(KIND_WORDS[kind]), next: nextWords() }));
  render();
}

function nextWords() {
  const known = team(), stop = nextStop(known);
  if (known.state !== "en_route" || !stop) return "";
  return say("Next: {name}", { name: stop.name });
}

async function add(kind, what) {
  const item = { party: "", reason: "", words: "", people: null, of: "", ...what };
  const made = { ...item, id: crypto.randomUUID(), shift: state.shift, kind, stamp: stamp(), order: Date.now() + queue.length / 1000 };
  await store.enqueue(made);
  queue = [...queue, made];
  render();
  synchronise();
  return made;
}

async function saveNote({ party, words, people, follow }) {
  if (people !== null) await add("head_count", { party, people });
  if (follow) await add("follow_up", { party, words });
  else if (words) await add("note", { party, words });
  if (words || follow || people !== null) announce(say("Saved."));
}

function takePhoto(party) {
  const camera = at("camera");
  camera.onchange = async () => {
    const [file] = camera.files;
    camera.value = "";
    if (!file) return;
    await add("photo", { party, blob: await shrink(file) });
    announce(say("Photo saved."));
  };
  camera.click();
}

function more() {
  const known = team(), theme = document.documentElement.dataset.theme;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const other = document.documentElement.lang === "es" ? ["en", "English"] : ["es", "Español"];
  const stop = nextStop(known);
  showMore([
    { words: say("Note, head count, photo …"), act: acts.note },
    stop && known.state === "on_scene" ? { words: say("Skip this stop …"), act: () => acts.skip(stop) } : null,
    ["on_break", "to_call", "ended"].includes(known.state) ? null : { words: say("Take a break"), act: () => move("break_start", {}) },
    known.state === "ended" ? null : { words: say("End our shift"), act: () => move("end_shift", {}) },
    shareEntry(known),
    { words: dark ? say("Bright screen") : say("Night screen"), act: () => setTheme(dark ? "light" : "dark") },
    { words: other[1], href: `/team?lang=${other[0]}`, lang: other[0] },
  ]);
}

function shareEntry(known) {
  if (!navigator.geolocation || known.state === "ended") return null;
  const hint = place.fault === "denied"
    ? say("This phone does not let the page know where it is.")
    : say("Only until your shift ends. Dispatch sees it as a hint, and this page asks whether you have arrived.");
  if (place.on) return { words: say("Stop sharing where we are"), act: () => share(false), pressed: true };
  if (state.on_duty) return { words: say("Share where we are"), act: () => share(true), hint, pressed: false };
  return null;
}

function share(on) {
  store.put("sharing", on);
  if (on) place.start();
  else place.stop();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  store.put("theme", theme);
}

// --- talking to dispatch ------------------------------------------------------------------------

/** Send what waits, then read how things stand. One at a time; asked again meanwhile, once more. */
async function synchronise() {
  if (ended) return;
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    do {
      again = false;
      const told = await sendAll(state.shift);
      await hear(await readState(), told);
    } while (again);
    reached = true;
  } catch (fault) {
    reached = false;
    if (fault instanceof Ended) await end();
    queue = await store.waiting();
  }
  busy = false;
  render();
}

async function readState() {
  const answer = await ask("/team/state", { headers: { "If-None-Match": `W/"${state.tag}"` }, cache: "no-store" });
  if (answer.status === 304) return { ...state, now: answer.headers.get("X-Now") };
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function hear(fresh, told = []) {
  learn(fresh.now);
  heardAt = Date.parse(fresh.now);
  const other = fresh.shift !== state.shift;
  if (other) [seen, mine, refused, last] = [undefined, [], [], null];
  state = fresh;
  queue = await store.waiting();
  const unwelcome = told.filter((outcome) => !outcome.applied);
  refused = [...refused, ...unwelcome.map(({ id, detail, tap }) => ({ id, detail, kind: tap.kind }))];
  if (unwelcome.some((outcome) => outcome.id === last?.id)) last = null;
  seen ??= look(state.team);
  if (place.on && !state.on_duty) share(false);
  await Promise.all([store.put("state", state), store.put("seen", seen), store.put("refused", refused)]);
}

async function end() {
  ended = true;
  place.stop();
  navigator.serviceWorker?.controller?.postMessage("forget");
  await store.forget();
}

async function begin() {
  const theme = await store.get("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  if (location.search) history.replaceState(null, "", "/team");
  const kept = await store.get("state");
  const [keptSeen, keptRead, keptMine, keptRefused, keptLast] = await Promise.all(
    ["seen", "read", "mine", "refused", "last"].map((name) => store.get(name)));
  queue = await store.waiting();
  if (kept?.shift === state.shift) {
    if (Date.parse(kept.now) > Date.parse(state.now)) state = kept;
    [seen, read, mine, refused, last] = [keptSeen, keptRead ?? [], keptMine ?? [], keptRefused ?? [], keptLast ?? null];
    heardAt = Date.parse(state.now);
  }
  seen ??= look(state.team);
  render();
  await synchronise();
  if ((await store.get("sharing")) && state.on_duty) place.start();
  keepPage();
}

/** From now on the page opens without signal. Once it is useful, not before. */
async function keepPage() {
  if (!navigator.serviceWorker) return;
  try {
    const kept = await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/team" });
    const worker = kept.active ?? (await navigator.serviceWorker.ready).active;
    worker.postMessage("keep");
  } catch {
    // Without it the page works as long as it stays open.
  }
}

begin();
setInterval(() => {
  if (document.visibilityState === "visible") reached || !queue.length ? synchronise() : render();
}, LOOK_MS);
setInterval(() => {
  if (!reached && document.visibilityState === "visible") synchronise();
  else render();
}, TRY_AGAIN_MS);
addEventListener("online", synchronise);
addEventListener("offline", () => { reached = false; render(); });
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && synchronise());
