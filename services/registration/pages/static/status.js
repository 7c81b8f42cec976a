// Keeps the standing on a host's page fresh; without it the page reloads itself.
const EVERY = 4000;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("standing");
  const shown = document.getElementById("standing");
  const changed = fresh && shown && fresh.textContent !== shown.textContent;
  if (changed && !shown.contains(document.activeElement)) shown.replaceWith(fresh);
}

setInterval(() => refresh().catch(() => {}), EVERY);
