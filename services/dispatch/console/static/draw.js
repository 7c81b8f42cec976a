// Draws a board into the page from the page's own <template> elements; only what differs.

const FIGURES = ["parties", "planned", "unplanned", "waiting", "messages_sent", "messages_failed"];
const drawn = new Map(); // team id -> the JSON that its card shows
const lists = new Map(); // list id -> the JSON that it shows
let first = true;
let saidAt = 0;
let saying = null;

export function draw(board, lamp) {
  for (const name of FIGURES) put(document, name, board[name]);
  put(document, "plan_version", board.plan_version || "none yet");
  lamp.planMade(board.plan_made_at);
  const trouble = document.querySelector('[data-slot="trouble"]');
  trouble.hidden = !board.trouble;
  if (trouble.textContent !== board.trouble) trouble.textContent = board.trouble;
  drawTeams(board.teams);
  drawList("to-plan", "party-row", board.to_plan);
  drawList("not-visited", "party-row", board.not_visited);
  drawList("reasons", "reason-row", board.reasons);
  document.getElementById("to-plan-section").hidden = board.to_plan.length === 0;
  document.getElementById("all-visited").hidden = board.not_visited.length > 0;
  if (!first) say(board);
  first = false;
}

function drawTeams(teams) {
  const cards = document.getElementById("cards");
  const old = new Map([...cards.querySelectorAll("[data-team]")].map((c) => [c.dataset.team, c]));
  cards.querySelector(".no-teams")?.remove();
  let before = null;
  for (const team of teams) {
    const json = JSON.stringify(team);
    let card = old.get(team.id);
    if (!card || drawn.get(team.id) !== json) {
      const fresh = makeCard(team);
      if (!first) fresh.classList.add("changed");
      card?.replaceWith(fresh);
      card = fresh;
      drawn.set(team.id, json);
    }
    old.delete(team.id);
    const place = before ? before.nextElementSibling : cards.firstElementChild;
    if (place !== card) cards.insertBefore(card, place);
    before = card;
  }
  for (const [id, card] of old) {
    card.remove();
    drawn.delete(id);
  }
}

function makeCard(team) {
  const card = make("team-card");
  card.dataset.team = team.id;
  card.classList.toggle("idle", team.stops.length === 0);
  for (const name of ["name", "load", "kinds", "shift"]) put(card, name, team[name]);
  card.querySelector('[data-slot="stops"]').append(...team.stops.map((s) => fill("stop-row", s)));
  return card;
}

function drawList(id, template, items) {
  const json = JSON.stringify(items);
  if (lists.get(id) === json) return;
  lists.set(id, json);
  document.getElementById(id).replaceChildren(...items.map((item) => fill(template, item)));
}

function fill(template, values) {
  const made = make(template);
  for (const slot of made.querySelectorAll("[data-slot]")) {
    slot.textContent = values[slot.dataset.slot];
  }
  return made;
}

function make(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}

function put(within, slot, value) {
  const place = within.querySelector(`[data-slot="${slot}"]`);
  const text = String(value);
  if (place.textContent !== text) place.textContent = text;
}

// For screen readers: one sentence, at most every five seconds.
function say(board) {
  clearTimeout(saying);
  saying = setTimeout(() => {
    saidAt = Date.now();
    document.getElementById("summary").textContent =
      `Plan ${board.plan_version}: ${board.planned} of ${board.parties} parties planned, ` +
      `${board.unplanned} not visited, ${board.waiting} to be planned.`;
  }, Math.max(300, saidAt + 5000 - Date.now()));
}
