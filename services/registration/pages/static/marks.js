// The marks of the planner's map: how a party stands is told by shape first and by colour second.
// The same paths are drawn on the map (a canvas) and in its legend (SVG).

const CIRCLE = "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17z";

// In the order in which marks lie above one another; fill: the outline is filled.
export const MARKS = {
  withdrawn: { outline: "M5.5 5.5l13 13M18.5 5.5l-13 13" },
  registered: { outline: CIRCLE },
  no_visit: { outline: CIRCLE, sign: "M8 12h8" },
  planned: { outline: CIRCLE, fill: true, sign: "M7.5 12.5l3.2 3.2l5.8-6.6" },
  late: { outline: "M12 3l9.5 17h-19z" },
  waiting: { outline: "M5 3h14l-6 9l6 9h-14l6-9z", fill: true },
  closure_wanted: { outline: "M8 2.5h8l5.5 5.5v8l-5.5 5.5h-8l-5.5-5.5v-8z", fill: true, sign: "M7.5 12h9" },
  held: { outline: "M12 1.5l10.5 10.5l-10.5 10.5l-10.5-10.5z", fill: true, sign: "M12 7v5.5M12 16v.4" },
};

export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const inkOf = (standing) => colour(`--mark-${standing.replace("_", "-")}`);

// For `addImage` of the map, twice as large as it is shown.
export function image(standing, size = 24) {
  const { outline, fill, sign } = MARKS[standing];
  const [ink, paper] = [inkOf(standing), colour("--mark-paper")];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * 2;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale((size * 2) / 28, (size * 2) / 28);
  pen.translate(2, 2);
  pen.lineJoin = pen.lineCap = "round";
  const path = new Path2D(outline);
  const stroke = (of, width, style) => { pen.lineWidth = width; pen.strokeStyle = style; pen.stroke(of); };
  stroke(path, 6.4, paper);
  pen.fillStyle = fill ? ink : paper;
  if (outline.endsWith("z")) pen.fill(path);
  stroke(path, 2.8, ink);
  if (sign) stroke(new Path2D(sign), 2.8, fill ? paper : ink);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export function drawing(standing) {
  const { outline, fill, sign } = MARKS[standing];
  const svg = made("svg", { viewBox: "0 0 24 24", class: `mark-of ${standing.replace("_", "-")}`, "aria-hidden": "true" });
  svg.append(made("path", { d: outline, class: fill ? "body full" : "body" }));
  if (sign) svg.append(made("path", { d: sign, class: fill ? "sign on-full" : "sign" }));
  return svg;
}

function made(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
