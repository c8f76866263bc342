import type { Message } from "./protocol";
import type { Unsent } from "./outgoing";

export type Row =
  | { kind: "day"; key: string; at: Date }
  | { kind: "message"; key: string; message: Message; first: boolean; answered: boolean }
  | { kind: "unsent"; key: string; unsent: Unsent; first: boolean };

const TOGETHER = 5 * 60_000; // ms: words said in one breath share a name and stand close

/** What the log shows, from top to bottom: day lines, messages, then what has not left yet. */
export function rowsOf(messages: readonly Message[], unsent: readonly Unsent[]): Row[] {
  const rows: Row[] = [];
  const stored = new Set(messages.map((message) => message.client_id));
  const lastOwn = messages.reduce((seq, m) => (m.direction === "inbound" ? m.seq : seq), 0);
  let previous: { who: string; at: number } | null = null;
  const follow = (who: string, time: Date): boolean => {
    const at = time.getTime();
    const sameDay = previous !== null && new Date(previous.at).toDateString() === time.toDateString();
    if (!sameDay) rows.push({ kind: "day", key: `day ${time.toDateString()}`, at: time });
    const first = !sameDay || previous?.who !== who || at - (previous?.at ?? 0) > TOGETHER;
    previous = { who, at };
    return first;
  };
  for (const message of messages) {
    const first = follow(`${message.direction} ${message.author.name}`, new Date(message.at));
    // The key is the visitor's own id, so that a row keeps its place on the screen when its ack comes.
    const key = message.client_id ?? message.id;
    rows.push({ kind: "message", key, message, first, answered: message.seq < lastOwn });
  }
  for (const entry of unsent) {
    if (stored.has(entry.id)) continue;
    rows.push({ kind: "unsent", key: entry.id, unsent: entry, first: follow("inbound ", new Date(entry.at)) });
  }
  return rows;
}
