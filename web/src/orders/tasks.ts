// What a person has to do, and how it may end.
import type { TaskFields, TaskKind, TaskResult } from "../api/order-shapes";

/** One press each; the first is what is hoped for. */
export const results: Record<TaskKind, readonly TaskResult[]> = {
  call: ["answered", "no_answer", "dropped"],
  read: ["done"],
  look: ["done", "dropped"],
  slot: ["done", "dropped"],
};

/** Whether the call may be made at this moment; a task without hours may be done at any. */
export function hoursNow(task: Pick<TaskFields, "not_before" | "not_after">, now: Date): boolean {
  if (task.not_before && now < new Date(task.not_before)) return false;
  return !task.not_after || now < new Date(task.not_after);
}

const buyer = /^(phone|email|address)_|^(twins|refused_before|large_sum|from_one_device|cash|base)$/;
/** A look at whether the buyer is real; other looks are at parcels and at people nobody could reach. */
export const aboutBuyer = (task: Pick<TaskFields, "because">): boolean => task.because.some((one) => buyer.test(one.why));

/** What the task is called: a look at a parcel is no look at a buyer. */
export const titleOf = (task: Pick<TaskFields, "kind" | "because">) => (task.kind === "look" && !aboutBuyer(task) ? "task.look_closer" : `task.${task.kind}`) as "task.look_closer" | `task.${TaskKind}`;

const order: readonly TaskKind[] = ["call", "slot", "read", "look"];

/** Calls that may be made now first, for their hours pass; then oldest first. */
export function sortTasks<T extends TaskFields & { at?: string; created_at?: string }>(tasks: T[], now: Date): T[] {
  const rank = (task: T) => (task.kind === "call" && !hoursNow(task, now) ? order.length : order.indexOf(task.kind));
  const since = (task: T) => task.created_at ?? task.at ?? "";
  return [...tasks].sort((one, other) => rank(one) - rank(other) || since(one).localeCompare(since(other)));
}
