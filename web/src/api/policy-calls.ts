// The policy, its words, and what would be if: on one page.
import { ask } from "./http";
import type { Policy, PolicyData, PolicyVersion } from "./policy-shapes";

const root = "/api/v1";

export const policy = () => ask<Policy>(`${root}/policy`);
export const savePolicy = (data: PolicyData, note: string) => ask<Policy>(`${root}/policy`, { method: "PUT", body: { data, note } });
export const versions = () => ask<{ items: PolicyVersion[] }>(`${root}/policy/versions`);
export const version = (n: number) => ask<Policy>(`${root}/policy/versions/${n}`);
/** One policy played through: figures, and series of {label, value}. */
export interface Run {
  name: string;
  figures: Record<string, number>;
  series: Record<string, { label: string; value: number }[]>;
}
/** Last month's orders under these rules and under the present ones. */
export const rehearse = (data: PolicyData, since: string) => ask<{ runs: Run[] }>(`${root}/policy/rehearse`, { method: "POST", body: { data, since } });
export const simulate = (body: { policies: (string | PolicyData)[]; orders?: number; since?: string }) =>
  ask<{ runs: Run[] }>(`${root}/simulate`, { method: "POST", body });

/** One text: built-in words, and the owner's own in their place (empty: none). `channel` empty means all channels. */
export interface Template {
  kind: string;
  language: string;
  channel: string;
  built_in: string;
  text: string;
  limit: number | null;
}
export interface Preview {
  text: string;
  characters: number;
  limit: number | null;
  parts?: number; // of an SMS
  buttons: string[];
}
export const templates = () => ask<{ items: Template[] }>(`${root}/templates`);
export const saveTemplate = (body: Pick<Template, "kind" | "language" | "channel" | "text">) => ask<unknown>(`${root}/templates`, { method: "PUT", body });
export const previewTemplate = (body: Pick<Template, "kind" | "language" | "channel"> & { text?: string }, signal: AbortSignal) =>
  ask<Preview>(`${root}/templates/preview`, { method: "POST", body, signal });
