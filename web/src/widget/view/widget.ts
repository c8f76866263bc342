import type { Chat } from "../chat";
import { unreadOf } from "../chat";
import type { Settings } from "../settings";
import type { ChatState } from "../state";
import type { Keep } from "../store";
import { counted, type Words } from "../words";
import { el, icon, setText } from "./dom";
import { Panel } from "./panel";
import { dress } from "./sheet";

const NARROW = "(max-width: 480px)";
const MINUTE = 60_000;

/** The button and the dialog in a shadow root that stands beside `body`, where the shop's scripts and layout do not look. */
export class Widget {
  private readonly host = el("div", { "data-prilavok": "" });
  private readonly root: HTMLElement;
  private readonly launcher: HTMLButtonElement;
  private readonly badge = el("span", { class: "badge", "aria-hidden": "true", hidden: true });
  private readonly sheet: ReturnType<typeof dress>;
  private panel: Panel | null = null;
  private drawing = false;

  constructor(
    private readonly chat: Chat,
    private readonly words: Words,
    private readonly settings: Settings,
    private readonly session: Keep,
  ) {
    const shadow = this.host.attachShadow({ mode: "open" });
    this.sheet = dress(shadow);
    this.launcher = el("button", { type: "button", class: "launcher", click: () => this.open() }, icon("chat"), this.badge);
    this.launcher.setAttribute("aria-haspopup", "dialog");
    this.root = el("div", { class: "root", lang: words.language, dir: "ltr" }, this.launcher);
    shadow.append(this.root);
    keepToItself(shadow);
    document.documentElement.append(this.host);
    this.followScheme();
    this.followKeyboard();
    setInterval(() => this.draw(), MINUTE); // "today" becomes "yesterday", and night becomes morning
    this.draw();
    if (session.get("open") && !matchMedia(NARROW).matches) this.open({ focus: false });
  }

  draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    // Many frames, one drawing. A microtask rather than an animation frame: hidden tabs draw too.
    queueMicrotask(() => {
      this.drawing = false;
      this.drawNow(this.chat.state);
    });
  }

  open({ focus = true } = {}): void {
    if (this.chat.state.barred || this.chat.state.open) return;
    this.panel ??= this.build();
    this.session.set("open", "1");
    this.host.hidden = false;
    this.panel.node.hidden = false;
    this.launcher.hidden = true;
    this.chat.open();
    this.drawNow(this.chat.state);
    this.panel.shown();
    if (focus) this.panel.focus();
  }

  close(): void {
    if (!this.chat.state.open || !this.panel) return;
    const focused = this.host.shadowRoot?.activeElement;
    this.session.remove("open");
    this.panel.node.hidden = true;
    this.launcher.hidden = false;
    this.chat.close();
    if (focused) this.launcher.focus({ preventScroll: true });
  }

  show(shown: boolean): void {
    this.host.hidden = !shown;
  }

  arrived(...message: Parameters<Panel["arrived"]>): void {
    this.panel?.arrived(...message);
  }

  looked(): void {
    this.panel?.looked();
    // Shops that rebuild the whole document take the button away with it.
    if (!this.host.isConnected) document.documentElement.append(this.host);
  }

  private build(): Panel {
    const { server, inbox } = this.settings;
    const uploadUrl = (name: string) => `${server}/chat/files?${new URLSearchParams({ inbox, name }).toString()}`;
    const draft = (text: string) => (text ? this.session.set("draft", text) : this.session.remove("draft"));
    const acts = { close: () => this.close(), uploadUrl, draft };
    const panel = new Panel(this.chat, this.words, server, acts, this.session.get("draft") ?? "");
    this.root.append(panel.node);
    return panel;
  }

  private drawNow(state: ChatState): void {
    if (state.barred) {
      this.host.remove();
      return;
    }
    const unread = state.open ? 0 : unreadOf(state);
    const spoken = unread ? `${this.words.launcher}, ${counted(this.words.language, this.words.unread, unread)}` : this.words.launcher;
    if (this.launcher.getAttribute("aria-label") !== spoken) this.launcher.setAttribute("aria-label", spoken);
    this.launcher.title = this.words.launcher;
    this.badge.hidden = !unread;
    setText(this.badge, unread > 99 ? "99+" : String(unread));
    this.sheet.accent(this.settings.accent || state.accent);
    this.root.dataset.position = this.settings.position || sideOf(state.position);
    if (state.open) this.panel?.draw(state, new Date());
  }

  private followScheme(): void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const choose = () => {
      const { theme } = this.settings;
      this.root.dataset.scheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    };
    dark.addEventListener("change", choose);
    choose();
  }

  private followKeyboard(): void {
    const view = window.visualViewport;
    if (!view) return;
    const fit = () => this.sheet.room(view.offsetTop, view.height);
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    fit();
  }
}

/** The shop's side is meant for pages that read from left to right; the others are its mirror. */
function sideOf(position: string): string {
  const mirrored = getComputedStyle(document.documentElement).direction === "rtl";
  return (position === "left") === mirrored ? "right" : "left";
}

/** What is typed here is not the shop's: its one-letter shortcuts and focus traps must not see it. */
function keepToItself(shadow: ShadowRoot): void {
  for (const name of ["keydown", "keyup", "keypress", "focusin", "focusout", "paste", "copy", "cut", "input", "beforeinput"]) {
    shadow.addEventListener(name, (event) => event.stopPropagation());
  }
}
