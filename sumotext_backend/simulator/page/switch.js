// The switch of colours: as the system has them, light, dark.

import { $ } from "./dom.js";

const NEXT = { "": "light", light: "dark", dark: "" };
const NAMES = { "": ["◐", "Colours: as the system has them"], light: ["☀", "Colours: light"], dark: ["☾", "Colours: dark"] };

const current = () => document.documentElement.dataset.theme ?? "";

export function listen() {
  show();
  $("theme").addEventListener("click", () => {
    const next = NEXT[current()];
    if (next) document.documentElement.dataset.theme = next;
    else delete document.documentElement.dataset.theme;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Storage may be closed to us; the choice holds until the page is left.
    }
    show();
  });
}

function show() {
  const [sign, name] = NAMES[current()];
  $("theme").textContent = sign;
  $("theme").setAttribute("aria-label", name);
}
