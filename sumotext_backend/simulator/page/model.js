// The texts that the page knows, grouped by conversation: one handset, and one sender it talks to.

export class Model {
  texts = new Map();
  conversations = new Map();
  version = 0;

  clear() {
    this.texts.clear();
    this.conversations.clear();
  }

  get unread() {
    let count = 0;
    for (const group of this.conversations.values()) count += group.unread;
    return count;
  }

  // Takes a text, new or changed; tells whether it is new. One that is `fresh` came just now.
  put(text, fresh = false) {
    const known = this.texts.get(text.id);
    this.texts.set(text.id, text);
    const group = this.#group(text);
    if (known) {
      group.texts[group.texts.findIndex((each) => each.id === text.id)] = text;
      return false;
    }
    insert(group.texts, text);
    if (fresh && text.direction === "mt") group.unread += 1;
    return true;
  }

  drop(id) {
    const text = this.texts.get(id);
    if (!text) return;
    this.texts.delete(id);
    const group = this.#group(text);
    group.texts.splice(group.texts.findIndex((each) => each.id === id), 1);
    if (!group.texts.length) this.conversations.delete(group.key);
  }

  // The conversations in which a text fits, the one of the newest text first.
  select(filter) {
    const found = [];
    for (const group of this.conversations.values()) {
      const hit = filter.isEmpty ? group.texts.at(-1) : group.texts.findLast((each) => filter.fits(each));
      if (hit) found.push({ group, hit });
    }
    return found.sort((one, other) => (one.group.texts.at(-1).at < other.group.texts.at(-1).at ? 1 : -1));
  }

  #group(text) {
    const peer = peerOf(text);
    const key = `${text.handset} ${peer}`;
    let group = this.conversations.get(key);
    if (!group) {
      group = { key, handset: text.handset, peer, texts: [], unread: 0 };
      this.conversations.set(key, group);
    }
    return group;
  }
}

const peerOf = (text) => (text.direction === "mt" ? text.from : text.to);

// Texts come in order, or from older to older: one of the ends, mostly.
function insert(texts, text) {
  if (texts.length && text.at < texts[0].at) {
    texts.unshift(text);
    return;
  }
  let place = texts.length;
  while (place && texts[place - 1].at > text.at) place -= 1;
  texts.splice(place, 0, text);
}

export class Filter {
  constructor(words = "", provider = "", state = "") {
    this.words = words.trim().toLowerCase();
    this.provider = provider;
    this.state = state;
    this.digits = /^[\d\s+().-]+$/.test(this.words) ? this.words.replace(/\D/g, "") : "";
  }

  get isEmpty() {
    return !(this.words || this.provider || this.state);
  }

  fits(text) {
    if (this.provider && text.provider !== this.provider) return false;
    if (this.state && text.state !== this.state) return false;
    if (!this.words) return true;
    if (text.text.toLowerCase().includes(this.words) || text.provider.includes(this.words)) return true;
    const ends = [text.from, text.to, text.handset];
    if (this.digits) return ends.some((each) => each.replace(/\D/g, "").includes(this.digits));
    return ends.some((each) => each.toLowerCase().includes(this.words));
  }
}
