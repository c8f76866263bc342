// Incidents: one text for all orders that a condition chooses.
import type { Condition } from "../incidents/condition";
import { ask } from "./http";
import type { OrderStatus } from "./order-shapes";

const root = "/api/v1/incidents";

export interface Incident {
  id: string;
  name: string;
  condition: Condition;
  texts: Record<string, string>;
  urgent: boolean;
  state: "draft" | "planning" | "sending" | "stopped" | "done";
  progress: { affected: number; planned: number; waiting: number; told: number; reached: number; unreached: number; stopped: number; silent: number };
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
}
export interface Concerned {
  id: string;
  number: string;
  status: OrderStatus;
  city: string;
  name: string;
  placed_at: string;
}

export const incidents = () => ask<{ items: Incident[] }>(root);
export const incident = (id: string) => ask<Incident>(`${root}/${id}`);
export const addIncident = (body: Pick<Incident, "name" | "condition" | "texts" | "urgent">) => ask<Incident>(root, { method: "POST", body });
export const previewIncident = (condition: Condition, signal: AbortSignal) =>
  ask<{ count: number; sample: Concerned[] }>(`${root}/preview`, { method: "POST", body: { condition }, signal });
export const startIncident = (id: string) => ask<Incident>(`${root}/${id}/start`, { method: "POST" });
export const stopIncident = (id: string) => ask<{ spared: number }>(`${root}/${id}/stop`, { method: "POST" });
