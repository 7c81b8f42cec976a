// Says truthfully whether the board is live, when the server was last heard, how old the plan is.

const SILENT_MS = 15000; // a sign of life comes every 10 s

const WORDS = {
  still: "Connecting.",
  live: "Live",
  lost: "Reconnecting",
  deaf: "The server has lost its database; what you see may be old",
};

export class Lamp {
  #box = document.getElementById("live");
  #words = document.getElementById("live-words");
  #age = document.getElementById("plan-age");
  #state = "still";
  #heardAt = null;
  #madeAt = null;
  #ahead = 0; // the server's clock less ours

  constructor() {
    setInterval(() => this.#show(), 1000);
  }

  heard({ listening, now }) {
    this.#heardAt = performance.now();
    this.#ahead = Date.parse(now) - Date.now();
    this.#state = listening ? "live" : "deaf";
    this.#show();
  }

  heardChange() {
    this.#heardAt = performance.now();
    this.#show();
  }

  lost() {
    this.#state = "lost";
    this.#show();
  }

  failedToRead() {
    this.lost();
  }

  planMade(at) {
    this.#madeAt = at ? Date.parse(at) : null;
    this.#show();
  }

  #show() {
    const silence = this.#heardAt === null ? null : performance.now() - this.#heardAt;
    if (this.#state === "live" && silence > SILENT_MS) this.#state = "lost";
    const heard = silence === null ? "" : `, last heard ${age(silence)} ago`;
    const words = WORDS[this.#state] + (this.#state === "live" && silence < 2000 ? "" : heard);
    this.#box.dataset.state = this.#state;
    if (this.#words.textContent !== words) this.#words.textContent = words;
    document.getElementById("refresh").hidden = this.#state === "live";
    if (this.#madeAt !== null) {
      this.#age.textContent = `made ${age(Date.now() + this.#ahead - this.#madeAt)} ago`;
    }
  }
}

function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}
