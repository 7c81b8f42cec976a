// The page's colours as the map and canvases need them: resolved, for the scheme in force.

const probe = document.createElement("i");
probe.hidden = true;

export function colour(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}
