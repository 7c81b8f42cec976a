// The spot of the party: proposals for what was typed, and the pin. Without it the form asks when
// it is sent; without a map the proposals are still there to choose from.
import { PinMap } from "./pinmap.js";

const box = document.getElementById("place");
const said = document.getElementById("place-said");
const list = document.getElementById("place-proposals");
const show = document.getElementById("place-show");
const field = (id) => document.getElementById(id);
const WAIT_MS = 700;

let asked = field("address").value.trim();
let waiting = 0;
let latest = 0;
let map = null;

function pinned() {
  const [lat, lon] = [field("lat").value, field("lon").value].map((text) => (text.trim() ? Number(text) : NaN));
  return Number.isFinite(lat) && Number.isFinite(lon) ? { lat, lon } : null;
}

function put({ lat, lon }, by, words) {
  field("lat").value = lat.toFixed(6);
  field("lon").value = lon.toFixed(6);
  field("placed_by").value = by;
  field("placed_for").value = field("address").value.trim();
  for (const radio of document.querySelectorAll('input[name="spot"]')) radio.checked = false;
  said.textContent = words;
  map?.put({ lat, lon }, by !== "host");
  field("lat").dispatchEvent(new Event("change", { bubbles: true }));
}

function clear() {
  field("lat").value = field("lon").value = field("placed_by").value = "";
  map?.remove();
}

async function open() {
  show.hidden = true;
  if (map) return;
  map = new PinMap(field("place-map"), box.dataset, (spot) => put(spot, "host", box.dataset.yours));
  const from = pinned();
  if (!(await map.start(from))) map = null;
  else if (from) map.put(from);
}

async function look() {
  const text = field("address").value.trim();
  if (text.length < 4 || text === asked) return;
  asked = text;
  const mine = ++latest;
  let answer;
  try {
    answer = await fetch(`${box.dataset.url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  } catch {
    answer = { ok: false };
  }
  const found = answer.ok ? (await answer.json()).proposals : null;
  if (mine !== latest) return;
  // One of the two degrees may be typed already while the other is to come.
  const touched = field("lat").value.trim() || field("lon").value.trim();
  const own = field("placed_by").value !== "geocoder" && touched;
  if (found === null) said.textContent = box.dataset.away;
  else if (own) offer([], box.dataset.yours); // a pin that somebody dropped wins
  else if (found[0]?.good) take(found[0]);
  else {
    clear();
    offer(found, found.length ? box.dataset.which : box.dataset.nothing);
  }
  await open();
  if (found?.length && !pinned()) map?.look(found);
}

function take(one) {
  offer([]);
  put(one, "geocoder", box.dataset.found.replace("{label}", one.label));
}

function offer(found, words = "") {
  list.replaceChildren(...found.map((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = one.label;
    button.addEventListener("click", () => { take(one); field("place-said").scrollIntoView({ block: "nearest" }); });
    return button;
  }));
  list.hidden = !found.length;
  said.textContent = words;
}

field("address").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, WAIT_MS);
});
field("address").addEventListener("change", () => { clearTimeout(waiting); look(); });
for (const id of ["lat", "lon"]) {
  field(id).addEventListener("input", () => {
    field("placed_by").value = "host";
    const spot = pinned();
    if (spot) map?.put(spot);
  });
}
show.addEventListener("click", open);
show.hidden = false;
if (pinned()) open();

const locate = field("locate");
if (locate && navigator.geolocation && window.isSecureContext) {
  locate.hidden = false;
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        put({ lat: coords.latitude, lon: coords.longitude }, "host", box.dataset.here);
        await open();
      },
      () => { said.textContent = box.dataset.unknown; },
      { timeout: 10000 },
    );
  });
}
