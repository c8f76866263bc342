// A log of messages that redraws only what changed, and follows what comes unless the reader is further up.
import { make } from "./phone-dom.js";
import { clock, language, word } from "./phone-words.js";

export class Log {
  #node;
  #bubble;
  #drawn = new Map(); // message id -> {as: what it was drawn from, node}
  #atEnd = true;
  #seen = 0;

  constructor(node, bubble) {
    this.#node = node;
    this.#bubble = bubble;
    node.addEventListener("scroll", () => { this.#atEnd = node.scrollHeight - node.scrollTop - node.clientHeight < 60; });
    new ResizeObserver(() => this.follow()).observe(node);
  }

  /** The result is how many messages of the shop have come since the last look; `empty` stands where there are none. */
  draw(messages, empty) {
    const known = new Set(messages.map((one) => one.id));
    for (const message of messages) {
      const as = `${language}${JSON.stringify(message)}`;
      const before = this.#drawn.get(message.id);
      if (before?.as === as) continue;
      const node = this.#bubble(message);
      if (before) before.node.replaceWith(node);
      else this.#node.append(node);
      this.#drawn.set(message.id, { as, node });
    }
    for (const [id, { node }] of this.#drawn) if (!known.has(id)) { node.remove(); this.#drawn.delete(id); }
    this.#node.querySelector(".empty")?.remove();
    if (!messages.length) this.#node.append(make("p", { class: "empty" }, empty));
    const from = messages.filter((one) => !one.mine).length;
    const fresh = from - this.#seen;
    this.#seen = from;
    this.follow();
    return fresh;
  }

  follow() {
    if (this.#atEnd) this.#node.scrollTop = this.#node.scrollHeight;
  }

  toEnd() {
    this.#atEnd = true;
  }
}

export const ticks = (message) => {
  const said = word(message.taken ? "taken" : "sent");
  return make("span", { class: message.taken ? "ticks taken" : "ticks", title: said, "aria-label": said, role: "img" }, message.taken ? "✓✓" : "✓");
};

export const when = (message, ...more) => make("small", {}, ...more, clock(message.at), " ", message.mine && ticks(message));

/** Addresses in a text of the shop have to be links on a telephone. */
export const withLinks = (text) =>
  text.split(/(https?:\/\/[^\s<>"]+)/).map((part, at) => (at % 2 ? make("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));

/** Enter sends, Shift+Enter begins a line. */
export function prepareComposer(form, say) {
  form.addEventListener("submit", (event) => { event.preventDefault(); say(); });
  form.querySelector("textarea").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); say(); }
  });
}
