// What a text says, as parts: plain words, links, and what is looked for. And codes in it. Pure.

const LINK = /https?:\/\/[^\s<>"]+/gi;
const NO_END = /[.,;:!?)\]}'"…]+$/;
const ABOUT_CODES = /\b(?:code|codes|otp|pin|passcode|password|verification|verify|token|einmal\w*|tan|kode|código|codice)\b/i;
const CODE = /(?<![\w.$€£/:-])(?:[A-Z]{1,3}-)?(\d{3}[- ]\d{3}|\d{4,8}|(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{5,8})(?![\w/:]|[.-]\d)/g;

export function findCodes(text) {
  if (!ABOUT_CODES.test(text)) return [];
  const plain = text.replace(LINK, " ");
  return [...new Set([...plain.matchAll(CODE)].map((each) => each[1].replace(/[- ]/g, "")))];
}

export function split(text, sought = "") {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const href = found[0].replace(NO_END, "");
    parts.push(...mark(text.slice(at, found.index), sought), { kind: "link", text: href });
    at = found.index + href.length;
  }
  return [...parts, ...mark(text.slice(at), sought)];
}

function mark(text, sought) {
  if (!sought) return text ? [{ kind: "plain", text }] : [];
  const parts = [];
  const low = text.toLowerCase();
  let at = 0;
  // Lower case may be longer than what it was made of; then nothing is marked.
  for (let hit = low.indexOf(sought); hit >= 0 && low.length === text.length; hit = low.indexOf(sought, at)) {
    if (hit > at) parts.push({ kind: "plain", text: text.slice(at, hit) });
    at = hit + sought.length;
    parts.push({ kind: "mark", text: text.slice(hit, at) });
  }
  if (at < text.length) parts.push({ kind: "plain", text: text.slice(at) });
  return parts;
}

// One HTTP request as plain lines.
export function showRequest(request) {
  if (!request) return "";
  const { method, path, query, headers, body } = request;
  const asked = query.map(([name, value]) => `${name}=${value}`).join("\n  ");
  const head = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return [`${method} ${path}`, asked && `  ${asked}`, head && `\n${head}`, body && `\n${body}`].filter(Boolean).join("\n");
}

const STATES = {
  SUBMITTED: ["Accepted", ""],
  ENROUTE: ["On its way", ""],
  DELIVERED: ["Delivered", "good"],
  UNDELIVERABLE: ["Not delivered", "bad"],
  EXPIRED: ["Expired", "bad"],
  RECEIVED: ["From the handset", ""],
};

export const nameState = (state) => STATES[state]?.[0] ?? state;
// A state with what there is to say of it, where that is news.
export const tellState = ({ state, detail }) => (detail && (classState(state) === "bad" || state === "RECEIVED") ? `${nameState(state)} (${detail})` : nameState(state));
export const classState = (state) => STATES[state]?.[1] ?? "";

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const brief = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export const showClock = (at) => clock.format(new Date(at));
export const showDay = (at) => day.format(new Date(at));

export function showTime(at) {
  const then = new Date(at);
  return then.toDateString() === new Date().toDateString() ? brief.format(then) : day.format(then);
}

// A +1 number, however it is written, in groups; what else there is, as it is.
export const showNumber = (number) => number.replace(/^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/, "+1 $1 $2 $3");

export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
