// The shapes that stand for states, for pages (SVG) and for the map (a canvas): one set for both.
// A state is told by its shape first and by its colour second.

import { svg } from "./vendor/lit-html/lit-html.js";

const CIRCLE = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z";
const SQUARE = "M4 4h16v16H4z";
const DIAMOND = "M12 2.5l9.5 9.5l-9.5 9.5l-9.5-9.5z";
const ARROW = "M4 3l17 9l-17 9z";

// fill: the outline is filled; sign: drawn on top, in the ground's colour where filled.
export const SHAPES = {
  // visits and parties
  unvisited: { outline: DIAMOND },
  planned: { outline: CIRCLE },
  promised: { outline: CIRCLE, sign: "M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6z", dot: true },
  en_route: { outline: ARROW, fill: true },
  on_scene: { outline: SQUARE, fill: true, sign: "M12 7.5v9M7.5 12h9" },
  done: { outline: CIRCLE, fill: true, sign: "M7.5 12.5l3.2 3.2l5.8-6.6" },
  skipped: { outline: SQUARE, sign: "M8 8l8 8M16 8l-8 8" },
  withdrawn: { outline: CIRCLE, sign: "M8 12h8" },
  // teams
  off: { outline: CIRCLE, sign: "M8 12h8" },
  ready: { outline: CIRCLE },
  at_kick_off: { outline: DIAMOND, fill: true },
  to_call: { outline: "M12 2.5l10 18.5h-20z", fill: true, sign: "M12 9v6M12 17.2v1.6" },
  on_break: { outline: CIRCLE, sign: "M9.5 8.5v7M14.5 8.5v7" },
  ended: { outline: SQUARE, sign: "M8 12h8" },
};

export function mark(state, late = false) {
  const shape = SHAPES[state] ?? SHAPES.planned;
  return svg`<svg class="mark" data-state=${state} data-late=${late} viewBox="0 0 24 24" aria-hidden="true">
    <path class=${shape.fill ? "body full" : "body"} d=${shape.outline}></path>
    <path class=${(shape.fill ? "sign on-full" : "sign") + (shape.dot ? " dot" : "")} d=${shape.sign ?? "M0 0"}></path>
  </svg>`;
}

// The same shape as an image for the map; `ink` is the state's colour, `paper` the ground's.
export function markImage(state, ink, paper, size = 22, ratio = 2) {
  const shape = SHAPES[state] ?? SHAPES.planned;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * ratio;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale((size * ratio) / 28, (size * ratio) / 28);
  pen.translate(2, 2);
  pen.lineJoin = pen.lineCap = "round";
  const outline = new Path2D(shape.outline);
  pen.lineWidth = 6;
  pen.strokeStyle = paper;
  pen.stroke(outline);
  pen.fillStyle = shape.fill ? ink : paper;
  pen.fill(outline);
  pen.lineWidth = 2.6;
  pen.strokeStyle = ink;
  pen.stroke(outline);
  if (shape.sign) {
    const sign = new Path2D(shape.sign);
    pen.strokeStyle = pen.fillStyle = shape.fill ? paper : ink;
    if (shape.dot) pen.fill(sign);
    pen.stroke(sign);
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
