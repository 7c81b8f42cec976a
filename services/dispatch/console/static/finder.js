// Narrows the board to what matches the words typed into the search field.

export class Finder {
  #field = document.getElementById("find");

  constructor() {
    this.#field.closest("label").hidden = false;
    this.#field.addEventListener("input", () => this.apply());
    addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.#field.focus();
      }
      if (event.key === "Escape" && typing === this.#field) {
        this.#field.value = "";
        this.apply();
      }
    });
  }

  apply() {
    const words = this.#field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of document.querySelectorAll("#cards > article, .parties > li")) {
      const text = words.length ? item.textContent.toLowerCase() : "";
      item.hidden = !words.every((word) => text.includes(word));
      found += item.hidden ? 0 : 1;
      for (const row of item.querySelectorAll("tbody tr")) {
        const line = words.length ? row.textContent.toLowerCase() : "";
        row.classList.toggle("match", words.length > 0 && words.every((w) => line.includes(w)));
      }
    }
    document.getElementById("none-found").hidden = words.length === 0 || found > 0;
  }
}
