import type { ConversationDetail, ReplyChannel } from "../api/types";

type Ways = Pick<ConversationDetail, "channels" | "reply_inbox_id">;

/** The way to answer: what the agent chose while it still works, else where the customer wrote last, else the server's best. */
export function wayOf({ channels, reply_inbox_id }: Ways, chosen: string | null): ReplyChannel | null {
  const usable = channels.filter((one) => one.can_reply);
  return usable.find((one) => one.inbox_id === chosen) ?? usable.find((one) => one.inbox_id === reply_inbox_id) ?? usable[0] ?? null;
}

/** Why nothing can be sent at all: the reason of the way that comes first. */
export function whyNot({ channels }: Ways): string | null {
  return channels.some((one) => one.can_reply) ? null : (channels.find((one) => one.reason)?.reason ?? null);
}
