// Who is calling at this moment. The socket brings the call, one request brings the caller's card.
import * as calls from "../api/calls";
import type { CallCard, Conversation, Message } from "../api/types";
import { session } from "../frame/session.svelte";

export interface Ringing {
  id: string;
  conversation: string;
  name: string;
  number: string;
  card: CallCard | null; // null until it has come
}

const longest = 180_000; // milliseconds; the end of a call may never be told

class RingingCalls {
  items = $state.raw<Ringing[]>([]);

  /** After a start or a longer absence. What cannot be asked for now the socket tells with the next call. */
  look(): void {
    calls.ringing().then(
      ({ items }) => (this.items = items.filter(forMe).map((card) => ({ id: card.id, conversation: card.conversation_id, name: card.name, number: card.number, card }))),
      () => undefined,
    );
  }

  hear(message: Message, conversation: Conversation | null): void {
    const call = message.content.call;
    if (call?.direction !== "in") return;
    if (call.state !== "ringing" || Date.now() - Date.parse(message.created_at) > longest) return this.close(message.id);
    if (this.items.some((one) => one.id === message.id)) return;
    this.items = [...this.items, { id: message.id, conversation: message.conversation_id, name: conversation?.contact.name ?? "", number: call.from ?? "", card: null }];
    setTimeout(() => this.close(message.id), longest);
    calls.callCard(message.id).then(
      (card) => (card.state === "ringing" && forMe(card) ? this.fill(card) : this.close(card.id)),
      () => undefined, // the name and the number are there all the same
    );
  }

  close(id: string): void {
    this.items = this.items.filter((one) => one.id !== id);
  }

  private fill(card: CallCard): void {
    this.items = this.items.map((one) => (one.id === card.id ? { ...one, name: card.name, number: card.number, card } : one));
  }
}

const forMe = (card: CallCard) => card.for_agents.length === 0 || card.for_agents.includes(session.me?.agent.id ?? "");

export const ringing = new RingingCalls();
