// Shows how far drafts are, and offers to print. Without it the pages work by their refresh link.

const ASK_MS = 1000;
const MOST_FAILURES = 30;

const table = document.querySelector("[data-drafts-url]");
const busy = () => document.querySelector("[data-busy]");

/** Write down how far each draft is; say whether one of them has come to an end. */
function show(drafts) {
  let ended = false;
  for (const draft of drafts) {
    const row = table.querySelector(`[data-draft="${CSS.escape(draft.name)}"]`);
    if (!row) continue;
    const under = row.dataset.state === "waiting" || row.dataset.state === "making";
    if (under && (draft.state === "ready" || draft.state === "failed")) ended = true;
    const progress = row.querySelector("progress");
    if (!progress) continue;
    progress.value = draft.share;
    row.querySelector("[data-words]").textContent =
      draft.state === "waiting" ? "waiting for the planner" : draft.words || "beginning";
  }
  return ended;
}

async function follow(failures = 0) {
  if (failures > MOST_FAILURES) return;
  try {
    const answer = await fetch(table.dataset.draftsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    if (show((await answer.json()).drafts)) {
      location.reload();
      return;
    }
    failures = 0;
  } catch {
    failures += 1;
  }
  setTimeout(follow, ASK_MS, failures);
}

if (table && table.querySelector("[data-busy]")) {
  document.getElementById("refresh")?.setAttribute("hidden", "");
  follow();
} else if (busy()) {
  setTimeout(() => location.reload(), 3 * ASK_MS);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
