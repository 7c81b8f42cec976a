// Saves the form as it goes, so that it comes back after a closed tab; the form works without it.
const form = document.getElementById("party-form");
const words = document.getElementById("saved-words");
const PAUSE = 1200;
let timer = 0;
let changed = false;

async function save() {
  clearTimeout(timer);
  if (!changed) return;
  changed = false;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST", body, keepalive: true, credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    words.textContent = answer.ok ? words.dataset.saved : words.dataset.unsaved;
  } catch {
    changed = true;
    words.textContent = words.dataset.unsaved;
  }
}

function soon() {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

if (form?.dataset.draft) {
  form.addEventListener("input", soon);
  form.addEventListener("submit", () => { clearTimeout(timer); changed = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("pagehide", save);
  // The same form in another language shows what is typed, so it has to be saved first.
  for (const link of document.querySelectorAll("header nav a")) {
    link.addEventListener("click", async (event) => {
      if (!changed || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await save();
      location.assign(link.href);
    });
  }
}
