// Keeps the store true: hears by server-sent events that something changed and reads what. It finds
// out by itself that it lost the connection, that the laptop slept, or that the tab was put away.

import { Unreachable, get } from "./api.js";

const GAP_MS = 150; // between two reads in a burst
const SILENT_MS = 25000; // signs of life come every 10 s
const WAKING_MS = 15000;
const ASLEEP_MS = 20000; // a pause of our own clock

export class Stream {
  state = "still"; // still, live, lost, deaf, asleep, shut
  heardAt = null; // performance.now()
  sleptMs = 0;
  #urls;
  #store;
  #tell;
  #source = null;
  #reading = null;
  #again = false;
  #newest = 0;
  #beat = Date.now();
  #wokeAt = 0;

  constructor(urls, store, tell) {
    this.#urls = urls;
    this.#store = store;
    this.#tell = tell;
  }

  async start() {
    setInterval(() => this.#watch(), 1000);
    addEventListener("online", () => this.recover());
    addEventListener("offline", () => this.#become("lost"));
    addEventListener("pageshow", (event) => event.persisted && this.recover());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#watch() || this.read();
    });
    await this.read();
    this.#connect();
  }

  // Read what changed; calls during a read lead to one more read after it.
  read() {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readAll().finally(() => (this.#reading = null));
    return this.#reading;
  }

  // Everything anew: the connection may look open and be dead.
  recover() {
    this.#connect();
    return this.read();
  }

  async #readAll() {
    let pause = 500;
    do {
      this.#again = false;
      try {
        await this.#readOnce();
        pause = GAP_MS;
      } catch (fault) {
        if (!(fault instanceof Unreachable)) throw fault;
        this.#become("lost");
        this.#again = true;
        pause = Math.min(pause * 1.6, 5000);
      }
      if (this.#again) await new Promise((resume) => setTimeout(resume, pause));
    } while (this.#again);
  }

  async #readOnce() {
    const known = this.#store.loaded ? `?since=${this.#store.version}` : "";
    const answer = await get(this.#urls.night + known);
    if (answer.status === 401 || answer.status === 403) return this.#become("shut");
    if (!answer.ok) throw new Unreachable(`status ${answer.status}`);
    this.#store.apply(answer.body);
    this.#heard();
    if (this.#newest > this.#store.version) this.#again = true;
    if (["lost", "asleep"].includes(this.state)) this.#become(this.#source?.readyState === 1 ? "live" : "still");
  }

  #connect() {
    this.#source?.close();
    const source = new EventSource(`${this.#urls.events}?since=${this.#store.version}`);
    this.#source = source;
    source.addEventListener("alive", (event) => {
      const { listening, now } = JSON.parse(event.data);
      this.#store.heardClock(now);
      this.#heard();
      this.#become(listening ? "live" : "deaf");
    });
    source.addEventListener("change", (event) => {
      this.#heard();
      this.#newest = Number(event.data);
      if (this.#newest !== this.#store.version) this.read();
    });
    source.addEventListener("error", () => {
      if (this.#source !== source) return;
      this.#become("lost");
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#source === source && this.recover(), 2000);
    });
    addEventListener("pagehide", () => source.close(), { once: true });
  }

  // A second that took much longer means that this machine slept.
  #watch() {
    const now = Date.now();
    const slept = now - this.#beat - 1000;
    this.#beat = now;
    if (slept > ASLEEP_MS) {
      this.sleptMs = slept;
      this.#wokeAt = now;
      this.#become("asleep");
      this.recover();
      return true;
    }
    if (this.state === "live" && performance.now() - this.heardAt > SILENT_MS) {
      this.#become("lost");
      this.recover();
    }
    this.#tell();
    return false;
  }

  #heard() {
    this.heardAt = performance.now();
  }

  #become(state) {
    if (this.state === "shut") return;
    // Whoever wakes up is told so until the first answer, however the network stutters.
    if (state === "lost" && this.state === "asleep" && Date.now() - this.#wokeAt < WAKING_MS) return;
    this.state = state;
    this.#tell();
  }
}
