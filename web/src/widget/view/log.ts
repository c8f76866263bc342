import { expectedWords } from "../expected";
import type { Message } from "../protocol";
import { type Row, rowsOf } from "../rows";
import type { ChatState } from "../state";
import { lastHeard, lastSeq, tickOf } from "../thread";
import { dayLine } from "../when";
import type { Words } from "../words";
import { type BubbleActs, messageBubble, setTick, unsentBubble } from "./bubble";
import { el, icon, setText } from "./dom";

export interface LogActs extends BubbleActs {
  older(): void;
  sawAll(): void;
  choose(text: string): void;
}

const NEAR = 64; // px from an edge

/** The talk. Rows keep their nodes while they stay the same, and the place on the screen stays when older ones come. */
export class Log {
  readonly node: HTMLElement;
  readonly jump: HTMLElement;
  private readonly list = el("div", { class: "rows", role: "list" });
  private readonly greeting = el("p", { dir: "auto" });
  private readonly replies: HTMLElement;
  private readonly intro: HTMLElement;
  private readonly loading: HTMLElement;
  private readonly promise = el("p", { class: "promise" });
  private readonly typing: HTMLElement;
  private readonly said = el("span", { class: "sr" });
  private readonly drawn = new Map<string, { mark: string; node: HTMLElement }>();
  private atEnd = true;
  private shownReplies = "";
  private firstSeq = 0;

  constructor(
    private readonly words: Words,
    private readonly acts: LogActs,
  ) {
    this.replies = el("div", { class: "choices", role: "group", "aria-label": words.quickReplies });
    this.intro = el("div", { class: "intro" }, el("div", { class: "bubble" }, this.greeting), this.replies);
    this.loading = el("p", { class: "loading" }, words.loadingOlder);
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.typing = el("div", { class: "typing" }, dots, this.said);
    // No live region: bubbles are redrawn when ticks climb, so arrivals are announced by the panel, once.
    this.node = el(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": words.log, tabindex: 0, scroll: () => this.scrolled() },
      this.loading, this.intro, this.list, this.promise, this.typing,
    );
    // The field grows, an offer unfolds, a picture arrives: who was at the end of the talk stays there.
    const sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    sizes.observe(this.node);
    sizes.observe(this.list);
    this.jump = el("button", { type: "button", class: "jump", "aria-label": words.jump, click: () => this.toEnd() }, icon("down"));
  }

  draw(state: ChatState, now: Date): void {
    const { node } = this;
    const bottom = node.scrollHeight - node.scrollTop;
    const first = state.messages[0]?.seq ?? 0;
    const grewUpwards = first < this.firstSeq;
    this.firstSeq = first;
    const empty = !state.messages.length && !state.unsent.length;
    this.loading.hidden = !state.loadingOlder;
    this.intro.hidden = state.hasOlder || state.loadingOlder || (!state.known && !empty);
    setText(this.greeting, state.greeting[this.words.language] || this.words.greeting);
    this.drawReplies(empty ? state.quickReplies : []);
    this.drawRows(state, now);
    setText(this.promise, this.promiseOf(state, now));
    this.typing.hidden = state.typing === null;
    setText(this.said, state.typing === null ? "" : this.words.typing(state.typing || this.words.somebody));
    if (this.atEnd) this.toEnd();
    else if (grewUpwards) node.scrollTop = node.scrollHeight - bottom;
    this.look();
  }

  toEnd(): void {
    this.atEnd = true;
    this.node.scrollTop = this.node.scrollHeight;
    this.look();
  }

  /** The visitor sees the end of the talk: everything in it is read. */
  look(): void {
    this.jump.hidden = this.atEnd;
    if (this.atEnd && this.node.isConnected && document.visibilityState === "visible") this.acts.sawAll();
  }

  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    this.atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (scrollTop < NEAR && scrollHeight > clientHeight) this.acts.older();
    this.look();
  }

  private drawRows(state: ChatState, now: Date): void {
    const rows = rowsOf(state.messages, state.unsent);
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, { node }] of this.drawn) {
      if (!keys.has(key)) {
        node.remove();
        this.drawn.delete(key);
      }
    }
    rows.forEach((row, place) => {
      const node = this.nodeOf(row, now);
      if (this.list.children[place] !== node) this.list.insertBefore(node, this.list.children[place] ?? null);
      if (row.kind === "message") setTick(node, tickOf(row.message, state.receipts), this.words);
      if (row.kind === "unsent") setTick(node, row.unsent.refused === undefined ? "waiting" : "refused", this.words);
    });
  }

  private nodeOf(row: Row, now: Date): HTMLElement {
    const mark = JSON.stringify(row) + (row.kind === "day" ? now.toDateString() : "");
    const old = this.drawn.get(row.key);
    if (old?.mark === mark) return old.node;
    const node = this.build(row, now);
    old?.node.replaceWith(node);
    this.drawn.set(row.key, { mark, node });
    return node;
  }

  private build(row: Row, now: Date): HTMLElement {
    if (row.kind === "day") return el("p", { class: "day", role: "listitem" }, dayLine(row.at, this.words, now));
    if (row.kind === "unsent") return unsentBubble(row.unsent, row.first, this.words, this.acts);
    return messageBubble(row.message, row.first, row.answered, this.words, this.acts);
  }

  private drawReplies(replies: readonly string[]): void {
    const mark = replies.join("\n");
    if (mark === this.shownReplies) return;
    this.shownReplies = mark;
    this.replies.replaceChildren(
      ...replies.map((text) => el("button", { type: "button", class: "choice", click: () => this.acts.choose(text) }, text)),
    );
  }

  /** Said while the visitor's word is the last one: that it arrived, and when to look again. */
  private promiseOf(state: ChatState, now: Date): string {
    const waits = lastSeq(state.messages) > lastHeard(state.messages) && !state.unsent.length;
    if (!waits || !state.expected || state.typing !== null) return "";
    return `${this.words.stored} ${expectedWords(state.expected, this.words, now)}`;
  }
}

export function announcement(message: Message, words: Words): string {
  const what = [message.text, ...message.attachments.map((file) => words.file(file.name))].filter(Boolean).join(", ");
  return `${message.author.name || words.somebody}: ${what}`;
}
