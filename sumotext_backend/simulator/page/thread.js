// One conversation as the phone shows it; of a long one the newest texts, and more when asked.

import { $, copy, el } from "./dom.js";
import { classState, findCodes, plural, showClock, showDay, showNumber, split, tellState } from "./words.js";

const MOST = 60;
const MORE = 200;

export class Thread {
  #most = MOST;
  #shown = new Map();

  constructor(open) {
    this.scroll = $("thread-scroll");
    this.bubbles = $("bubbles");
    this.open = open;
    this.group = null;
    $("earlier").addEventListener("click", () => this.#more());
  }

  show(group, { words = "", opened = "" }) {
    const other = group?.key !== this.group?.key;
    const below = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight;
    if (other) this.#most = MOST;
    this.group = group;
    this.words = words;
    this.opened = opened;
    $("thread").hidden = !group;
    if (!group) return;
    // What comes while nobody looks is news.
    if (!document.hidden) group.unread = 0;
    $("thread-title").textContent = showNumber(group.handset);
    const providers = [...new Set(group.texts.map((each) => each.provider))].join(", ");
    $("thread-note").textContent = `with ${showNumber(group.peer) || "no sender"} · ${providers}`;
    this.#paint(!other);
    if (other || below < 80) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  // The keyboard goes on where it left the conversation.
  focus(id) {
    this.#shown.get(id)?.querySelector(".meta").focus();
  }

  get last() {
    return this.group?.texts.findLast((each) => each.direction === "mt") ?? this.group?.texts.at(-1);
  }

  #more() {
    const before = this.scroll.scrollHeight;
    this.#most += MORE;
    this.#paint(false);
    this.scroll.scrollTop += this.scroll.scrollHeight - before;
  }

  #paint(lively) {
    const texts = this.group.texts.slice(-this.#most);
    $("earlier").hidden = texts.length === this.group.texts.length;
    const shown = new Map();
    const children = [];
    let day = "";
    for (const text of texts) {
      const today = showDay(text.at);
      if (today !== day) children.push(this.#day(today, shown));
      day = today;
      const bubble = this.#bubble(text, lively);
      bubble.querySelector(".meta").setAttribute("aria-pressed", text.id === this.opened);
      shown.set(text.id, bubble);
      children.push(bubble);
    }
    this.#shown = shown;
    place(this.bubbles, children);
  }

  #day(words, shown) {
    const made = this.#shown.get(words) ?? el("li", { class: "day" }, words);
    shown.set(words, made);
    return made;
  }

  #bubble(text, lively) {
    const sign = `${text.state} ${this.words}`;
    const known = this.#shown.get(text.id);
    if (known?.dataset.sign === sign) return known;
    const made = makeBubble(text, this.words, () => this.open(text.id));
    made.dataset.sign = sign;
    made.classList.toggle("new", lively && !known);
    return made;
  }
}

// Puts `children` into `parent`, and touches only what is not there yet.
function place(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

function makeBubble(text, words, open) {
  const size = text.segments > 1 || text.encoding !== "GSM-7" ? ` · ${plural(text.segments, "segment")}, ${text.encoding}` : "";
  const state = el("span", { class: classState(text.state) }, tellState(text));
  const time = el("time", { dateTime: text.at }, showClock(text.at));
  const meta = el("button", { type: "button", class: "meta", onclick: open }, time, " · ", state, size, el("span", { class: "hidden" }, ", details"));
  const codes = findCodes(text.text).map((code) => makeCopier(code));
  return el(
    "li",
    { class: `bubble ${text.direction}` },
    el("span", { class: "hidden" }, text.direction === "mt" ? "To the handset: " : "From the handset: "),
    el("p", { class: "words" }, ...split(text.text, words).map(makePart)),
    el("div", { class: "under" }, meta, ...codes),
  );
}

function makeCopier(code) {
  const button = el("button", { type: "button", class: "copy" }, `Copy ${code}`);
  button.addEventListener("click", () => copy(code, button));
  return button;
}

function makePart({ kind, text }) {
  if (kind === "mark") return el("mark", {}, text);
  if (kind === "link") return el("a", { href: text, target: "_blank", rel: "noopener noreferrer" }, text);
  return text;
}
