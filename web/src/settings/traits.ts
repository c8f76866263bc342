import type { Capabilities } from "../api/types";

export type Trait = "trait.read" | "trait.delivered" | "trait.starts" | "trait.calls" | "trait.files" | "trait.buttons" | "trait.public" | "trait.window";

/** What an owner wants to know before choosing, read from the table of capabilities. */
export function traitsOf(able: Capabilities): Trait[] {
  const traits: Trait[] = [];
  if (able.medium === "phone") return able.starts ? ["trait.calls"] : []; // a call is not written, and not read
  if (able.receipts?.includes("read")) traits.push("trait.read");
  else if (able.receipts?.includes("delivered")) traits.push("trait.delivered");
  if (able.starts) traits.push("trait.starts");
  if (able.media) traits.push("trait.files");
  if (able.buttons) traits.push("trait.buttons");
  if (able.reply_window_hours) traits.push("trait.window");
  if (able.public) traits.push("trait.public");
  return traits;
}
