// Three small tools for making pages by hand.

export const $ = (selector) => document.querySelector(selector);

/** make("b", {class: "x", onclick: f}, "text", node …): attributes, handlers and children; empty ones are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, it] of Object.entries(attributes)) {
    if (typeof it === "function") node.addEventListener(name.slice(2), it);
    else if (it !== false && it !== null && it !== undefined) node.setAttribute(name, it === true ? "" : it);
  }
  node.append(...children.filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

/** Draws a choice of one into `place`: rows of [word, label, whether something new waits there]; alone it is no choice. */
export function chips(place, rows, chosen, choose) {
  const as = JSON.stringify([rows, chosen]);
  if (place.dataset.as === as) return;
  const held = place.contains(document.activeElement);
  place.dataset.as = as;
  place.hidden = rows.length < 2;
  const nodes = rows.map(([name, label, fresh]) =>
    make("button", { type: "button", role: "radio", "aria-checked": String(name === chosen), class: fresh && "fresh", onclick: () => choose(name) }, label));
  place.replaceChildren(...nodes);
  if (held) nodes[rows.findIndex(([name]) => name === chosen)]?.focus();
}

/** Runs `work` and writes what went wrong, or `done`, into the status line `place`. */
export async function telling(place, work, done = "") {
  place.classList.remove("bad");
  try {
    await work();
    place.textContent = done;
  } catch (error) {
    place.textContent = error.message;
    place.classList.add("bad");
  }
}

export const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
