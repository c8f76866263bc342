// The way of an order as steps, so that a status is read from its place and its word, never only from a colour.
import type { OrderStatus } from "../api/order-shapes";

export interface ProgressStep {
  status: OrderStatus;
  state: "done" | "now" | "ahead";
}

export const ended: readonly OrderStatus[] = ["delivered", "cancelled", "returned"];

export function isOpen(status: OrderStatus): boolean {
  return !ended.includes(status);
}

/** What is carried to a door is never at a pickup point; whatever waits at a point is not carried to a door. */
export function way(method: string, status: OrderStatus): OrderStatus[] {
  const last: OrderStatus = status === "at_pickup" || (status !== "out_for_delivery" && (method === "pickup" || method === "post")) ? "at_pickup" : "out_for_delivery";
  return ["placed", "confirmed", "packed", "shipped", last, "delivered"];
}

/** A cancelled or returned order has no place on the way: every step is behind it or will never come. */
export function progress(status: OrderStatus, method: string): ProgressStep[] {
  const steps = way(method, status);
  const at = steps.indexOf(status);
  return steps.map((one, index) => ({ status: one, state: index < at || status === "delivered" ? "done" : index === at ? "now" : "ahead" }));
}
