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

const root = "/api/v1";
export const findContacts = (words: string, signal?: AbortSignal) =>
  ask<{ items: FoundContact[] }>(`${root}/contacts?q=${encodeURIComponent(words)}`, signal ? { signal } : {});
export const previewMerge = (kept: string, gone: string) =>
  ask<MergePreview>(`${root}/contacts/${kept}/merge/preview`, { method: "POST", body: { other_id: gone } });
export const merge = (kept: string, gone: string) => ask<Merged>(`${root}/contacts/${kept}/merge`, { method: "POST", body: { other_id: gone } });
export const undoMerge = (id: string) => ask<{ kept: Contact; back: Contact }>(`${root}/merges/${id}/undo`, { method: "POST" });
export const acceptResemblance = (id: string) => ask<Merged>(`${root}/resemblances/${id}/accept`, { method: "POST" });
export const dismissResemblance = (id: string) => ask<null>(`${root}/resemblances/${id}/dismiss`, { method: "POST" });
