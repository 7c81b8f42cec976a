// Speaks a sentence to screen readers, and shows it in the foot line for everybody.

const region = document.getElementById("spoken");

export function say(text) {
  region.textContent = text;
}
