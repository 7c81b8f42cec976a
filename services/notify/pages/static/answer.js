// Says while somebody writes an answer in how many segments it goes, and guards what was written.

const form = document.querySelector("form[data-cost]");
const words = document.getElementById("words");
const cost = document.getElementById("cost");
const WAIT_MS = 300;
let timer = 0;
let asked = 0;

async function ask() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.cost, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ words: words.value }),
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok || mine !== asked) return;
  const found = await answer.json();
  const many = found.segments === 1 ? "1 segment" : `${found.segments} segments`;
  const long = found.too_long ? ": too long to be sent" : "";
  cost.textContent = words.value.trim() ? `${many}, ${found.encoding}${long}` : "";
}

if (form) {
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(() => {}), WAIT_MS); // sending works without it
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault(); // a second press sends nothing
    form.dataset.sent = "yes";
  });
}
