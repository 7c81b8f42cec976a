// Makes elements, and redraws a place only where what it shows has changed.

/** An element; attributes that are functions become listeners, children may be text. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const drawn = new WeakMap();

/** Draw `make()` into the place unless `shows` says the same as before; focus and open parts stay. */
export function draw(place, shows, make) {
  const key = JSON.stringify(shows);
  if (drawn.get(place) === key) return;
  drawn.set(place, key);
  const held = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Set([...place.querySelectorAll("details[open]")].map((part) => part.dataset.key));
  place.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
  for (const part of place.querySelectorAll("details")) part.open = open.has(part.dataset.key);
  if (held) (place.querySelector(`[data-key="${CSS.escape(held)}"]`) ?? place).focus({ preventScroll: true });
}

/** The address that opens a place in the phone's own map app; nothing is sent before it is tapped. */
export function mapsAddress({ lat, lon }, name) {
  const at = `${lat},${lon}`;
  if (/android/i.test(navigator.userAgent)) return `geo:${at}?q=${at}(${encodeURIComponent(name)})`;
  if (/iphone|ipad|macintosh/i.test(navigator.userAgent)) return `https://maps.apple.com/?daddr=${at}`;
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
}
