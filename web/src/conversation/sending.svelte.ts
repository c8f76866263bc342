// Replies on their way from this browser to the server: shown at once, kept through a reload, sent when the line is back.
import * as calls from "../api/calls";
import { Offline, Problem } from "../api/http";
import type { Message } from "../api/types";
import { localBox } from "../composer/drafts";
import { session } from "../frame/session.svelte";
import { toasts } from "../frame/toasts.svelte";
import { t } from "../i18n/words.svelte";
import { matches, type Pending } from "./thread";
import { threads } from "./threads.svelte";

const storage = localBox();
const place = "prilavok.sending";

class Sending {
  items = $state.raw<Pending[]>(restore());

  get queued(): number {
    return this.items.filter((one) => one.state === "queued").length;
  }

  of(conversation: string): Pending[] {
    return this.items.filter((one) => one.conversation_id === conversation);
  }

  add(reply: Omit<Pending, "key" | "at" | "state">): void {
    const pending: Pending = { ...reply, key: crypto.randomUUID(), at: new Date().toISOString(), state: session.offline ? "queued" : "sending" };
    this.keep([...this.items, pending]);
    if (pending.state === "sending") void this.send(pending);
  }

  retry(key: string): void {
    const pending = this.items.find((one) => one.key === key);
    if (pending) void this.send(pending);
  }

  discard(key: string): void {
    this.keep(this.items.filter((one) => one.key !== key));
  }

  /** The line is back: in the order in which they were written. */
  async flush(): Promise<void> {
    for (const pending of this.items.filter((one) => one.state === "queued")) await this.send(pending);
  }

  /** The live event may come before the answer to the request. */
  hear(message: Message): void {
    const found = this.of(message.conversation_id).find((one) => matches(one, message, session.myId));
    if (found) this.discard(found.key);
  }

  private async send(pending: Pending): Promise<void> {
    const { key, conversation_id: id, kind, text, inbox_id, attachments, buttons } = pending;
    this.mark(key, "sending");
    try {
      const message = await calls.send(
        id,
        { kind, text, ...(kind === "reply" && inbox_id ? { inbox_id } : {}), attachments: attachments.flatMap((one) => one.id ?? []), ...(buttons.length ? { buttons: buttons.map((one) => ({ text: one })) } : {}) },
        key,
      );
      threads.peek(id)?.learn(message);
      this.discard(key);
      if (message.kind === "reply" && message.receipt === "accepted") offerUndo(message);
    } catch (error) {
      if (error instanceof Offline) this.mark(key, "queued");
      else this.mark(key, "refused", error instanceof Problem ? error.detail : String(error));
    }
  }

  private mark(key: string, state: Pending["state"], reason = ""): void {
    this.keep(this.items.map((one) => (one.key === key ? { ...one, state, reason } : one)));
  }

  private keep(items: Pending[]): void {
    this.items = items;
    storage.setItem(place, JSON.stringify(items));
  }
}

function restore(): Pending[] {
  try {
    const items = JSON.parse(storage.getItem(place) ?? "[]") as Pending[];
    // Interrupted by a reload: the same key makes a repeat harmless.
    return items.map((one) => (one.state === "sending" ? { ...one, state: "queued" } : one));
  } catch {
    return []; // another program wrote here
  }
}

/** Called with the text when a reply was taken back, so that the composer can hold it again. */
export const takenBack = $state<{ reply: { conversation: string; text: string } | null }>({ reply: null });

// One offer at a time, with the first words of the reply; it ends when the reply has left the house.
let offered: { message: string; toast: number } | null = null;

function offerUndo(message: Message): void {
  if (offered) toasts.close(offered.toast);
  const detail = message.text.replace(/\s+/g, " ").slice(0, 60);
  const toast = toasts.show({ text: t("undo.sent"), detail, action: { title: t("undo.take_back"), run: () => void takeBack(message) } });
  offered = { message: message.id, toast };
}

export function hasLeft(message: Message): void {
  if (offered?.message !== message.id || message.receipt === "accepted") return;
  toasts.close(offered.toast);
  offered = null;
}

async function takeBack(message: Message): Promise<void> {
  try {
    await calls.takeBack(message.id);
    threads.peek(message.conversation_id)?.gone(message.id);
    takenBack.reply = { conversation: message.conversation_id, text: message.text };
  } catch (error) {
    const gone = error instanceof Problem && error.status === 409;
    toasts.show({ text: gone ? t("undo.too_late") : t("undo.failed"), detail: gone ? "" : error instanceof Error ? error.message : "", tone: "danger" });
  }
}

export const sending = new Sending();
