// What happened to a conversation, in words. An event we have no words for is shown as the server wrote it.
import type { Message } from "../api/types";
import { sayWhen } from "../i18n/said.svelte";
import { known } from "../i18n/words.svelte";

export function eventText(message: Message): string {
  const { what = "", ...details } = message.content.event ?? {};
  const values: Record<string, string> = { who: message.author.name || known("events.somebody") || "" };
  for (const [name, value] of Object.entries(details)) values[name] = word(value);
  return formOf(what, details, values) ?? (message.text || what);
}

function formOf(what: string, details: Record<string, unknown>, values: Record<string, string>): string | null {
  if (what === "assigned" && !details.to) return known("event.unassigned", values);
  if (what === "assigned" && values.to === values.who) return known("event.took", values);
  if (what === "moderated") return known(values.failed ? "event.not_moderated" : `event.${values.act}`, values);
  if (what === "amended") return known(values.failed ? "event.not_moderated" : `event.ours_${values.act}`, values);
  if (what !== "tagged") return known(`event.${what}`, values);
  const said = [values.added && known("event.tagged", values), values.removed && known("event.untagged", values)];
  return said.filter(Boolean).join(" · ");
}

function word(value: unknown): string {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\dT/.test(value) ? sayWhen(value) : (known(`priority.${value}`) ?? value);
  if (Array.isArray(value)) return value.map(word).join(", ");
  if (value && typeof value === "object" && "name" in value) return String(value.name);
  return value === null || value === undefined ? "" : String(value);
}
