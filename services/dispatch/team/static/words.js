// What the page says, in the phone's language, and times as people in the city say them.

const words = JSON.parse(document.body.dataset.words || "{}");
const LOCALES = { en: "en-US", es: "es-US" };
export const locale = LOCALES[document.documentElement.lang] || "en-US";

/** The sentence in the phone's language, its {blanks} filled in. */
export function say(sentence, blanks = {}) {
  const said = words[sentence] || sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? blanks[name] : whole));
}

const clocks = new Map();

/** A moment as the city's time of day. */
export function clock(moment, zone) {
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone: zone }));
  }
  return clocks.get(zone).format(new Date(moment)).replace(/\u202f/g, "\u00a0");
}

/** A window as the city's time of day. */
export function span(window, zone) {
  clock(window.opens, zone);
  return clocks.get(zone).formatRange(new Date(window.opens), new Date(window.closes)).replace(/[\u2009\u202f]/g, "\u00a0");
}
