// Who is one person.
import { ask } from "./http";
import type { Contact } from "./types";

export interface FoundContact {
  id: string;
  name: string;
  addresses: string[];
  conversations: number;
  orders: number;
}
export interface MergePreview {
  kept: Contact;
  gone: Contact;
  orders: Record<string, number>;
  preferences: { call: string; forbidden_channels: string[] };
}
export interface Merged {
  id: string;
  contact: Contact;
}

export interface Callable {
  inbox_id: string;
  identity_id: string;
  number: string;
  line: string;
}
/** `because`: why not now, in sentences. `urgent_helps`: whoever says why it cannot wait may call. */
export interface MayCall {
  numbers: Callable[];
  because: string[];
  urgent_helps: boolean;
}

const root = "/api/v1";
export const findContacts = (words: string, signal?: AbortSignal) =>
  ask<{ items: FoundContact[] }>(`${root}/contacts?q=${encodeURIComponent(words)}`, signal ? { signal } : {});
export const previewMerge = (kept: string, gone: string) =>
  ask<MergePreview>(`${root}/contacts/${kept}/merge/preview`, { method: "POST", body: { other_id: gone } });
export const merge = (kept: string, gone: string) => ask<Merged>(`${root}/contacts/${kept}/merge`, { method: "POST", body: { other_id: gone } });
export const undoMerge = (id: string) => ask<{ kept: Contact; back: Contact }>(`${root}/merges/${id}/undo`, { method: "POST" });
export const acceptResemblance = (id: string) => ask<Merged>(`${root}/resemblances/${id}/accept`, { method: "POST" });
export const dismissResemblance = (id: string) => ask<null>(`${root}/resemblances/${id}/dismiss`, { method: "POST" });
export const mayCall = (conversation: string) => ask<MayCall>(`${root}/conversations/${conversation}/call`);
export const callCustomer = (conversation: string, body: { inbox_id: string; identity_id: string; urgent_because?: string }) =>
  ask<{ message_id: string }>(`${root}/conversations/${conversation}/call`, { method: "POST", body });
