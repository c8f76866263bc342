// Orders, what is said about them and what a person has to do, on one page.
import { ask, query } from "./http";
import type { Order, OrderCounts, OrderDetail, Preferences, Task, TaskResult, TimelineItem, Wishes } from "./order-shapes";
import type { Page } from "./types";

const root = "/api/v1";

export interface OrderQuery {
  status?: string | null;
  q?: string | null;
  to_read?: 1 | null;
  outcome?: string | null;
  contact?: string | null;
  cursor?: string | null;
  limit?: number;
}
export const orders = (filter: OrderQuery, signal?: AbortSignal) => ask<Page<Order>>(`${root}/orders${query({ ...filter })}`, signal ? { signal } : {});
export const orderCounts = () => ask<OrderCounts>(`${root}/orders/counts`);
export const order = (id: string) => ask<OrderDetail>(`${root}/orders/${id}`);
export const timeline = (id: string) => ask<{ items: TimelineItem[] }>(`${root}/orders/${id}/timeline`);

export interface OrderChange {
  urgent?: boolean;
  delivery_day?: string | null;
  slot?: { from: string; to: string } | null;
  outcome?: string;
  courier?: string;
}
export const changeOrder = (id: string, change: OrderChange) => ask<unknown>(`${root}/orders/${id}`, { method: "PATCH", body: change });
export const saveWishes = (id: string, wishes: Wishes) => ask<unknown>(`${root}/orders/${id}/wishes`, { method: "PUT", body: wishes });
export const acknowledge = (id: string) => ask<unknown>(`${root}/orders/${id}/acknowledge`, { method: "POST" });
export const settleLasting = (id: string, keep: boolean) => ask<unknown>(`${root}/orders/${id}/lasting`, { method: "POST", body: { keep } });
export const courierLink = (id: string) => ask<{ url: string }>(`${root}/orders/${id}/courier-link`, { method: "POST" });
export const reviewKey = (id: string) => ask<{ key: string; fragment: string }>(`${root}/orders/${id}/review-key`, { method: "POST" });
export const stopPlan = (id: string) => ask<null>(`${root}/plans/${id}/stop`, { method: "POST" });

export const tasks = (state = "open") => ask<{ items: Task[] }>(`${root}/tasks${query({ state })}`);
export const callTask = (id: string) => ask<unknown>(`${root}/tasks/${id}/call`, { method: "POST" });
export const finishTask = (id: string, result: TaskResult) => ask<unknown>(`${root}/tasks/${id}/done`, { method: "POST", body: { result } });

export const preferences = (contact: string) => ask<Preferences>(`${root}/contacts/${contact}/preferences`);
export const savePreferences = (contact: string, body: Omit<Preferences, "by" | "updated_at">) =>
  ask<unknown>(`${root}/contacts/${contact}/preferences`, { method: "PUT", body });
