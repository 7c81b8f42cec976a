// Puts parties on the map: the chosen party's fields follow the pin. Without it the fields are typed.
import { PinMap } from "./pinmap.js";

const host = document.getElementById("place-map");
const said = document.getElementById("place-said");
const forms = [...document.querySelectorAll("form[data-party]")];
let chosen = forms[0];

const map = new PinMap(host, host.dataset, (spot) => put(spot));
const drawn = await map.start(null);

function choose(form) {
  if (form === chosen && form.closest("li").classList.contains("chosen")) return;
  chosen = form;
  for (const other of forms) other.closest("li").classList.toggle("chosen", other === form);
  said.textContent = `${form.dataset.party}: click the map where the party is.`;
  const lat = Number(form.elements.lat.value);
  const lon = Number(form.elements.lon.value);
  if (!drawn) return;
  if (lat && lon) map.put({ lat, lon }, true);
  else map.remove();
}

function put({ lat, lon }, fly = false) {
  chosen.elements.lat.value = lat.toFixed(6);
  chosen.elements.lon.value = lon.toFixed(6);
  said.textContent = `${chosen.dataset.party}: the pin is set. “Put ${chosen.dataset.party} there” keeps it.`;
  if (drawn) map.put({ lat, lon }, fly);
}

for (const form of forms) {
  const item = form.closest("li");
  item.addEventListener("focusin", () => choose(form));
  item.addEventListener("click", () => choose(form));
  for (const button of item.querySelectorAll(".proposal")) {
    const look = () => {
      choose(form);
      said.textContent = `${form.dataset.party}: a click on the proposal puts it here.`;
      if (drawn) map.put({ lat: Number(button.dataset.lat), lon: Number(button.dataset.lon) }, true);
    };
    button.addEventListener("focus", look);
    button.addEventListener("mouseenter", look);
  }
}
choose(forms[0]);
