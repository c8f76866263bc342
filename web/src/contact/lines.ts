// The customer's numbers, each with the lines of ours that could call it.
import type { Callable } from "../api/people-calls";

export interface Way {
  key: string; // the number's identity
  all: Callable[];
  one: Callable; // the line that will be used
}

/** `through`: the line chosen for a number; else the first, which the server thinks best. */
export function waysToCall(numbers: Callable[], through: Record<string, string>): Way[] {
  const lines = new Map<string, Callable[]>();
  for (const one of numbers) lines.set(one.identity_id, [...(lines.get(one.identity_id) ?? []), one]);
  return [...lines].map(([key, all]) => ({ key, all, one: all.find((line) => line.inbox_id === through[key]) ?? all[0]! }));
}
