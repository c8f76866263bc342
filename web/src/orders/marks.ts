// A comment cut into plain words, words that were understood as a wish, and words that nobody understood.
import type { Span } from "../api/order-shapes";

export interface Mark {
  text: string;
  kind: "plain" | "wish" | "unread";
  field: string;
  value: string;
}

/** Spans count characters as Python does: an emoji is one. Where spans overlap, the earlier keeps its words. */
export function marks(comment: string, spans: Span[], unread: { start: number; end: number }[]): Mark[] {
  const characters = Array.from(comment);
  const wanted = [
    ...spans.map((span) => ({ ...span, kind: "wish" as const })),
    ...unread.map((span) => ({ ...span, kind: "unread" as const, field: "", value: "" })),
  ].sort((one, other) => one.start - other.start || (one.kind === "wish" ? -1 : 1));
  const found: Mark[] = [];
  let at = 0;
  const plain = (until: number) => {
    if (until > at) found.push({ text: characters.slice(at, until).join(""), kind: "plain", field: "", value: "" });
  };
  for (const { start, end, kind, field, value } of wanted) {
    const from = Math.max(start, at);
    const to = Math.min(end, characters.length);
    if (from >= to) continue;
    plain(from);
    found.push({ text: characters.slice(from, to).join(""), kind, field, value });
    at = to;
  }
  plain(characters.length);
  return found;
}
