import type { Chat } from "../chat";
import { expectedWords } from "../expected";
import { safeHref } from "../linkify";
import type { Message } from "../protocol";
import type { ChatState } from "../state";
import { refusalIn, type Words } from "../words";
import { Composer } from "./composer";
import { el, icon, setText } from "./dom";
import { announcement, Log } from "./log";
import { Offers } from "./offers";

export interface PanelActs {
  close(): void;
  uploadUrl(name: string): string;
  draft(text: string): void;
}

const SPOKEN_FOR = 3_000; // ms; then the words are only in the talk, where they can be taken back

/** The dialog. It is built when it is opened for the first time: a visitor who never asks pays for a button. */
export class Panel {
  readonly node: HTMLElement;
  readonly composer: Composer;
  private readonly log: Log;
  private readonly offers: Offers;
  private readonly title = el("h2", { id: "title", dir: "auto" });
  private readonly about = el("p");
  private readonly face = el("span", { class: "face-of-shop", "aria-hidden": "true" });
  private readonly notice = el("p", { class: "notice", role: "status" });
  private readonly spoken = el("p", { class: "sr", role: "status", "aria-live": "polite" });
  private wasLive = false;
  private hush = 0;

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    server: string,
    acts: PanelActs,
    draft: string,
  ) {
    this.log = new Log(words, {
      press: (button) => this.then(() => chat.say(button.text, [], button.data ?? button.text)),
      choose: (text) => this.then(() => chat.say(text)),
      retry: (id) => this.then(() => chat.retry(id)),
      drop: (id) => this.then(() => chat.drop(id)),
      older: () => chat.state.hasOlder && chat.older(),
      sawAll: () => chat.state.open && chat.sawAll(),
      fileUrl: (url) => safeHref(url, server),
    });
    this.offers = new Offers(words, () => chat.askLinks());
    this.composer = new Composer(words, {
      send: (text, files) => this.send(text, files),
      typing: () => chat.typing(),
      draft: acts.draft,
      limit: () => chat.state.fileLimit,
      say: (text) => setText(this.spoken, text),
      target: (name) => {
        const token = chat.tokenForFiles();
        return token ? { url: acts.uploadUrl(name), token } : null;
      },
    }, draft);
    const close = el("button", { type: "button", class: "icon", "aria-label": words.close, title: words.close, click: acts.close }, icon("close"));
    const head = el("header", {}, this.face, el("div", { class: "who" }, this.title, this.about), close);
    const drop = el("p", { class: "drop", "aria-hidden": "true" }, words.drop);
    const talk = el("div", { class: "talk" }, this.log.node, this.log.jump);
    this.node = el(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: -1, hidden: true, keydown: (event) => this.key(event, acts) },
      head, this.notice, talk, this.offers.node, this.composer.node, drop, this.spoken,
    );
    this.takeDrops();
  }

  draw(state: ChatState, now: Date): void {
    setText(this.title, state.shop || this.words.dialog);
    setText(this.about, state.expected ? expectedWords(state.expected, this.words, now) : "");
    this.about.classList.toggle("here", state.expected?.online === true);
    setText(this.face, [...(state.shop || "")][0]?.toUpperCase() ?? "");
    const trouble = state.status === "offline" ? this.words.offline : state.notice && refusalIn(this.words, state.notice);
    setText(this.notice, trouble ?? (state.status === "connecting" ? this.words.connecting : ""));
    this.notice.classList.toggle("quiet", trouble === null);
    this.log.draw(state, now);
    this.offers.draw(state);
    const live = state.status === "live";
    if (live && !this.wasLive) this.composer.resume();
    this.wasLive = live;
  }

  arrived(message: Message): void {
    this.spoken.textContent = announcement(message, this.words);
    clearTimeout(this.hush);
    this.hush = window.setTimeout(() => (this.spoken.textContent = ""), SPOKEN_FOR);
  }

  shown(): void {
    this.log.toEnd();
  }

  /** On a telephone the keyboard would cover the talk, so there it waits for a touch. */
  focus(): void {
    const target = matchMedia("(pointer: coarse)").matches ? this.node : this.composer.field;
    target.focus({ preventScroll: true });
  }

  looked(): void {
    this.log.look();
  }

  private send(text: string, files: Parameters<Chat["say"]>[1]): void {
    this.log.toEnd();
    this.chat.say(text, files);
  }

  /** For buttons that vanish with their deed: the keyboard must not fall out of the dialog with them. */
  private then(act: () => void): void {
    act();
    this.focus();
  }

  private key(event: Event, acts: PanelActs): void {
    if ((event as KeyboardEvent).key === "Escape" && !(event as KeyboardEvent).isComposing) acts.close();
  }

  private takeDrops(): void {
    const over = (shown: boolean) => (event: Event) => {
      event.preventDefault();
      const outside = !this.node.contains((event as DragEvent).relatedTarget as Node | null);
      this.node.classList.toggle("dropping", shown || !outside);
    };
    this.node.addEventListener("dragenter", over(true));
    this.node.addEventListener("dragover", over(true));
    this.node.addEventListener("dragleave", over(false));
    this.node.addEventListener("drop", (event) => {
      event.preventDefault();
      this.node.classList.remove("dropping");
      this.composer.addFiles(event.dataTransfer?.files ?? []);
    });
  }
}
