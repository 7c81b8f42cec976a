// Drags a visit along the timeline with the pointer; what it would become shows before the drop.

import { firstFree } from "./carry.js";
import { begins, ends } from "./words.js";
import { amongOpen, moveVisit } from "./placing.js";

const FAR = 6; // pixels before a press becomes a drag
const EDGE = 36;

export function makeDraggable(timeline, performer) {
  const { store } = performer;
  let held = null;

  timeline.host.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest(".bar");
    if (!bar || !performer.acts || event.button || !["planned", "promised"].includes(bar.dataset.state)) return;
    held = { party: bar.dataset.party, x: event.clientX, y: event.clientY, on: false, seen: store.version, pointer: event.pointerId };
  });

  timeline.host.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.pointer) return;
    if (!held.on && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    if (!held.on) timeline.host.setPointerCapture(held.pointer);
    held.on = true;
    timeline.ghost = target(event, held.party);
    scrollNear(event);
    timeline.draw();
  });

  timeline.host.addEventListener("pointerup", (event) => {
    if (held?.on) drop(target(event, held.party), held);
    held = null;
  });
  for (const end of ["pointercancel", "lostpointercapture"]) timeline.host.addEventListener(end, clear);
  timeline.host.addEventListener("click", (event) => timeline.dropped && event.stopPropagation(), { capture: true });
  addEventListener("keydown", (event) => event.key === "Escape" && held?.on && clear());

  function target(event, party) {
    const { team, moment } = timeline.at(event.clientX, event.clientY);
    if (!team) return null;
    const others = store.teams.get(team).stops.filter((s) => s.party_id !== party);
    const later = others.findIndex((s) => (begins(s) + ends(s)) / 2 > moment);
    return { party, team, position: Math.max(firstFree(others), later < 0 ? others.length : later) };
  }

  function drop(place, { party, seen }) {
    timeline.dropped = true; // the click that ends a drag is none
    setTimeout(() => (timeline.dropped = false));
    clear();
    if (!place) return;
    const from = store.visitOf(party);
    if (from?.team === place.team && from.index === place.position) return;
    const others = store.teams.get(place.team).stops.filter((s) => s.party_id !== party);
    moveVisit(performer, party, place.team, amongOpen(others, place.position), seen);
  }

  function clear() {
    held = null;
    timeline.ghost = null;
    timeline.draw();
  }

  function scrollNear(event) {
    const seen = timeline.host.getBoundingClientRect();
    if (event.clientY > seen.bottom - EDGE) timeline.host.scrollTop += 12;
    if (event.clientY < seen.top + EDGE * 2) timeline.host.scrollTop -= 12;
    if (event.clientX > seen.right - EDGE) timeline.host.scrollLeft += 16;
  }
}
