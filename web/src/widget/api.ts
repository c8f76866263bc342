import type { Chat } from "./chat";
import type { Message } from "./protocol";
import type { Widget } from "./view/widget";

export interface PrilavokEvents {
  open: void;
  close: void;
  message: { text: string; at: string; author: string };
  unread: number;
}

type Listener = (detail: unknown) => void;

/** `window.prilavok`: the few things that a shop's own script may want. */
export interface PrilavokApi {
  open(): void;
  close(): void;
  show(): void;
  hide(): void;
  /** A JWT signed by the shop, or null when the customer signs out: then this browser forgets the talk. */
  identify(jwt: string | null): void;
  /** Returns how to stop listening. */
  on<Name extends keyof PrilavokEvents>(name: Name, listener: (detail: PrilavokEvents[Name]) => void): () => void;
}

export class Listeners {
  private readonly all = new Map<string, Set<Listener>>();
  private unread = 0;
  private open = false;

  add(name: string, listener: Listener): () => void {
    const set = this.all.get(name) ?? new Set();
    this.all.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  arrived(message: Message): void {
    this.tell("message", { text: message.text, at: message.at, author: message.author.name });
  }

  changed(open: boolean, unread: number): void {
    if (open !== this.open) this.tell((this.open = open) ? "open" : "close", undefined);
    if (unread !== this.unread) this.tell("unread", (this.unread = unread));
  }

  /** In a task of its own: a shop's listener that throws shows in its console and hurts nobody. */
  private tell(name: string, detail: unknown): void {
    for (const listener of this.all.get(name) ?? []) setTimeout(() => listener(detail), 0);
  }
}

export function apiOf(chat: Chat, widget: Widget, listeners: Listeners): PrilavokApi {
  return {
    open: () => widget.open(),
    close: () => widget.close(),
    show: () => widget.show(true),
    hide: () => widget.show(false),
    identify: (jwt) => chat.identify(jwt),
    on: (name, listener) => listeners.add(name, listener as Listener),
  };
}
