// Makes the roster's forms quicker: drag and drop, a search that answers at once, live news.
// Everything works without it: each of these is a form, sent here and drawn anew from the answer.

const html = document.documentElement;
const main = document.getElementById("main");
const stale = document.getElementById("stale");
let dragged = [];
let busy = false;

html.classList.add("js");
dress();

function roster() { return document.getElementById("roster"); }
function ticks() { return [...roster().querySelectorAll('input[name="move"]')]; }
function chosen() { return ticks().filter((tick) => tick.checked); }

// What has to be done again whenever the roster was drawn anew.
function dress() {
  for (const card of roster().querySelectorAll(".card")) card.draggable = true;
  filter();
  count();
}

function count() {
  const number = chosen().length;
  roster().classList.toggle("choosing", number > 0);
  if (number) document.getElementById("chosen").textContent = `${number} chosen. Put them into a team here, or on its card.`;
}

function filter() {
  const field = document.getElementById("find");
  const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.includes(word));
  let found = 0;
  for (const one of roster().querySelectorAll(".free .card, .team")) {
    one.hidden = !fits(one.dataset.words);
    found += !one.hidden;
  }
  document.getElementById("none-found").hidden = found > 0 || !words.length;
}

// Send a form (or nothing: just look) and put what comes back in the place of what is shown.
async function draw(address, body) {
  busy = true;
  const focus = document.activeElement && document.activeElement.id;
  const find = document.getElementById("find").value;
  try {
    const options = { headers: { Accept: "text/html" } };
    if (body) Object.assign(options, { method: "POST", body });
    const answer = await fetch(address, options);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("roster");
    if (!fresh) return location.reload();
    const kept = body ? [] : chosen().map((tick) => tick.value);
    const open = document.getElementById("conflicts")?.open;
    const told = (body ? fresh : roster()).querySelector("#told").innerHTML;
    fresh.querySelector("#told").innerHTML = "";
    roster().replaceWith(document.adoptNode(fresh));
    document.getElementById("find").value = find;
    if (open === false && document.getElementById("conflicts")) document.getElementById("conflicts").open = false;
    for (const tick of ticks()) tick.checked = kept.includes(tick.value);
    dress();
    stale.hidden = true;
    // Filled in after it is in the page, so that screen readers say it.
    if (body) requestAnimationFrame(() => { document.getElementById("told").innerHTML = told; });
    else document.getElementById("told").innerHTML = told;
    if (body) history.replaceState(null, "", location.pathname);
    (document.getElementById(focus) || (body && main) || document.body).focus({ preventScroll: true });
  } catch {
    say("That did not reach the server. Please try again.");
  } finally {
    busy = false;
  }
}

function say(words) {
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = words;
  document.getElementById("told").replaceChildren(line);
}

document.addEventListener("submit", (event) => {
  if (event.target.matches(".find")) { event.preventDefault(); return; }
  if (!event.target.matches("form[data-live]")) return;
  event.preventDefault();
  const body = new FormData(event.target);
  // The button that was pressed says where to; the list's choice then does not count.
  if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
  draw(event.target.action, body);
});
document.addEventListener("reset", () => setTimeout(count));
document.addEventListener("change", (event) => { if (event.target.name === "move") count(); });
document.addEventListener("input", (event) => { if (event.target.id === "find") filter(); });

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches('input:not([type="checkbox"]), select, textarea');
  if (event.key === "/" && !typing) {
    event.preventDefault();
    document.getElementById("find").focus();
  } else if (event.key === "m" && !typing && !event.ctrlKey && !event.metaKey && chosen().length) {
    event.preventDefault();
    document.getElementById("to").focus();
  } else if (event.key === "Escape") {
    if (event.target.id === "find" && event.target.value) { event.target.value = ""; filter(); return; }
    for (const tick of chosen()) tick.checked = false;
    count();
  }
});

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".card");
  if (!card) return;
  const own = card.querySelector('input[name="move"]');
  dragged = own.checked ? chosen() : [own];
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.querySelector("a").textContent);
  for (const tick of dragged) tick.closest(".card").classList.add("dragging");
});
document.addEventListener("dragover", (event) => {
  const place = event.target.closest?.("[data-drop]");
  mark(dragged.length ? place : null);
  if (dragged.length && place) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const place = event.target.closest?.("[data-drop]");
  if (!dragged.length || !place) return;
  event.preventDefault();
  const body = new FormData(document.getElementById("move"));
  body.delete("move");
  for (const tick of dragged) {
    if (tick.value.split("/")[2] !== place.dataset.drop) body.append("move", tick.value);
  }
  body.set("to", place.dataset.drop);
  if (body.has("move")) draw(document.getElementById("move").action, body);
});
document.addEventListener("dragend", () => {
  for (const tick of dragged) tick.closest(".card")?.classList.remove("dragging");
  dragged = [];
  mark(null);
});

function mark(place) {
  for (const over of document.querySelectorAll(".over")) if (over !== place) over.classList.remove("over");
  place?.classList.add("over");
}

// The board's change counter says that something changed; whether it was the roster shows by looking.
let waiting = 0;
const events = new EventSource(main.dataset.events);
events.addEventListener("change", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 700);
});
async function look() {
  if (busy || dragged.length) { waiting = setTimeout(look, 700); return; }
  if (chosen().length) { compare(); return; }
  await draw(location.pathname);
}
async function compare() {
  const answer = await fetch(location.pathname);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("roster");
  stale.hidden = !fresh || fresh.dataset.version === roster().dataset.version;
}
