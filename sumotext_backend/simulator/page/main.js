// Wires the page: what came is kept in the model, and painted once a frame.

import * as api from "./api.js";
import { lines } from "./connect.js";
import * as details from "./details.js";
import { $, el, tell, warn } from "./dom.js";
import * as faults from "./faults.js";
import { List } from "./list.js";
import { Filter, Model } from "./model.js";
import * as requests from "./requests.js";
import * as theme from "./switch.js";
import { Thread } from "./thread.js";
import { nameState, plural } from "./words.js";

const model = new Model();
const wide = matchMedia("(min-width: 721px)");
const list = new List(openConversation);
const thread = new Thread(openDetails);
let filter = new Filter();
let opened = "";
let loaded = false;
let complete = false;
let painting = 0;
let stop = () => {};

// The conversation that the address names; an address may be misspelt.
function chosen() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}

function repaint() {
  painting ||= requestAnimationFrame(paint);
}

function paint() {
  painting = 0;
  const found = model.select(filter);
  const none = loaded && model.texts.size === 0;
  let key = chosen();
  const unknown = loaded && !model.conversations.has(key);
  if (unknown && (complete || !key)) key = settle(wide.matches ? (found[0]?.group.key ?? "") : "");
  $("no-match").hidden = none || found.length > 0 || !loaded;
  $("empty").hidden = !none;
  document.querySelector(".side").hidden = none;
  thread.show(model.conversations.get(key) ?? null, { words: filter.digits ? "" : filter.words, opened });
  list.show(found, key);
  if (!model.texts.has(opened)) closeDetails();
  $("count").textContent = plural(model.texts.size, "text");
  nameTab();
  $("delete-all").disabled = none;
  if (!key && document.body.dataset.view !== "list") setView("list");
}

function nameTab() {
  document.title = model.unread ? `(${model.unread}) SMS inbox` : "SMS inbox";
}

// Chooses a conversation without a step in the history.
function settle(key) {
  history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  return key;
}

function setView(view) {
  document.body.dataset.view = view;
}

function openConversation(key) {
  location.hash = encodeURIComponent(key);
  setView("thread");
  closeDetails();
  repaint();
  if (!wide.matches) $("thread").focus();
}

async function openDetails(id) {
  if (opened === id && !$("details").hidden && wide.matches) {
    closeDetails();
    return;
  }
  opened = id;
  await refreshDetails();
  setView("details");
  $("details").focus();
}

async function refreshDetails() {
  const id = opened;
  const text = await api.show(id).catch(() => null);
  if (!text || opened !== id) return;
  const act = (run) => () => run(id).catch((error) => warn(error.message));
  details.paint(text, { deliver: act(api.deliver), fail: act(api.fail), remove: act(api.remove) });
  $("details").hidden = false;
  $("main").classList.add("with-details");
  repaint();
}

function closeDetails() {
  if (!opened) return;
  const id = opened;
  opened = "";
  $("details").hidden = true;
  $("main").classList.remove("with-details");
  if (document.body.dataset.view === "details") setView("thread");
  if ($("details").contains(document.activeElement) || document.activeElement === document.body) thread.focus(id);
  repaint();
}

// Those that are `fresh` came or changed just now; the others were there.
function take(texts, fresh) {
  for (const text of texts) {
    const isNew = model.put(text, fresh);
    if (fresh) announce(text, isNew);
    if (text.id === opened) refreshDetails();
  }
  offer($("provider"), texts.map((each) => each.provider), (name) => name);
  offer($("state"), texts.map((each) => each.state), nameState);
  // Where nobody looks nothing is painted, but the tab is named.
  if (document.hidden) nameTab();
  repaint();
}

function announce(text, isNew) {
  if (!isNew) tell(`Text to ${text.to}: ${nameState(text.state)}.`);
  else if (text.direction === "mt") tell(`New text to ${text.to} from ${text.from || "no sender"}.`);
}

function offer(select, values, name) {
  const known = new Set([...select.options].map((each) => each.value));
  for (const value of new Set(values)) if (!known.has(value)) select.append(el("option", { value }, name(value)));
}

async function begin() {
  stop();
  loaded = complete = false;
  model.clear();
  await api.load((texts, first) => {
    if (first) stop = api.follow(first.version, { changes, reset: begin, connection: showConnection });
    if (first) requests.count(first.refused);
    take(texts, false);
    loaded ||= !!first;
  });
  complete = true;
  repaint();
}

function changes({ texts, gone, refused }) {
  take(texts, true);
  requests.count(refused);
  gone.forEach((id) => model.drop(id));
  faults.heed();
}

const CONNECTIONS = { live: "Live", lost: "Reconnecting", over: "Not connected; reload the page" };

function showConnection(state) {
  $("connection").className = `connection ${state === "over" ? "lost" : state}`;
  $("connection-words").textContent = CONNECTIONS[state];
  if (state === "over") setTimeout(() => begin().catch(() => showConnection("over")), 2000);
}

// Tells whether it was said.
async function say(words) {
  if (!words || !thread.last) return false;
  try {
    await api.reply(thread.last.id, words);
    return true;
  } catch (error) {
    warn(error.message);
    return false;
  }
}

function listen() {
  const refilter = () => {
    filter = new Filter($("words").value, $("provider").value, $("state").value);
    $("list-scroll").scrollTop = 0;
    repaint();
  };
  $("search").addEventListener("input", refilter);
  $("search").addEventListener("submit", (event) => event.preventDefault());
  $("reply").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = $("reply-words").value;
    say(words).then((said) => {
      if (said && $("reply-words").value === words) $("reply-words").value = "";
    });
  });
  for (const button of $("reply").querySelectorAll("[data-say]")) button.addEventListener("click", () => say(button.dataset.say));
  $("back-to-list").addEventListener("click", () => {
    if (wide.matches) {
      closeDetails();
      return;
    }
    settle("");
    turn();
    $("list").focus();
  });
  $("back-to-thread").addEventListener("click", closeDetails);
  $("close-details").addEventListener("click", closeDetails);
  addEventListener("hashchange", turn);
  document.addEventListener("visibilitychange", repaint);
  wide.addEventListener("change", repaint);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) closeDetails();
    if (event.key === "/" && !event.target.closest("input, select, dialog")) {
      event.preventDefault();
      $("words").focus();
    }
  });
  $("open-connect").addEventListener("click", () => $("connect").showModal());
  $("delete-all").addEventListener("click", () => $("sure").showModal());
  $("sure").addEventListener("close", () => {
    if ($("sure").returnValue === "yes") api.removeAll().catch((error) => warn(error.message));
    $("sure").returnValue = "";
  });
}

// The address says which conversation is shown, and so do the browser's buttons.
function turn() {
  closeDetails();
  setView(chosen() ? "thread" : "list");
  repaint();
}

listen();
turn();
theme.listen();
requests.listen();
begin().catch(() => showConnection("over"));
api.describe().then(({ dialects, behaviours }) => {
  $("empty-lines").append(lines(dialects));
  $("connect-lines").append(lines(dialects));
  faults.listen(behaviours);
});
