// Sentences with choices in them, and figures in words.
import { known, t } from "../i18n/words.svelte";
import { sayChannel } from "../orders/words";

export interface Piece {
  text: string;
  slot: string;
}

/** "wait {within} for it" → text, slot, text. */
export function slots(sentence: string): Piece[] {
  return sentence.split(/(\{\w+\})/).filter(Boolean).map((part) => (part.startsWith("{") ? { text: "", slot: part.slice(1, -1) } : { text: part, slot: "" }));
}

export function sayDuration(seconds: number): string {
  if (seconds % 86_400 === 0 && seconds >= 172_800) return t("duration.days", { n: seconds / 86_400 });
  if (seconds % 3600 === 0) return t("duration.hours", { n: seconds / 3600 });
  return t("duration.minutes", { n: Math.max(1, Math.round(seconds / 60)) });
}

export const sayMedium = (word: string): string => known(`media.${word}`) ?? sayChannel(word);
export const sayMedia = (media: string[]): string => media.map(sayMedium).join(", ") || t("media.none");
