import type { Conversation } from "../api/types";

const chatPromise = 15 * 60;

/** Seconds within which an answer is promised: as the server says, else what people expect of a chat. */
export function promiseOf(conversation: Pick<Conversation, "promise_seconds">): number {
  return conversation.promise_seconds ?? chatPromise;
}
