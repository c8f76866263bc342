// Every request of the application, on one page.
import { ask, query } from "./http";
import type {
  Act, Agent, Attachment, CallCard, ChannelKind, Contact, Conversation, ConversationDetail, Counts, Draft, Guide, Health, Inbox, JournalRow, Me, Message,
  OutboxRow, Page, Priority, Status,
} from "./types";

const root = "/api/v1";

export const me = () => ask<Me>(`${root}/me`, { quiet401: true });
export const signIn = (email: string, password: string) =>
  ask<unknown>(`${root}/session`, { method: "POST", body: { email, password }, quiet401: true });
export const signOut = () => ask<null>(`${root}/session`, { method: "DELETE", quiet401: true });
export const changeMe = (change: { name?: string; language?: string; theme?: string; password?: string; old_password?: string }) =>
  ask<Me>(`${root}/me`, { method: "PATCH", body: change });

export const agents = () => ask<{ items: Agent[] }>(`${root}/agents`);
export const tags = () => ask<{ items: { tag: string; count: number }[] }>(`${root}/tags`);
export const channels = () => ask<{ items: ChannelKind[] }>(`${root}/channels`);

export interface ListQuery {
  status: Status;
  assignee?: string | null;
  inbox?: string | null;
  tag?: string | null;
  public?: "true" | null;
  q?: string | null;
  cursor?: string | null;
  limit?: number;
}
export const conversations = (filter: ListQuery, signal?: AbortSignal) =>
  ask<Page<Conversation>>(`${root}/conversations${query({ ...filter })}`, signal ? { signal } : {});
export const counts = () => ask<Counts>(`${root}/conversations/counts`);
export const conversation = (id: string) => ask<ConversationDetail>(`${root}/conversations/${id}`);

export interface ConversationChange {
  status?: Status;
  assignee_id?: string | null;
  priority?: Priority;
  tags?: string[];
  snoozed_until?: string | null;
}
export const changeConversation = (id: string, change: ConversationChange) =>
  ask<Conversation>(`${root}/conversations/${id}`, { method: "PATCH", body: change });
export const markRead = (id: string, seq: number) =>
  ask<null>(`${root}/conversations/${id}/read`, { method: "POST", body: { seq } });

export const callCard = (id: string) => ask<CallCard>(`${root}/calls/${id}`);
export const ringing = () => ask<{ items: CallCard[] }>(`${root}/calls`);

export const messages = (id: string, before?: number, limit = 50) =>
  ask<Page<Message>>(`${root}/conversations/${id}/messages${query({ before, limit })}`);
export interface NewMessage {
  kind: "reply" | "note";
  text: string;
  inbox_id?: string | null;
  attachments?: string[];
  reply_to?: string;
  buttons?: { text: string }[];
}
export const send = (id: string, message: NewMessage, key: string) =>
  ask<Message>(`${root}/conversations/${id}/messages`, { method: "POST", body: message, headers: { "Idempotency-Key": key } });
export const moderate = (id: string, act: Act, text = "") => ask<Message>(`${root}/messages/${id}/moderate`, { method: "POST", body: { act, text } });
export const takeAside = (id: string, text: string) => ask<Message>(`${root}/conversations/${id}/private`, { method: "POST", body: { text } });
export const leaveMessage = (id: string) => ask<Message>(`${root}/messages/${id}/leave`, { method: "POST" });
export const retryMessage = (id: string) => ask<Message>(`${root}/messages/${id}/retry`, { method: "POST" });
export const takeBack = (id: string) => ask<null>(`${root}/messages/${id}`, { method: "DELETE" });
export const mailPage = (id: string, images: boolean) => `${root}/messages/${id}/html?images=${images ? 1 : 0}`;

export const draft = (id: string) => ask<Draft | null>(`${root}/conversations/${id}/draft`);
export const saveDraft = (id: string, body: Omit<Draft, "updated_at">) =>
  ask<Draft | null>(`${root}/conversations/${id}/draft`, { method: "PUT", body });
export const dropDraft = (id: string) => ask<null>(`${root}/conversations/${id}/draft`, { method: "DELETE" });

export const contact = (id: string) => ask<Contact>(`${root}/contacts/${id}`);
export const changeContact = (id: string, change: { name?: string; language?: string; timezone?: string }) =>
  ask<Contact>(`${root}/contacts/${id}`, { method: "PATCH", body: change });

export const inboxes = () => ask<{ items: Inbox[] }>(`${root}/inboxes`);
export const inbox = (id: string) => ask<Inbox>(`${root}/inboxes/${id}`);
export const guide = (kind: string) => ask<Guide>(`${root}/channels/guide?kind=${kind}`);
export const makeInbox = (body: { kind: string; name: string; config: Record<string, unknown>; reservation?: string }) =>
  ask<Inbox>(`${root}/inboxes`, { method: "POST", body });
export const changeInbox = (id: string, change: { name?: string; config?: Record<string, unknown>; state?: string }) =>
  ask<Inbox>(`${root}/inboxes/${id}`, { method: "PATCH", body: change });
export const consent = (id: string) => ask<{ url: string }>(`${root}/inboxes/${id}/consent`, { method: "POST" });
export const removeInbox = (id: string) => ask<null>(`${root}/inboxes/${id}`, { method: "DELETE" });
export interface Checked {
  ok: boolean;
  account?: { name: string; handle?: string; note?: string } | null;
  reason?: string | null;
  field?: string | null;
}
export const checkInbox = (body: { kind: string; config: Record<string, unknown>; inbox_id?: string }) =>
  ask<Checked>(`${root}/inboxes/check`, { method: "POST", body });
export const health = (id: string) => ask<Health>(`${root}/inboxes/${id}/health`);

export const outbox = (state: string) => ask<Page<OutboxRow>>(`${root}/outbox${query({ state })}`);
export const retryOutbox = (id: string) => ask<null>(`${root}/outbox/${id}/retry`, { method: "POST" });
export const dropOutbox = (id: string) => ask<null>(`${root}/outbox/${id}`, { method: "DELETE" });

export const journal = (state: string, cursor: string | null = null) => ask<Page<JournalRow>>(`${root}/journal${query({ state, cursor })}`);
export const rawJournal = (id: string) => `${root}/journal/${id}/raw`;
export const replay = (ids?: string[]) =>
  ask<{ replayed: number; failed: number }>(`${root}/journal/replay`, { method: "POST", body: ids ? { ids } : {} });

/** Uploads with progress, which fetch cannot tell. */
export function upload(file: File, progress: (share: number) => void): { done: Promise<Attachment>; abort: () => void } {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    request.open("POST", `${root}/files${query({ name: file.name })}`);
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300
        ? resolve(request.response as Attachment)
        : reject(new Error((request.response as { detail?: string } | null)?.detail ?? String(request.status)));
    request.onerror = () => reject(new Error("offline"));
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}
