// Talks to the server in JSON. What it cannot reach is `Unreachable`; everything else is an answer.

const GIVE_UP_MS = 10000;

export class Unreachable extends Error {}

export async function get(url, options = {}) {
  return ask(url, { ...options });
}

export async function post(url, body) {
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...csrf() },
    body: JSON.stringify(body),
  });
}

async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, { signal: AbortSignal.timeout(GIVE_UP_MS), ...options });
  } catch (fault) {
    throw new Unreachable(String(fault));
  }
  if ([502, 503, 504].includes(answer.status)) throw new Unreachable(`status ${answer.status}`);
  const json = answer.headers.get("Content-Type")?.includes("json");
  return { status: answer.status, ok: answer.ok, headers: answer.headers, body: json ? await answer.json() : null };
}

function csrf() {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  return token ? { "X-CSRF-Token": token } : {};
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page that came without TLS
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
