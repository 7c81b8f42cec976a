// The planner's list: says how many rows are chosen, chooses a page of them, shows what a change needs.
const form = document.getElementById("bulk");

if (form) {
  const boxes = [...form.querySelectorAll('input[name="party"]')];
  const picked = document.getElementById("picked");
  const whole = document.getElementById("whole");
  const kind = document.getElementById("kind");

  const head = form.querySelector("th.pick");
  const all = document.createElement("input");
  all.type = "checkbox";
  const label = document.createElement("label");
  const words = document.createElement("span");
  words.className = "unseen";
  words.textContent = "Choose this page";
  label.append(all, words);
  head.replaceChildren(label);

  const say = () => {
    const count = boxes.filter((box) => box.checked).length;
    picked.textContent = whole.checked ? "" : `${count} ${count === 1 ? "row" : "rows"} ticked`;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  const need = () => {
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind.value;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  form.addEventListener("change", say);
  kind.addEventListener("change", need);
  say();
  need();
}
