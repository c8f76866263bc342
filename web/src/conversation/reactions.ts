import type { MessageContent } from "../api/types";

export interface Gathered {
  emoji: string;
  count: number;
  names: string[];
}

/** Equal ones together, in the order in which the first of each came. */
export function gathered(items: NonNullable<MessageContent["reactions"]>): Gathered[] {
  const found = new Map<string, Gathered>();
  for (const { emoji, name } of items) {
    const one = found.get(emoji) ?? { emoji, count: 0, names: [] };
    one.count += 1;
    if (name) one.names.push(name);
    found.set(emoji, one);
  }
  return [...found.values()];
}
