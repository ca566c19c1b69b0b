// The dialog with the last requests to send, those too that came to no text.

import * as api from "./api.js";
import { $, el } from "./dom.js";
import { showClock, showNumber } from "./words.js";

export function listen() {
  $("open-requests").addEventListener("click", async () => {
    $("requests").showModal();
    paint(await api.requests().catch(() => []));
  });
}

function paint(requests) {
  $("requests-none").hidden = requests.length > 0;
  $("requests-table").hidden = !requests.length;
  $("requests-rows").replaceChildren(...requests.map(makeRow));
}

function makeRow({ at, provider, to, name, outcome, reason }) {
  const good = outcome === "ACCEPTED";
  const words = reason ? `${outcome} (${reason})` : outcome;
  return el(
    "tr",
    {},
    el("td", {}, el("time", { dateTime: at }, showClock(at))),
    el("td", {}, provider),
    el("td", {}, showNumber(to)),
    el("td", {}, name),
    el("td", { class: good ? "good" : "bad" }, words),
  );
}
