// Elements by name, made of text alone: nothing here reads markup.

export const $ = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((each) => each !== undefined && each !== null));
  return made;
}

const words = [];
let timer = 0;

// Tells a screen reader; what comes within a second is told together.
export function tell(sentence) {
  words.push(sentence);
  if (timer) return;
  timer = setTimeout(() => {
    $("told").textContent = words.length < 4 ? words.join(" ") : `${words.length} news: ${words.at(-1)}`;
    words.length = 0;
    timer = 0;
  }, 1000);
}

let gone = 0;

// Shows what went wrong, and tells it; it goes by itself.
export function warn(sentence) {
  // Anew, so that it is above a dialog that was opened meanwhile.
  $("notice").hidePopover();
  $("notice").showPopover();
  $("notice").textContent = sentence;
  clearTimeout(gone);
  gone = setTimeout(() => $("notice").hidePopover(), 8000);
}

export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!copyByHand(text)) {
      warn("The browser does not let this page copy.");
      return;
    }
  }
  button.textContent = "Copied";
  tell("Copied.");
  setTimeout(() => (button.textContent = before), 1200);
}

// Where the page came by plain http from another machine, there is no clipboard to write to.
function copyByHand(text) {
  const field = el("textarea", { value: text, class: "hidden" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
