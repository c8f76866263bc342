// Messages of one conversation: merged by seq, grouped for the eye.
import type { Attachment, Message, Publication } from "../api/types";

/** A reply that is still on its way from this browser to the server. */
export interface Pending {
  key: string; // Idempotency-Key: the same on every try
  conversation_id: string;
  kind: "reply" | "note";
  text: string;
  inbox_id: string | null;
  channel: string;
  attachments: Attachment[];
  buttons: string[];
  at: string;
  state: "sending" | "queued" | "refused";
  reason?: string;
}

/** Adds or replaces by id, keeps the order by seq. A message already known is replaced only by a newer telling. */
export function merge(known: Message[], told: Message[]): Message[] {
  if (told.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of told) {
    const before = byId.get(message.id);
    byId.set(message.id, before ? climb(before, message) : message);
  }
  return [...byId.values()].sort((one, other) => one.seq - other.seq);
}

const heights: Record<string, number> = { accepted: 0, sent: 1, delivered: 2, read: 3 };

/** Receipts only climb: an answer that was overtaken by a live event does not take a tick away. */
function climb(before: Message, after: Message): Message {
  const old = heights[before.receipt ?? ""];
  const young = heights[after.receipt ?? ""];
  if (old === undefined || young === undefined || young >= old) return after;
  return { ...after, receipt: before.receipt, times: { ...after.times, ...before.times } };
}

/** The pending reply that this message from the server is, when the live event came before the answer to the request. */
export function matches(pending: Pending, message: Message, myId: string): boolean {
  return (
    pending.state === "sending" &&
    message.direction === "outbound" &&
    message.kind === pending.kind &&
    message.author.id === myId &&
    message.text === pending.text &&
    message.attachments.length === pending.attachments.length
  );
}

export type Line =
  | { kind: "day"; key: string; at: string }
  | { kind: "channel"; key: string; channel: string }
  | { kind: "events"; key: string; messages: Message[] }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean };

const together = 5 * 60_000;

/** What is drawn: day lines, thin lines where the channel changes, runs of events, and bubbles in groups. */
export function lines(messages: Message[], dayOf: (at: string) => string): Line[] {
  const drawn: Line[] = [];
  let day = "";
  let inbox: string | null | undefined;
  let before: Message | null = null;
  for (const message of messages) {
    if (dayOf(message.at) !== day) {
      day = dayOf(message.at);
      drawn.push({ kind: "day", key: `day-${day}-${message.id}`, at: message.at });
      before = null;
    }
    const moved = message.content.event;
    if (message.kind === "event" && moved?.what === "went_on" && typeof moved.channel === "string") {
      drawn.push({ kind: "channel", key: message.id, channel: moved.channel });
      [inbox, before] = [undefined, null];
      continue;
    }
    if (message.kind === "event") {
      const last = drawn.at(-1);
      if (last?.kind === "events") last.messages.push(message);
      else drawn.push({ kind: "events", key: message.id, messages: [message] });
      before = null;
      continue;
    }
    if (message.kind !== "note" && message.inbox_id) {
      if (inbox !== undefined && inbox !== message.inbox_id) {
        drawn.push({ kind: "channel", key: `channel-${message.id}`, channel: message.channel ?? "" });
        before = null;
      }
      inbox = message.inbox_id;
    }
    const first = !before || !sameRun(before, message);
    const previous = drawn.at(-1);
    if (!first && previous?.kind === "message") previous.last = false;
    drawn.push({ kind: "message", key: message.id, message, first, last: true });
    before = message;
  }
  return drawn;
}

function sameRun(before: Message, message: Message): boolean {
  return (
    before.kind === message.kind &&
    before.direction === message.direction &&
    before.author.kind === message.author.kind &&
    before.author.name === message.author.name &&
    Date.parse(message.at) - Date.parse(before.at) < together
  );
}

/** What everybody can read, after news of the list: that knows what is said, not what the vendor lets the shop do. */
export function renewed(known: Publication | null | undefined, news: Publication | null | undefined): Publication | null {
  if (!known || !news) return news ?? null;
  const { moderates, amends, private_reply, private_days, order } = known;
  return { ...news, moderates, amends, private_reply, private_days, order: order ?? news.order };
}
