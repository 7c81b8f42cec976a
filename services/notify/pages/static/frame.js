// Keeps the numbers in the navigation fresh, and changes the city without a second press.

const EVERY_MS = 10000;
const nav = document.querySelector("nav[data-needs]");
const choice = document.getElementById("frame-city");

async function count() {
  if (document.hidden) return;
  const answer = await fetch(nav.dataset.needs, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) return;
  const needs = await answer.json();
  for (const mark of nav.querySelectorAll("[data-need]")) {
    const number = needs[mark.dataset.need] ?? 0;
    mark.hidden = number === 0;
    mark.querySelector("b").textContent = String(number);
  }
}

function again() {
  count()
    .catch(() => {}) // the page itself says when the server does not answer
    .finally(() => setTimeout(again, EVERY_MS));
}

if (nav) setTimeout(again, EVERY_MS);
if (choice) {
  choice.form.querySelector("button").hidden = true;
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
