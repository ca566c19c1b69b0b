// The list of conversations: of thousands only those rows exist that can be seen.

import { $, el } from "./dom.js";
import { classState, nameState, showNumber, showTime } from "./words.js";

const ROW = 66;
const MORE = 6;

export class List {
  #found = [];
  #rows = new Map();
  #active = 0;

  constructor(choose) {
    this.list = $("list");
    this.scroll = $("list-scroll");
    this.choose = choose;
    this.chosen = "";
    this.scroll.addEventListener("scroll", () => this.#paint(), { passive: true });
    new ResizeObserver(() => this.#paint()).observe(this.scroll);
    this.list.addEventListener("keydown", (event) => this.#key(event));
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("li");
      if (row) this.#pick(Number(row.dataset.place));
    });
  }

  get first() {
    return this.#found[0]?.group.key;
  }

  show(found, chosen) {
    const at = this.#found[this.#active]?.group.key;
    this.#found = found;
    this.chosen = chosen;
    const moved = found.findIndex(({ group }) => group.key === at);
    this.#active = Math.max(0, moved);
    this.list.hidden = !found.length;
    this.list.style.height = `${found.length * ROW}px`;
    this.#paint();
  }

  #paint() {
    const begin = Math.max(0, Math.floor(this.scroll.scrollTop / ROW) - MORE);
    const end = Math.min(this.#found.length, begin + Math.ceil(this.scroll.clientHeight / ROW) + 2 * MORE);
    const places = new Set();
    for (let place = begin; place < end; place += 1) places.add(place);
    if (this.#found.length) places.add(this.#active);
    const rows = new Map();
    for (const place of places) {
      const { group, hit } = this.#found[place];
      rows.set(group.key, this.#row(group, hit, place));
    }
    for (const [key, row] of this.#rows) if (!rows.has(key)) row.remove();
    for (const row of rows.values()) if (!row.isConnected) this.list.append(row);
    this.#rows = rows;
    this.#point();
  }

  #row(group, hit, place) {
    const last = group.texts.at(-1);
    const sign = `${hit.id} ${hit.state} ${last.id} ${group.texts.length} ${group.unread}`;
    let row = this.#rows.get(group.key);
    if (row?.dataset.sign !== sign) {
      const made = makeRow(group, hit, last);
      made.dataset.sign = sign;
      row?.replaceWith(made);
      row = made;
    }
    row.dataset.place = place;
    row.id = `row-${place}`;
    row.style.transform = `translateY(${place * ROW}px)`;
    row.setAttribute("aria-posinset", place + 1);
    row.setAttribute("aria-setsize", this.#found.length);
    row.setAttribute("aria-selected", group.key === this.chosen);
    row.classList.toggle("active", place === this.#active);
    return row;
  }

  #point() {
    if (this.#found.length) this.list.setAttribute("aria-activedescendant", `row-${this.#active}`);
    else this.list.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const leap = Math.max(1, Math.floor(this.scroll.clientHeight / ROW) - 1);
    const last = this.#found.length - 1;
    const places = {
      ArrowDown: this.#active + 1,
      ArrowUp: this.#active - 1,
      PageDown: this.#active + leap,
      PageUp: this.#active - leap,
      Home: 0,
      End: last,
    };
    if (event.key in places) {
      event.preventDefault();
      this.#active = Math.min(last, Math.max(0, places[event.key]));
      this.#reveal();
      this.#paint();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#pick(this.#active);
    }
  }

  #reveal() {
    const top = this.#active * ROW;
    if (top < this.scroll.scrollTop) this.scroll.scrollTop = top;
    const most = top + ROW - this.scroll.clientHeight;
    if (most > this.scroll.scrollTop) this.scroll.scrollTop = most;
  }

  #pick(place) {
    this.#active = place;
    this.choose(this.#found[place].group.key);
  }
}

function makeRow(group, hit, last) {
  const words = hit.direction === "mo" ? `You: ${hit.text}` : hit.text;
  const failed = classState(hit.state) === "bad" ? el("span", { class: "bad" }, `${nameState(hit.state)}: `) : null;
  const many = group.unread
    ? el("span", { class: "many unread" }, String(group.unread), el("span", { class: "hidden" }, " new"))
    : el("span", { class: "many" }, group.texts.length > 1 ? String(group.texts.length) : "");
  return el(
    "li",
    { role: "option" },
    el("span", { class: "number" }, showNumber(group.handset), el("span", { class: "peer" }, ` ${showNumber(group.peer) || "no sender"}`)),
    many,
    el("span", { class: "preview" }, failed, words),
    el("time", { dateTime: last.at }, showTime(last.at)),
  );
}
