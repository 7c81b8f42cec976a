// What the phone keeps: the last state, what was seen, and taps that wait. Survives a reload.
// Where a browser keeps nothing (private windows of some), the page works from memory.

const NAME = "porchlight-team";
const memory = { kept: new Map(), waiting: new Map() };
let opening;

function open() {
  opening ??= new Promise((resolve) => {
    let asked;
    try {
      asked = indexedDB.open(NAME, 1);
    } catch {
      resolve(null);
      return;
    }
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("waiting", { keyPath: "id" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
  });
  return opening;
}

async function within(store, mode, work) {
  const db = await open();
  if (!db) return undefined;
  return new Promise((resolve, reject) => {
    const change = db.transaction(store, mode, { durability: store === "waiting" ? "strict" : "relaxed" });
    const asked = work(change.objectStore(store));
    change.oncomplete = () => resolve(asked.result);
    change.onabort = change.onerror = () => reject(change.error);
  });
}

export async function get(name) {
  if (!(await open())) return memory.kept.get(name);
  return within("kept", "readonly", (kept) => kept.get(name));
}

export async function put(name, value) {
  memory.kept.set(name, value);
  return within("kept", "readwrite", (kept) => kept.put(value, name));
}

/** Taps and photos that wait, in the order in which they were made. */
export async function waiting() {
  const all = (await open())
    ? await within("waiting", "readonly", (queue) => queue.getAll())
    : [...memory.waiting.values()];
  return all.sort((a, b) => a.order - b.order);
}

export async function enqueue(item) {
  memory.waiting.set(item.id, item);
  return within("waiting", "readwrite", (queue) => queue.put(item));
}

export async function dequeue(id) {
  memory.waiting.delete(id);
  return within("waiting", "readwrite", (queue) => queue.delete(id));
}

/** Forget the evening: the link has ended. Taps that wait stay: a new link may send them. */
export async function forget() {
  for (const name of ["state", "seen", "read", "mine", "sharing"]) {
    memory.kept.delete(name);
    await within("kept", "readwrite", (kept) => kept.delete(name));
  }
}
