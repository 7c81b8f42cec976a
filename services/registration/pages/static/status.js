// Keeps the standing and the number on a host's page fresh; without it there are links to reload.
const EVERY = 4000;
const SOON = 800;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  takeStanding(page);
  takeNumber(page);
}

function takeStanding(page) {
  const fresh = page.getElementById("standing");
  const shown = document.getElementById("standing");
  const changed = fresh && shown && fresh.textContent !== shown.textContent;
  if (changed && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
}

// What is being typed stays, unless there is nothing to type any more.
function takeNumber(page) {
  const fresh = page.getElementById("number");
  const shown = document.getElementById("number");
  if (!fresh || !shown || fresh.textContent === shown.textContent) return;
  const typed = shown.querySelector("#code")?.value ?? "";
  const busy = typed || shown.contains(document.activeElement);
  if (busy && fresh.dataset.state === "open") return;
  shown.dataset.state = fresh.dataset.state;
  shown.replaceChildren(...fresh.childNodes);
  shown.querySelector(".wrong input")?.focus();
}

async function again() {
  await refresh().catch(() => {});
  const checking = document.getElementById("number")?.dataset.state === "checking";
  setTimeout(again, checking ? SOON : EVERY);
}

const begins = document.getElementById("number")?.dataset.state === "checking" ? SOON : EVERY;
setTimeout(again, begins);
