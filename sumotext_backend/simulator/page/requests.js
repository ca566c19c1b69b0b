// The dialog with the last requests to send, those too that came to no text, and how many those are.

import * as api from "./api.js";
import { $, el, warn } from "./dom.js";
import { plural, showClock, showNumber, showRequest } from "./words.js";

const SECOND = 1000;

let refused = 0;
let looked = 0;
let opened = "";
let timer = 0;

export function listen() {
  $("open-requests").addEventListener("click", open);
  $("show-refused").addEventListener("click", open);
}

// So many came to no text until now; those that were looked at are no news.
export function count(number) {
  if (number < looked) looked = 0;
  refused = number;
  if ($("requests").open) {
    looked = refused;
    timer ||= setTimeout(refresh, SECOND);
  }
  const news = refused - looked;
  $("refused-count").textContent = news;
  $("refused-count").hidden = !news;
  $("empty-refused").hidden = !refused;
  $("empty-refused-words").textContent = `${plural(refused, "request")} came to no text.`;
}

function open() {
  $("requests").showModal();
  opened = "";
  count(refused);
  refresh();
}

// Those that come while it is open are shown, too, once a second at the most.
async function refresh() {
  clearTimeout(timer);
  timer = 0;
  try {
    paint(await api.requests());
  } catch (error) {
    warn(error.message);
  }
}

function paint(requests) {
  $("requests-none").hidden = requests.length > 0;
  $("requests-table").hidden = !requests.length;
  const focused = document.activeElement?.dataset.key;
  $("requests-rows").replaceChildren(...requests.flatMap(makeRows));
  if (focused) [...$("requests-rows").querySelectorAll("button")].find((each) => each.dataset.key === focused)?.focus();
}

function makeRows({ at, provider, to, name, outcome, reason, request }) {
  const key = `${at} ${to}`;
  const words = reason ? `${outcome} (${reason})` : outcome;
  const place = to ? showNumber(to) : request ? `${request.method} ${request.path}` : "";
  const time = el("time", { dateTime: at }, showClock(at));
  const button = el("button", { type: "button", class: "meta", "aria-expanded": String(key === opened) }, time, el("span", { class: "hidden" }, ", what came"));
  button.dataset.key = key;
  const what = el("tr", { class: "what", hidden: key !== opened }, el("td", { colSpan: 5 }, el("pre", { class: "raw" }, showRequest(request))));
  button.addEventListener("click", () => {
    opened = opened === key ? "" : key;
    for (const row of $("requests-rows").querySelectorAll(".what")) row.hidden = row !== what || !opened;
    for (const each of $("requests-rows").querySelectorAll("button")) each.setAttribute("aria-expanded", each === button && !!opened);
  });
  const row = el(
    "tr",
    {},
    el("td", {}, request ? button : time),
    el("td", {}, provider || "nobody"),
    el("td", { class: "place" }, place),
    el("td", {}, name),
    el("td", { class: outcome === "ACCEPTED" ? "good" : "bad" }, words),
  );
  return [row, what];
}
