import { linkify, safeHref } from "../linkify";
import type { Unsent } from "../outgoing";
import type { Attachment, Message, MessageButton } from "../protocol";
import type { Tick } from "../thread";
import { clockTime, exactTime } from "../when";
import { refusalIn, type Words } from "../words";
import { el, type Icon, icon } from "./dom";

export interface BubbleActs {
  press(button: MessageButton): void;
  retry(id: string): void;
  drop(id: string): void;
  fileUrl(url: string): string | null;
}

export type State = Tick | "waiting" | "refused";

/** One message of either side. `state` is the tick of the visitor's own; changing it later is `setTick`. */
export function messageBubble(message: Message, first: boolean, answered: boolean, words: Words, acts: BubbleActs): HTMLElement {
  const own = message.direction === "inbound";
  const at = new Date(message.at);
  const body = message.deleted_at
    ? [el("p", { class: "gone" }, words.deleted)]
    : [...filesOf(message.attachments, words, acts), message.text ? textOf(message.text, words) : null];
  return el(
    "div",
    { class: `line ${own ? "own" : "shop"}${first ? " first" : ""}`, role: "listitem" },
    nameOf(own, message.author.name, first, words),
    el("div", { class: "bubble" }, ...body, el(
      "span",
      { class: "foot" },
      message.edited_at && !message.deleted_at ? `${words.edited} ` : null,
      el("time", { datetime: message.at, title: exactTime(at, words.language) }, clockTime(at, words.language)),
      own ? el("span", { class: "tick", role: "img" }) : null,
    )),
    message.deleted_at ? null : buttonsOf(message.buttons, answered, words, acts),
  );
}

export function unsentBubble(unsent: Unsent, first: boolean, words: Words, acts: BubbleActs): HTMLElement {
  const text = unsent.text ? textOf(unsent.text, words) : null;
  const foot = el("span", { class: "foot" }, el("span", { class: "tick", role: "img" }));
  return el(
    "div",
    { class: `line own unsent${first ? " first" : ""}`, role: "listitem" },
    nameOf(true, "", first, words),
    el("div", { class: "bubble" }, ...filesOf(unsent.files, words, acts), text, foot),
    unsent.refused === undefined ? null : el(
      "div",
      { class: "refusal" },
      el("span", {}, refusalIn(words, unsent.refused) || words.refused),
      el("button", { type: "button", click: () => acts.retry(unsent.id) }, words.retry),
      el("button", { type: "button", click: () => acts.drop(unsent.id) }, words.remove),
    ),
  );
}

/** Ticks change without building the bubble anew, so that focus and selection inside it stay. */
export function setTick(line: HTMLElement, state: State, words: Words): void {
  const tick = line.querySelector(".tick");
  if (!tick || tick.classList.contains(state)) return;
  const drawing: Icon = state === "read" ? "delivered" : state;
  tick.className = `tick ${state}`;
  tick.setAttribute("aria-label", words[state]);
  tick.setAttribute("title", words[state]);
  tick.replaceChildren(icon(drawing));
}

export function sizeWords(bytes: number, words: Words): string {
  const [small, middle, large] = words.sizes;
  if (bytes < 1024) return `${bytes} ${small}`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} ${middle}`;
  const millions = bytes / 1024 / 1024;
  return `${millions.toLocaleString(words.language, { maximumFractionDigits: millions < 10 ? 1 : 0 })} ${large}`;
}

/** Links open beside the shop and tell the other side nothing about it. */
export function outside(href: string, attributes: Record<string, string>, ...children: (Node | string)[]): HTMLAnchorElement {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", ...attributes }, ...children);
}

function nameOf(own: boolean, name: string, first: boolean, words: Words): HTMLElement | null {
  if (own || !first) return el("span", { class: "sr" }, own ? words.you : name || words.somebody);
  return el("span", { class: "name", dir: "auto" }, name || words.somebody);
}

function textOf(text: string, words: Words): HTMLElement {
  const pieces = linkify(text).map((piece) =>
    piece.href ? outside(piece.href, { title: words.newWindow }, piece.text) : piece.text,
  );
  return el("p", { dir: "auto" }, ...pieces);
}

function filesOf(files: readonly Attachment[], words: Words, acts: BubbleActs): (HTMLElement | null)[] {
  return files.map((file) => {
    const href = acts.fileUrl(file.url);
    if (!href) return null;
    if (file.kind !== "image") return chipOf(file, href, words);
    const image = el("img", { src: href, alt: words.picture(file.name), loading: "lazy", ...roomFor(file) });
    const link = outside(href, { class: "picture", title: file.name }, image);
    // The shop's policy may forbid our pictures; the file itself is still there.
    image.addEventListener("error", () => link.replaceWith(chipOf(file, href, words)));
    return link;
  });
}

/** Known sizes keep the talk from jumping while pictures load. */
function roomFor(file: Attachment): Record<string, number> {
  return file.width && file.height ? { width: file.width, height: file.height } : {};
}

function chipOf(file: Attachment, href: string, words: Words): HTMLElement {
  const label = `${words.file(file.name)}, ${sizeWords(file.size, words)}`;
  const name = el("span", { class: "file-name", dir: "auto" }, file.name);
  return outside(href, { class: "file", "aria-label": label }, icon("file"), name, el("small", {}, sizeWords(file.size, words)));
}

function buttonsOf(buttons: readonly MessageButton[], answered: boolean, words: Words, acts: BubbleActs): HTMLElement | null {
  const drawn = buttons.flatMap((button): HTMLElement[] => {
    const href = button.url ? safeHref(button.url) : null;
    if (href) return [outside(href, { class: "choice", title: words.newWindow }, button.text)];
    if (button.url || answered) return []; // an old question is not asked again
    return [el("button", { type: "button", class: "choice", click: () => acts.press(button) }, button.text)];
  });
  return drawn.length ? el("div", { class: "choices" }, ...drawn) : null;
}
