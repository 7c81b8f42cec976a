// One row a team, one bar a visit, the now-line: the night as time. Only rows in sight are drawn.
// Bars are dragged by the pointer (drag.js) and carried by keys (carry.js).

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { box } from "./box.js";
import { mark } from "./marks.js";
import { TEAM_WORDS, VISIT_WORDS, age, begins, clock, ends, isLate, isOpen, lateness, span } from "./words.js";

export const ROW = 38;
const BEYOND = 3;
const MINUTE = 60000;
const LONGEST = 4 * 60 * MINUTE; // that a sheet goes on after the last shift
const BREAK_WORDS = { taken: ", taken", now: ", now", planned: "" };
const SCALES = [2.2, 3.4, 5, 7.5, 11]; // pixels a minute

export class Timeline {
  active = null; // {team, party}: where the keys are
  ghost = null; // {party, team, position}: where a carried visit would go
  rows = []; // team ids in the order shown
  #host = document.getElementById("timeline");
  #store;
  #selection;
  #scale = 2;
  #wanted = 0;
  #followed = false;

  constructor(store, selection) {
    this.#store = store;
    this.#selection = selection;
    this.#host.addEventListener("scroll", () => this.draw(), { passive: true });
    this.#host.addEventListener("click", (event) => this.#click(event));
    this.#host.addEventListener("focus", () => this.#focused());
    new ResizeObserver(() => this.draw()).observe(this.#host);
    setInterval(() => this.draw(), 15000); // the now-line walks
  }

  get host() {
    return this.#host;
  }

  show(teamIds) {
    this.rows = teamIds;
    this.draw();
  }

  zoom(by) {
    const now = this.#minutes(this.#store.now());
    this.#scale = Math.max(0, Math.min(SCALES.length - 1, this.#scale + by));
    this.draw();
    this.#scrollToMinute(now);
  }

  toNow() {
    this.#scrollToMinute(this.#minutes(this.#store.now()));
  }

  draw() {
    cancelAnimationFrame(this.#wanted);
    this.#wanted = requestAnimationFrame(() => this.#draw());
  }

  // The moment and the row at a place on the page; drag.js asks.
  at(clientX, clientY) {
    const seen = this.#host.getBoundingClientRect();
    const y = clientY - seen.top + this.#host.scrollTop - this.#ruler();
    const x = clientX - seen.left + this.#host.scrollLeft - this.#names();
    const row = Math.floor(y / ROW);
    return { team: this.rows[row] ?? null, moment: this.#range().from + (x / SCALES[this.#scale]) * MINUTE };
  }

  reveal(teamId, partyId = "") {
    const row = this.rows.indexOf(teamId);
    if (row < 0) return;
    const top = row * ROW;
    const room = this.#host.clientHeight - this.#ruler() - ROW;
    if (top < this.#host.scrollTop) this.#host.scrollTop = top;
    else if (top > this.#host.scrollTop + room) this.#host.scrollTop = top - room;
    const stop = this.#store.teams.get(teamId).stops.find((s) => s.party_id === partyId);
    if (stop) {
      const x = this.#minutes(begins(stop)) * SCALES[this.#scale];
      const wide = this.#host.clientWidth - this.#names();
      if (x < this.#host.scrollLeft || x > this.#host.scrollLeft + wide - 80) this.#host.scrollLeft = Math.max(0, x - wide / 3);
    }
    this.draw();
  }

  #draw() {
    if (!this.#store.loaded) return;
    const { from, until } = this.#range();
    const wide = ((until - from) / MINUTE) * SCALES[this.#scale];
    const first = Math.max(0, Math.floor(this.#host.scrollTop / ROW) - BEYOND);
    const last = Math.min(this.rows.length, Math.ceil((this.#host.scrollTop + this.#host.clientHeight) / ROW) + BEYOND);
    const seen = this.rows.slice(first, last).map((id, offset) => ({ team: this.#store.teams.get(id), row: first + offset }));
    const nowAt = this.#minutes(this.#store.now()) * SCALES[this.#scale];
    const nowLeft = `calc(var(--names) + ${nowAt}px)`;
    const inside = nowAt >= 0 && nowAt <= wide;
    this.#host.setAttribute("aria-rowcount", String(this.rows.length));
    render(
      html`<div class="sheet" role="presentation" ${box({ width: `calc(var(--names) + ${wide}px)`, height: `calc(var(--ruler) + ${this.rows.length * ROW}px)` })}>
        <div class="ruler" role="presentation" aria-hidden="true">${this.#ticks(from, until)}
          <span class="now-label" ?hidden=${!inside} ${box({ left: nowLeft })}>${clock(this.#store.now())}</span></div>
        <div class="now-line" aria-hidden="true" ?hidden=${!inside} ${box({ left: nowLeft })}></div>
        ${repeat(seen.filter((s) => s.team), (s) => s.team.id, (s) => this.#row(s.team, s.row, from))}
      </div>`,
      this.#host,
    );
    this.#point();
    if (!this.#followed && this.#host.clientWidth) {
      this.#followed = true;
      requestAnimationFrame(() => this.toNow()); // once the sheet has its width
    }
  }

  // A node that is not drawn yet cannot be pointed at: this comes last.
  #point() {
    const id = this.active ? cellId(this.active.team, this.active.party) : "";
    this.#host.setAttribute("aria-activedescendant", id && document.getElementById(id) ? id : "");
  }

  #row(team, row, from) {
    const late = isLate(team.late_seconds);
    const chosen = this.#selection.team === team.id;
    const active = this.active?.team === team.id && !this.active.party;
    return html`<div class="line" role="row" aria-rowindex=${row + 1} data-team=${team.id} data-chosen=${chosen} data-state=${team.state}
        ${box({ top: `calc(var(--ruler) + ${row * ROW}px)` })}>
      <div class="who ${active ? "active" : ""}" role="rowheader" id=${cellId(team.id, "")}>
        ${mark(team.state)}<span class="who-name">${team.name}</span>
        <span class="who-words" data-late=${late}>${late ? html`<b>${lateness(team.late_seconds)}</b>, ` : nothing}${TEAM_WORDS[team.state] ?? team.state}</span>
      </div>
      ${repeat(team.stops, (s) => s.party_id, (s, index) => this.#bar(team, s, index, from))}
      ${(team.breaks ?? []).map((pause) => this.#break(pause, from))}
      ${team.end?.back_at ? this.#home(team.end, from) : nothing}
      ${this.ghost?.team === team.id ? this.#ghostBar(team, from) : nothing}
      ${team.state === "to_call" && team.since ? this.#busy(team, from) : nothing}
    </div>`;
  }

  #bar(team, stop, index, from) {
    const px = SCALES[this.#scale];
    const begin = begins(stop);
    const end = stop.state === "on_scene" ? Math.max(ends(stop), this.#store.now()) : ends(stop);
    const left = ((begin - from) / MINUTE) * px;
    const width = Math.max(18, ((end - begin) / MINUTE) * px - 2);
    const late = isLate(stop.lateness_seconds) && isOpen(stop);
    const name = this.#store.nameOf(stop.party_id);
    const id = cellId(team.id, stop.party_id);
    const active = this.active?.team === team.id && this.active.party === stop.party_id;
    const carried = this.ghost?.party === stop.party_id;
    const words = [
      name, VISIT_WORDS[stop.state], `${clock(begin)} to ${clock(end)}`,
      late ? lateness(stop.lateness_seconds) : "", stop.locked ? "pinned" : "",
      stop.promise ? `promised ${clock(stop.promise.opens)} to ${clock(stop.promise.closes)}` : "",
    ].filter(Boolean).join(", ");
    return html`<div class="bar ${active ? "active" : ""} ${carried ? "carried" : ""}" role="gridcell" id=${id} aria-label=${words} title=${words}
      data-party=${stop.party_id} data-state=${stop.state} data-late=${late} data-locked=${Boolean(stop.locked)} data-index=${index}
      data-chosen=${this.#selection.party === stop.party_id} ${box({ left: `calc(var(--names) + ${left}px)`, width: `${width}px` })}>
      ${mark(stop.state, late)}<span class="bar-name">${late ? html`<b>${lateness(stop.lateness_seconds).replace(" late", "")}</b> ` : nothing}${name}</span>
    </div>`;
  }

  #break(pause, from) {
    const px = SCALES[this.#scale];
    const begin = Date.parse(pause.starts_at);
    const end = pause.state === "now" ? Math.max(Date.parse(pause.ends_at), this.#store.now()) : Date.parse(pause.ends_at);
    const left = ((begin - from) / MINUTE) * px;
    const width = Math.max(18, ((end - begin) / MINUTE) * px - 2);
    const words = `Break ${span(begin, end)}${BREAK_WORDS[pause.state]}`;
    return html`<div class="rest" role="gridcell" data-state=${pause.state} aria-label=${words} title=${words}
      ${box({ left: `calc(var(--names) + ${left}px)`, width: `${width}px` })}><b>Break</b> ${span(begin, end)}</div>`;
  }

  #home(end, from) {
    const left = ((Date.parse(end.back_at) - from) / MINUTE) * SCALES[this.#scale];
    const words = `Back at ${end.name || "its end place"} ${clock(end.back_at)}`;
    return html`<div class="home" role="gridcell" aria-label=${words} title=${words} ${box({ left: `calc(var(--names) + ${left}px)` })}></div>`;
  }

  #ghostBar(team, from) {
    const px = SCALES[this.#scale];
    const others = team.stops.filter((s) => s.party_id !== this.ghost.party);
    const next = others[this.ghost.position];
    const before = others[this.ghost.position - 1];
    const moment = next ? begins(next) : before ? ends(before) : Math.max(this.#store.now(), Date.parse(team.shift.opens));
    const left = ((moment - from) / MINUTE) * px - 3;
    return html`<div class="ghost" role="presentation" ${box({ left: `calc(var(--names) + ${left}px)` })}><span>${this.#store.nameOf(this.ghost.party)}</span></div>`;
  }

  #busy(team, from) {
    const px = SCALES[this.#scale];
    const left = ((Date.parse(team.since) - from) / MINUTE) * px;
    const width = Math.max(18, ((this.#store.now() - Date.parse(team.since)) / MINUTE) * px);
    return html`<div class="call" role="presentation" ${box({ left: `calc(var(--names) + ${left}px)`, width: `${width}px` })}>
      <span>on a call, ${age(this.#store.now() - Date.parse(team.since))}</span></div>`;
  }

  #ticks(from, until) {
    const px = SCALES[this.#scale];
    const step = (px > 4 ? 15 : 30) * MINUTE;
    const ticks = [];
    for (let t = Math.ceil(from / step) * step; t < until; t += step) {
      const whole = t % (60 * MINUTE) === 0;
      ticks.push(html`<span class="tick" data-whole=${whole} ${box({ left: `calc(var(--names) + ${((t - from) / MINUTE) * px}px)` })}>${clock(t).replace(" ", "\u00a0")}</span>`);
    }
    return ticks;
  }

  // From the first shift's start to the last one's end, with room at both sides.
  #range() {
    if (this.range?.version === this.#store.version) return this.range;
    let from = Infinity;
    let until = -Infinity;
    let last = -Infinity;
    for (const team of this.#store.teams.values()) {
      from = Math.min(from, Date.parse(team.shift.opens));
      until = Math.max(until, Date.parse(team.shift.closes));
      if (team.stops.length) last = Math.max(last, ends(team.stops.at(-1)));
    }
    if (from === Infinity) from = until = this.#store.now();
    until = Math.min(Math.max(until, last), until + LONGEST);
    this.range = { version: this.#store.version, from: from - 15 * MINUTE, until: until + 30 * MINUTE };
    return this.range;
  }

  #minutes(moment) {
    return (moment - this.#range().from) / MINUTE;
  }

  #scrollToMinute(minute) {
    const wide = this.#host.clientWidth - this.#names();
    this.#host.scrollLeft = Math.max(0, minute * SCALES[this.#scale] - wide / 4);
  }

  #names() {
    return parseFloat(getComputedStyle(this.#host).getPropertyValue("--names"));
  }

  #ruler() {
    return parseFloat(getComputedStyle(this.#host).getPropertyValue("--ruler"));
  }

  #click(event) {
    const line = event.target.closest("[data-team]");
    if (!line) return;
    const party = event.target.closest("[data-party]")?.dataset.party ?? "";
    this.active = { team: line.dataset.team, party };
    if (party) this.#selection.chooseParty(party);
    else this.#selection.chooseTeam(line.dataset.team);
    this.draw();
  }

  #focused() {
    if (this.active && this.rows.includes(this.active.team)) return;
    if (this.rows.length) this.active = { team: this.rows[0], party: "" };
    this.draw();
  }
}

export function cellId(team, party) {
  return party ? `t-${team}-${party}` : `t-${team}`;
}
