// A list of any length of which only what is in sight is drawn. One stop for the tab key; the
// arrow keys walk in it, Enter chooses.

import { html, nothing, render } from "./vendor/lit-html/lit-html.js";
import { repeat } from "./vendor/lit-html/directives/repeat.js";
import { box } from "./box.js";

const BEYOND = 4; // rows drawn beyond either end

export class Picker {
  items = [];
  #host;
  #options;
  #active = null; // key
  #wanted = 0;

  // options: {height, key(item), row(item), choose(item), chosen(item), empty}
  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    host.addEventListener("scroll", () => this.draw(), { passive: true });
    host.addEventListener("keydown", (event) => this.#walk(event));
    host.addEventListener("click", (event) => this.#click(event));
    host.addEventListener("focus", () => this.#focused());
    new ResizeObserver(() => this.draw()).observe(host);
  }

  show(items) {
    this.items = items;
    this.draw();
  }

  draw() {
    cancelAnimationFrame(this.#wanted);
    this.#wanted = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const { height, key, row, chosen, empty } = this.#options;
    const top = this.#host.scrollTop;
    const first = Math.max(0, Math.floor(top / height) - BEYOND);
    const last = Math.min(this.items.length, Math.ceil((top + this.#host.clientHeight) / height) + BEYOND);
    const seen = this.items.slice(first, last).map((item, offset) => ({ item, place: first + offset, key: key(item) }));
    const active = seen.some((s) => s.key === this.#active);
    this.#host.setAttribute("aria-activedescendant", active ? this.#id(this.#active) : "");
    render(
      html`<div class="rows" role="presentation" ${box({ height: `${this.items.length * height}px` })}>
        ${repeat(seen, (s) => s.key, (s) => html`<div class="row ${s.key === this.#active ? "active" : ""}" role="option"
          id=${this.#id(s.key)} aria-selected=${chosen(s.item)} aria-setsize=${this.items.length} aria-posinset=${s.place + 1}
          data-place=${s.place} ${box({ top: `${s.place * height}px`, height: `${height}px` })}>${row(s.item)}</div>`)}
      </div>
      ${this.items.length ? nothing : html`<p class="empty" role="option" aria-selected="false">${empty}</p>`}`,
      this.#host,
    );
    this.#options.drawn?.(this.#host);
  }

  // Walk to a place and choose it if asked to; used by keys from elsewhere too.
  step(by, choose = true) {
    if (!this.items.length) return;
    const at = this.items.findIndex((item) => this.#options.key(item) === this.#active);
    const next = at < 0 ? 0 : Math.min(this.items.length - 1, Math.max(0, at + by));
    this.#go(next);
    if (choose) this.#options.choose(this.items[next]);
  }

  #go(place) {
    const { height, key } = this.#options;
    this.#active = key(this.items[place]);
    const top = place * height;
    if (top < this.#host.scrollTop) this.#host.scrollTop = top;
    else if (top + height > this.#host.scrollTop + this.#host.clientHeight) this.#host.scrollTop = top + height - this.#host.clientHeight;
    this.draw();
  }

  #walk(event) {
    const page = Math.max(1, Math.floor(this.#host.clientHeight / this.#options.height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e6, End: 1e6 };
    if (event.key in steps) {
      event.preventDefault();
      this.step(steps[event.key], false);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const item = this.items.find((i) => this.#options.key(i) === this.#active);
      if (item) this.#options.choose(item, true);
    }
  }

  #click(event) {
    const row = event.target.closest("[data-place]");
    if (!row) return;
    const item = this.items[Number(row.dataset.place)];
    this.#active = this.#options.key(item);
    this.draw();
    this.#options.choose(item, false);
  }

  #focused() {
    const known = this.items.some((item) => this.#options.key(item) === this.#active);
    if (!known && this.items.length) this.#go(0);
  }

  #id(key) {
    return `${this.#host.id}-${key}`;
  }
}
