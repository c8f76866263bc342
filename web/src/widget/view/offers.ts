import { safeHref } from "../linkify";
import type { Phone } from "../protocol";
import type { ChatState } from "../state";
import type { Words } from "../words";
import { outside } from "./bubble";
import { el, icon } from "./dom";

/** "Continue in …": folded, only after the visitor has written, never required. */
export class Offers {
  readonly node: HTMLDetailsElement;
  private readonly title = el("span");
  private readonly body = el("div", { class: "ways" });
  private mark = "";

  constructor(
    private readonly words: Words,
    private readonly askLinks: () => void,
  ) {
    const summary = el("summary", {}, this.title, icon("down"));
    const unfold = () => {
      if (this.node.open) askLinks();
    };
    this.node = el("details", { class: "offers", hidden: true, toggle: unfold }, summary, this.body);
  }

  draw(state: ChatState): void {
    const wrote = state.messages.some((message) => message.direction === "inbound");
    this.node.hidden = !wrote || !(state.links.length || state.email || state.phones.length);
    const mark = JSON.stringify([state.links, state.linkUrls, state.email, state.shop, state.phones]);
    if (mark === this.mark) return;
    this.mark = mark;
    this.title.textContent = !state.links.length && state.email && !state.phones.length ? this.words.goOnByMail : this.words.goOn;
    const ways = state.links.map((link) => this.way(link.title, state.linkUrls[link.inbox_id]));
    const hint = state.links.length ? el("p", {}, this.words.goOnHint) : null;
    this.body.replaceChildren(...[hint, ...ways, this.letter(state), ...state.phones.map((one) => this.phone(one))].filter((part) => part !== null));
  }

  private way(title: string, url: string | undefined): HTMLElement {
    const href = safeHref(url ?? "");
    if (!href) return el("span", { class: "way off" }, `${this.words.goOnIn(title)}. ${this.words.linkWait}`);
    // A link works once: when it was used, the next look needs a new one.
    return outside(href, { class: "way", "data-way": "link" }, this.words.goOnIn(title), this.afterUse());
  }

  private afterUse(): HTMLElement {
    const used = el("span", { class: "sr" }, `, ${this.words.newWindow}`);
    queueMicrotask(() => used.parentElement?.addEventListener("click", () => setTimeout(this.askLinks, 1_000)));
    return used;
  }

  private phone({ href, shown, beside }: Phone): HTMLElement | null {
    if (!/^tel:\+?[0-9]+$/.test(href)) return null;
    return el("a", { class: "way", href }, this.words.call(shown), beside ? el("small", {}, beside) : "");
  }

  private letter(state: ChatState): HTMLElement | null {
    if (!state.email) return null;
    const subject = encodeURIComponent(this.words.mailSubject(state.shop));
    return el("a", { class: "way", href: `mailto:${state.email}?subject=${subject}` }, this.words.writeTo(state.email));
  }
}
