// Times that survive a phone whose clock is wrong.
// A tap carries the phone's time; what is sent carries the phone's time of sending and, where the
// page was not reloaded between, the time passed by a clock that nobody can set. The server mends.

const BOOT = `${performance.timeOrigin}-${Math.random()}`;
let ahead = 0; // milliseconds by which this phone's clock is ahead of the server's

/** Learn the server's time from an answer. */
export function learn(serverTime) {
  const told = Date.parse(serverTime);
  if (Number.isFinite(told)) ahead = Date.now() - told;
}

/** Now, as the server would say it. */
export function now() {
  return Date.now() - ahead;
}

/** The server's time of one of this phone's own stamps. */
export function mended(stamp) {
  return stamp.boot === BOOT ? now() - (performance.now() - stamp.mono) : Date.parse(stamp.at) - ahead;
}

/** What a tap remembers of its time. */
export function stamp() {
  return { at: new Date().toISOString(), mono: performance.now(), boot: BOOT };
}

/** Milliseconds since the stamp by the clock that nobody can set; null where it was restarted. */
export function age(made) {
  return made.boot === BOOT ? Math.max(0, performance.now() - made.mono) : null;
}
