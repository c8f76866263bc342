// What the server calls by a word, as people say it.
import type { Because, TimeWindow } from "../api/order-shapes";
import { catalogue } from "../frame/catalogue.svelte";
import { known, sayReason, t } from "../i18n/words.svelte";

/** A reason in a sentence: the server's own in the reader's language; a mark of the buyer it names with particulars. What
 *  a channel answered stands in it as it came, and is said in the reader's language too. */
export function sayBecause(because: Because | null | undefined): string {
  if (!because) return "";
  const text = capital(because.text || because.why.replace(/_/g, " "));
  const { reason } = because.data ?? {};
  return typeof reason === "string" && reason ? text.replace(reason, () => sayReason(reason).replace(/\.$/, "")) : text;
}

/** Who said or decided it: a kind of party, or "agent:ID" of a colleague. */
export function sayBy(by: string | null | undefined): string {
  const [kind = "", id = ""] = (by ?? "").split(":");
  return catalogue.agents.find((one) => one.id === id)?.name ?? known(`by.${kind}`) ?? "";
}

export const sayChannel = (word: string) => catalogue.channelTitle(word);

export const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** What happened, or what is written about: an order's event, a reminder, an incident. */
export function sayOccasion(kind: string): string {
  return known(`happened.${kind}`) ?? kind.replace(/_/g, " ");
}

export function sayWindow(window: TimeWindow | null): string {
  if (!window) return "";
  const hours = window.from && window.to ? `${window.from}–${window.to}` : window.from ? t("window.from", { hour: window.from }) : window.to ? t("window.to", { hour: window.to }) : "";
  const days = window.days === "any" ? "" : t(`window.${window.days}`);
  return [hours, days].filter(Boolean).join(", ") || t("window.any");
}
