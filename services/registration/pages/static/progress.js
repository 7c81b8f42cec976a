// Shows how far an import is, and the next page once it is through.
const words = document.getElementById("progress-words");
const bar = document.getElementById("progress");

async function look() {
  try {
    const answer = await fetch(words.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const now = await answer.json();
    if (now.state !== words.dataset.state) {
      location.reload();
      return;
    }
    const known = now.total && now.state !== "reading";
    if (known) bar.value = now.percent;
    const number = (n) => n.toLocaleString("en-US");
    words.textContent = known
      ? `${number(now.done)} of ${number(now.total)} rows`
      : `${number(now.done)} rows`;
  } catch {
    words.textContent = "No answer from the server; trying again.";
  }
  setTimeout(look, 700);
}

look();
