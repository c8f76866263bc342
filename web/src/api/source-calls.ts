// Where orders come from: shop platforms, carriers, tables.
import { ask, query } from "./http";
import type { JsonSchema } from "./types";

const root = "/api/v1";

export interface OrderSource {
  id: string;
  kind: string;
  family: string;
  title: string;
  name: string;
  state: "active" | "paused";
  reason: string;
  account: string;
  hook_url: string | null;
  polled: boolean;
  created_at: string;
  last_received_at: string | null;
  checked_at: string | null;
  failed_hooks: number;
  config: Record<string, unknown>;
  secret?: string;
}
export interface SourceKind {
  kind: string;
  family: string;
  title: string;
  summary: string;
  hooked: boolean;
  polled: boolean;
  config_schema: JsonSchema;
  guide: { language: string; steps: string[] };
}
export interface Import {
  id: string;
  name: string;
  state: "waiting" | "running" | "done" | "stopped" | "failed";
  total: number;
  done: number;
  created: number;
  updated: number;
  bad_count: number;
  bad: { line: number; reason: string; text: string }[];
  created_at: string;
  ended_at: string | null;
}

export const sources = () => ask<{ items: OrderSource[]; kinds: SourceKind[] }>(`${root}/sources`);
export const addSource = (body: { kind: string; name: string; config: Record<string, unknown> }) => ask<OrderSource>(`${root}/sources`, { method: "POST", body });
export const changeSource = (id: string, change: { name?: string; config?: Record<string, unknown>; state?: string }) =>
  ask<OrderSource>(`${root}/sources/${id}`, { method: "PATCH", body: change });
export const removeSource = (id: string) => ask<null>(`${root}/sources/${id}`, { method: "DELETE" });

export const imports = () => ask<{ items: Import[] }>(`${root}/imports`);
export const importOf = (id: string) => ask<Import>(`${root}/imports/${id}`);
export const beginImport = (file: File) =>
  ask<Import>(`${root}/imports${query({ name: file.name })}`, { method: "POST", raw: file, headers: { "Content-Type": file.type || "text/csv" } });
export const stopImport = (id: string) => ask<Import>(`${root}/imports/${id}/stop`, { method: "POST" });
