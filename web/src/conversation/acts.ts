// What an agent does with a conversation. Shown at once, undone by one press, taken back when the server refuses.
import * as calls from "../api/calls";
import type { Conversation, Priority } from "../api/types";
import { catalogue } from "../frame/catalogue.svelte";
import { router } from "../frame/router.svelte";
import { session } from "../frame/session.svelte";
import { sayFailure, toasts } from "../frame/toasts.svelte";
import { sayWhen } from "../i18n/said.svelte";
import { t } from "../i18n/words.svelte";
import { addressOf, list } from "../inbox/list.svelte";
import { onward } from "../inbox/order";
import { threads } from "./threads.svelte";

type Acted = Pick<Conversation, "id" | "status" | "assignee" | "tags" | "priority" | "snoozed_until">;

async function change(acted: Acted, shown: Partial<Conversation>, sent: calls.ConversationChange): Promise<boolean> {
  const thread = threads.peek(acted.id);
  const before = thread?.detail ?? null;
  if (thread?.detail) thread.detail = { ...thread.detail, ...(shown as object) };
  try {
    const after = await calls.changeConversation(acted.id, sent);
    thread?.change(after);
    list.hear(after);
    return true;
  } catch (error) {
    if (thread && before) thread.detail = before;
    sayFailure(t("error.not_changed"), error, t("error.nothing_lost"));
    return false;
  }
}

/** Closes and goes on to the next conversation, as one does at a counter. */
export async function close(acted: Acted): Promise<void> {
  const next = nextAfter(acted.id);
  if (await change(acted, { status: "closed" }, { status: "closed" })) {
    offerReturn(t("done.closed"), acted);
    leave(acted.id, next);
  }
}

export async function reopen(acted: Acted): Promise<void> {
  await change(acted, { status: "open", snoozed_until: null }, { status: "open" });
}

export async function snooze(acted: Acted, until: Date): Promise<void> {
  const next = nextAfter(acted.id);
  const at = until.toISOString();
  if (await change(acted, { status: "snoozed", snoozed_until: at }, { status: "snoozed", snoozed_until: at })) {
    offerReturn(t("done.snoozed", { when: sayWhen(at) }), acted);
    leave(acted.id, next);
  }
}

export async function assign(acted: Acted, agentId: string | null): Promise<void> {
  const agent = catalogue.agents.find((one) => one.id === agentId);
  await change(acted, { assignee: agent ? { id: agent.id, name: agent.name } : null }, { assignee_id: agentId });
}

export const assignToMe = (acted: Acted) => assign(acted, session.myId);

export async function setTags(acted: Acted, tags: string[]): Promise<void> {
  catalogue.noteTags(tags);
  await change(acted, { tags }, { tags });
}

export async function setPriority(acted: Acted, priority: Priority): Promise<void> {
  await change(acted, { priority }, { priority });
}

export async function copyLink(id: string): Promise<void> {
  await copy(`${location.origin}/inbox/${id}`, t("done.link_copied"));
}

export async function copy(text: string, said: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.show({ text: said, seconds: 2 });
  } catch (error) {
    sayFailure(t("error.not_copied"), error);
  }
}

function offerReturn(text: string, acted: Acted): void {
  toasts.show({ text, action: { title: t("undo.undo"), run: () => void reopen(acted).then(() => router.go(addressOf(acted.id))) } });
}

function nextAfter(id: string): string | null {
  return onward(list.rows, id);
}

function leave(id: string, next: string | null): void {
  const page = router.page;
  if (page.name !== "inbox" || page.conversation !== id) return;
  router.go(addressOf(innerWidth < 720 ? null : next), { replace: true });
}
