// Where the phone is: only where its holder asked for it, only within the shift. It suggests, no more.

import { ask } from "./sender.js";

const NEAR_METRES = 150;
const GOOD_ENOUGH_METRES = 250;
const TELL_EVERY_MS = 30_000;

/** Metres between two places, good enough within a city. */
export function metres(a, b) {
  const rad = Math.PI / 180;
  const x = (b.lon - a.lon) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return Math.hypot(x, (b.lat - a.lat) * rad) * 6_371_000;
}

export class Place {
  constructor(changed) {
    this.changed = changed;
    this.watching = null;
    this.here = null;
    this.fault = "";
    this.told = 0;
  }

  get on() {
    return this.watching !== null;
  }

  start() {
    if (this.on || !navigator.geolocation) return;
    this.fault = "";
    this.watching = navigator.geolocation.watchPosition(
      (found) => this.hear(found),
      (fault) => this.fail(fault),
      { enableHighAccuracy: true, maximumAge: 15_000, timeout: 60_000 },
    );
    this.changed();
  }

  async stop() {
    if (!this.on) return;
    navigator.geolocation.clearWatch(this.watching);
    this.watching = null;
    this.here = null;
    this.changed();
    await ask("/team/position", { method: "DELETE", headers: { "Content-Type": "application/json" } }).catch(() => undefined);
  }

  hear({ coords, timestamp }) {
    this.here = { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy };
    this.changed();
    if (Date.now() - this.told < TELL_EVERY_MS) return;
    this.told = Date.now();
    const body = { ...this.here, at: new Date(timestamp).toISOString(), sent_at: new Date().toISOString() };
    ask("/team/position", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => undefined); // A hint that is lost is no loss.
  }

  fail(fault) {
    if (fault.code !== fault.PERMISSION_DENIED) return;
    this.fault = "denied";
    this.watching = null;
    this.changed();
  }

  near(stop) {
    return Boolean(
      this.here && stop && this.here.accuracy <= GOOD_ENOUGH_METRES && metres(this.here, stop.place) <= NEAR_METRES,
    );
  }
}
