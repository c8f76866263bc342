import type { Message, Receipts } from "./protocol";

/** Joins what is known with what arrived: one row an id, in the shop's order, and a deletion or a later edit stays. */
export function merge(known: readonly Message[], arrived: readonly Message[]): Message[] {
  const rows = new Map(known.map((message) => [message.id, message]));
  for (const message of arrived) {
    const old = rows.get(message.id);
    if (!old) rows.set(message.id, message);
    else if (!isStale(message, old)) rows.set(message.id, { ...message, client_id: message.client_id ?? old.client_id });
  }
  return [...rows.values()].sort((a, b) => a.seq - b.seq);
}

function isStale(arrived: Message, known: Message): boolean {
  if (known.deleted_at && !arrived.deleted_at) return true;
  return (known.edited_at ?? "") > (arrived.edited_at ?? "");
}

/**
 * What a welcome does to the thread. When too much was missed, the newest page does not touch what we hold;
 * we then start again from that page, because a hidden hole in a talk is worse than loading it again.
 */
export function resume(known: readonly Message[], arrived: readonly Message[], more: boolean): { messages: Message[]; torn: boolean } {
  const first = arrived[0];
  const torn = more && first !== undefined && known.length > 0 && first.seq > lastSeq(known);
  return { messages: merge(torn ? [] : known, arrived), torn };
}

export function lastSeq(messages: readonly Message[]): number {
  return messages[messages.length - 1]?.seq ?? 0;
}

/** The newest word of the shop; 0 when it has not said anything. */
export function lastHeard(messages: readonly Message[]): number {
  return lastSeq(messages.filter((message) => message.direction === "outbound"));
}

export function countUnread(messages: readonly Message[], read: number): number {
  return messages.filter((m) => m.direction === "outbound" && m.seq > read && !m.deleted_at).length;
}

/** Receipts only climb: a late frame never takes a tick away. */
export function climb(known: Receipts, arrived: Receipts): Receipts {
  const read = Math.max(known.read, arrived.read);
  return { read, delivered: Math.max(known.delivered, arrived.delivered, read) };
}

export type Tick = "sent" | "delivered" | "read";

export function tickOf(message: Message, receipts: Receipts): Tick {
  if (message.seq <= receipts.read) return "read";
  return message.seq <= receipts.delivered ? "delivered" : "sent";
}
