// All that is known of one text, and what can be done with it.

import { $, el } from "./dom.js";
import { classState, nameState, plural, showClock, showRequest } from "./words.js";

export function paint(text, actions) {
  const children = [
    makeActions(text, actions),
    part("Text", facts(text)),
    part("On the air", makeSegments(text)),
    part("States", makeTrail(text.trail)),
  ];
  if (text.called.length) children.push(part("Callbacks", makeCalled(text.called)));
  if (text.request) children.push(part("Request", el("pre", { class: "raw" }, showRequest(text.request))));
  $("details-body").replaceChildren(...children);
}

const part = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

function makeActions(text, { deliver, fail, remove }) {
  const moves = text.direction === "mt"
    ? [el("button", { type: "button", onclick: deliver }, "Deliver"), el("button", { type: "button", onclick: fail }, "Fail")]
    : [];
  return el("div", { class: "actions" }, ...moves, el("button", { type: "button", class: "grave", onclick: remove }, "Delete"));
}

function list(pairs) {
  const rows = pairs.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]);
  return el("dl", { class: "facts" }, ...rows);
}

function facts(text) {
  return list([
    ["Id", el("span", { class: "mono" }, text.id)],
    ["To", text.to],
    ["From", text.from],
    ["Provider", text.provider],
    ["Reference", text.reference],
    ["Callback", text.callback_url],
    ...Object.entries(text.fields).map(([name, value]) => [name[0].toUpperCase() + name.slice(1), value]),
  ]);
}

function makeSegments(text) {
  const unit = text.encoding === "GSM-7" ? "septet" : "unit";
  const why = text.forced_by.length
    ? el("p", {}, "UCS-2, because GSM-7 does not have ", ...join(text.forced_by.map(makeCharacter)), ".")
    : null;
  const parts = text.parts.length > 1 ? text.parts.map((each) => el("p", { class: "part" }, each)) : [];
  return el(
    "div",
    {},
    el("p", {}, `Costs ${plural(text.segments, "segment")} in ${text.encoding}: ${plural(text.units, unit)}, room for ${text.units_left} more.`),
    why,
    ...parts,
  );
}

// What shows nothing by itself is named alone.
function makeCharacter(character) {
  const point = `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  if (/[\p{M}\p{C}\p{Z}]/u.test(character)) return `${point}, which shows nothing by itself`;
  return el("span", {}, el("mark", {}, character), ` (${point})`);
}

const join = (nodes) => nodes.slice(0, 8).flatMap((each, index) => (index ? [", ", each] : [each]));

function makeTrail(trail) {
  const steps = trail.map(({ at, state, detail }) =>
    el("li", {}, el("time", { dateTime: at }, showClock(at)), el("span", { class: classState(state) }, nameState(state), detail ? ` (${detail})` : "")),
  );
  return el("ol", { class: "trail" }, ...steps);
}

// What was told of the text, and what the program answered.
function makeCalled(called) {
  const steps = called.map(({ at, status, made }) => {
    const good = made && status >= 200 && status < 300;
    const words = !made ? "Not made: the URL names another host" : status ? `HTTP ${status}` : "No answer";
    return el("li", {}, el("time", { dateTime: at }, showClock(at)), el("span", { class: good ? "good" : "bad" }, words));
  });
  return el("ol", { class: "trail" }, ...steps);
}
