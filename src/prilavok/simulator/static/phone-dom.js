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
