// The console of a night: builds its parts and draws, once a frame, those that something happened to.

import { refreshAges, startAges } from "./ages.js";
import { Cards } from "./cards.js";
import { Carrier } from "./carry.js";
import { Desk } from "./desk.js";
import { makeDraggable } from "./drag.js";
import { Head } from "./head.js";
import { History } from "./history.js";
import { Keys } from "./keys.js";
import { Lamp } from "./lamp.js";
import { Lists } from "./lists.js";
import { NightMap } from "./map.js";
import { Performer } from "./perform.js";
import { ProposalPanel } from "./proposal.js";
import { Selection } from "./selection.js";
import { Store } from "./store.js";
import { Stream } from "./stream.js";
import { Timeline } from "./timeline.js";
import { Toasts } from "./toasts.js";
import { WalkUp } from "./walkup.js";

const page = document.getElementById("console");
const urls = { ...page.dataset };
const lamp = new Lamp();
const store = new Store();
const stream = new Stream(urls, store, () => lamp.show(stream));
const desk = new Desk(urls, store, stream, new Toasts());
const selection = new Selection(store);
const walkUp = new WalkUp(urls, store, desk);
const performer = new Performer(store, desk, walkUp, urls.acts === "yes");
const head = new Head(store, performer);
const cards = new Cards(store, performer, selection, urls.teamLinks);
const proposal = new ProposalPanel(store, desk, selection, performer);
const lists = new Lists(store, selection, openNeed);
const timeline = new Timeline(store, selection);
const history = new History(urls, store, desk);
const map = new NightMap(document.getElementById("map"), store, {
  settings: { streets: urls.streets, tiles: urls.tiles, style: urls.style, attribution: urls.attribution },
  pick: (kind, id) => (kind === "teams" ? selection.chooseTeam(id) : selection.chooseParty(id)),
  clicked: (place) => performer.acts && walkUp.clicked(place),
});
new Carrier(timeline, performer, selection);
makeDraggable(timeline, performer);
new Keys(
  {
    "/": () => lists.search(),
    n: () => lists.nextNeed(1),
    N: () => lists.nextNeed(-1),
    o: () => proposal.focus(),
    g: () => timeline.host.focus(),
    v: () => cards.focus(),
    w: () => performer.acts && walkUp.open(),
    b: () => head.actions.find((a) => a.key === "b")?.run(),
    z: () => performer.acts && desk.undo(),
    h: () => history.show(),
    1: () => lists.open("needs", true),
    2: () => lists.open("parties", true),
    3: () => lists.open("teams", true),
  },
  cards,
);

let wanted = 0;
const drawSoon = () => {
  wanted ||= requestAnimationFrame(() => {
    wanted = 0;
    draw();
  });
};

function draw() {
  if (!store.loaded) return;
  show();
  head.draw();
  proposal.draw();
  lists.draw();
  cards.draw();
  timeline.show(teamOrder());
  map.draw();
}

// The board that the server drew makes room once this one can take over.
function show() {
  if (!page.hidden) return;
  page.hidden = false;
  document.getElementById("still").remove();
  document.body.classList.add("at-work");
  startMap();
}

async function startMap() {
  const drawn = await map.start().catch((fault) => {
    console.warn("no map", fault);
    return false;
  });
  document.getElementById("map-box").dataset.map = drawn ? "on" : "off";
  document.getElementById("no-map").hidden = drawn;
}

// On duty first, each in the order of its number.
function teamOrder() {
  const rank = (team) => (["off", "ended"].includes(team.state) ? 1 : 0);
  const teams = [...store.teams.values()];
  teams.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en", { numeric: true }));
  return teams.map((team) => team.id);
}

function openNeed(need) {
  if (need.kind === "proposal") return proposal.focus();
  if (need.party_id) return selection.chooseParty(need.party_id);
  if (need.team_id) selection.chooseTeam(need.team_id);
}

store.watch((changes) => {
  map.changed(changes);
  drawSoon();
});
desk.watch(drawSoon);
selection.watch(({ enter, reveal }) => {
  if (enter) return cards.focus();
  if (reveal && selection.team) timeline.reveal(selection.team, selection.party);
  map.choose(selection, reveal);
  cards.draw();
  lists.draw();
  timeline.draw();
});
document.getElementById("map-city").addEventListener("click", () => map.wholeCity());
document.getElementById("show-history").addEventListener("click", () => history.show());
document.getElementById("to-now").addEventListener("click", () => timeline.toNow());
document.getElementById("zoom-in").addEventListener("click", () => timeline.zoom(1));
document.getElementById("zoom-out").addEventListener("click", () => timeline.zoom(-1));
startAges(() => store.now());
refreshAges();
stream.start();
