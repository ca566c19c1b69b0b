// The gateway's API, and its changes as they come.

const PAGE = 1000;

async function ask(method, path, body) {
  const given = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const answer = await fetch(`/api${path}`, { method, ...given }).catch(() => null);
  if (!answer) throw new Error("The simulator does not answer; is it still running?");
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

const one = (id) => `/messages/${encodeURIComponent(id)}`;

// Null for one that is gone, as one may be any time; a browser would tell a 404 as a fault of the page.
export async function show(id) {
  const { messages } = await ask("GET", `/messages?${new URLSearchParams({ id, whole: true })}`);
  return messages[0] ?? null;
}

export const remove = (id) => ask("DELETE", one(id));
export const removeAll = () => ask("DELETE", "/messages");
export const reply = (id, text) => ask("POST", `${one(id)}/reply`, { text });
export const deliver = (id) => ask("POST", `${one(id)}/deliver`);
export const fail = (id) => ask("POST", `${one(id)}/fail`);
export const describe = () => ask("GET", "/gateway");
export const requests = () => ask("GET", "/requests");
export const faults = () => ask("GET", "/faults");
export const choose = (name, times) => ask("POST", "/faults", { name, times });
export const forget = () => ask("DELETE", "/faults");

// Hands over the newest texts first, and then the older ones, a page at a time.
export async function load(take, first = 200) {
  let before = "";
  let limit = first;
  for (;;) {
    const asked = new URLSearchParams({ limit, ...(before && { before }) });
    const { messages, version, refused } = await ask("GET", `/messages?${asked}`);
    take(messages, before ? null : { version, refused });
    if (messages.length < limit) return;
    before = messages.at(-1).id;
    limit = PAGE;
  }
}

// Follows what changes after `version`; returns how to stop.
export function follow(version, { changes, reset, connection }) {
  const source = new EventSource(`/api/events?since=${version}`);
  source.addEventListener("open", () => connection("live"));
  source.addEventListener("error", () => connection(source.readyState === EventSource.CLOSED ? "over" : "lost"));
  source.addEventListener("changes", (event) => changes(JSON.parse(event.data)));
  source.addEventListener("reset", () => {
    source.close();
    reset();
  });
  return () => source.close();
}
