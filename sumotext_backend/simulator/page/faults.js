// The dialog in which the answers to the next requests are chosen.

import * as api from "./api.js";
import { $, el, tell, warn } from "./dom.js";
import { plural } from "./words.js";

export function listen(behaviours) {
  $("fault").append(...behaviours.map(({ name, does }) => el("option", { value: name }, `${name}: ${does}`)));
  $("fault").value = "error";
  $("open-faults").addEventListener("click", () => {
    $("faults").showModal();
    refresh();
  });
  $("choose-fault").addEventListener("click", choose);
  $("forget-faults").addEventListener("click", () => api.forget().then(refresh, (error) => warn(error.message)));
  refresh();
}

// What is chosen is spent by those who send.
export function heed() {
  if ($("faults").open || !$("faults-count").hidden) refresh();
}

async function choose() {
  if (!$("times").reportValidity()) return;
  try {
    await api.choose($("fault").value, $("times").valueAsNumber);
    tell("Chosen.");
  } catch (error) {
    warn(error.message);
  }
  await refresh();
}

async function refresh() {
  const pending = await api.faults().catch(() => []);
  const names = pending.slice(0, 5).map((each) => each.name).join(", ");
  const rest = pending.length > 5 ? " …" : "";
  $("pending").textContent = pending.length ? `${plural(pending.length, "request")} to come: ${names}${rest}` : "Nothing is chosen.";
  $("faults-count").textContent = pending.length;
  $("faults-count").hidden = !pending.length;
  $("forget-faults").disabled = !pending.length;
}
