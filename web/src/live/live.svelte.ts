// What the socket's news does to what is on the screen.
import type { LiveEvent } from "../api/types";
import { hasLeft, sending } from "../conversation/sending.svelte";
import { threads } from "../conversation/threads.svelte";
import { catalogue } from "../frame/catalogue.svelte";
import { router } from "../frame/router.svelte";
import { session } from "../frame/session.svelte";
import { list } from "../inbox/list.svelte";
import { attention } from "../orders/attention.svelte";
import { ringing } from "../ringing/ringing.svelte";
import { LiveSocket } from "./socket";

/** Listeners of single pages (settings) that show what an event is about. */
export const listeners = new Set<(event: LiveEvent) => void>();

/** Read aloud to those who do not see the list. */
export const spokenNews = $state({ text: "" });

let socket: LiveSocket | null = null;

export function connect(seq: number): void {
  socket?.stop();
  socket = new LiveSocket({ event: hear, reset, state: changed, signedOut: () => session.out() }, seq);
  socket.start();
}

export function disconnect(): void {
  socket?.stop();
  socket = null;
}

/** The browser has its line again: the socket need not wait for its turn, and one request says whether it is true. */
export function reconnect(): void {
  socket?.start();
  void list.reload();
}

let typed = { at: 0, conversation: "" };
export function sayTyping(conversation: string): void {
  if (typed.conversation === conversation && Date.now() - typed.at < 3000) return;
  typed = { at: Date.now(), conversation };
  socket?.say({ kind: "typing", conversation_id: conversation });
}

let viewed: string | null = null;
export function sayViewing(conversation: string | null): void {
  viewed = conversation;
  socket?.say({ kind: "viewing", conversation_id: conversation });
}

function changed(connected: boolean): void {
  session.live = connected;
  if (!connected) return;
  session.reachable = true;
  void sending.flush();
  if (viewed) socket?.say({ kind: "viewing", conversation_id: viewed });
}

async function reset(): Promise<number> {
  await session.load();
  const page = router.page;
  threads.forget(page.name === "inbox" ? page.conversation : null);
  await list.reload();
  attention.recount();
  ringing.look();
  return session.me?.seq ?? 0;
}

function hear(event: LiveEvent): void {
  switch (event.kind) {
    case "message.new":
      sending.hear(event.message);
      if (event.message.direction === "inbound") spokenNews.text = `${event.conversation.contact.name}: ${event.message.text.slice(0, 120)}`;
      threads.hear(event);
      list.hear(event.conversation);
      ringing.hear(event.message, event.conversation);
      break;
    case "message.changed":
      hasLeft(event.message);
      threads.hear(event);
      if (event.conversation) list.hear(event.conversation);
      ringing.hear(event.message, event.conversation ?? null);
      break;
    case "conversation.changed":
      list.hear(event.conversation);
      threads.peek(event.conversation.id)?.heard({ conversation: event.conversation });
      catalogue.noteTags(event.conversation.tags);
      break;
    case "contact.changed":
      threads.contactChanged(event.contact_id);
      break;
    case "inbox.changed":
      catalogue.reloadInboxes().catch(() => undefined); // the old names stay; the bar says that the line is cut
      break;
    case "order.changed":
    case "task.changed":
      attention.recount(1500);
      break;
    case "typing":
      threads.peek(event.conversation_id)?.hearTyping(event.who);
      break;
    case "viewing":
      threads.peek(event.conversation_id)?.hearViewers(event.agents);
      break;
    case "presence":
      catalogue.online = event.agents;
      break;
  }
  for (const listener of listeners) listener(event);
}
