// Wishes as people say them, and what an editor of them needs to know.
import type { Preferences, Wishes } from "../api/order-shapes";
import { known, t } from "../i18n/words.svelte";
import { sayChannel, sayWindow } from "./words";

export const callWishes = ["no_statement", "never", "only_if_urgent", "before_arrival", "required"] as const;
export const writtenWords = ["telegram", "whatsapp", "viber", "vk", "max", "messenger", "instagram", "sms", "email", "webchat"];

/** A wish that was read from words of the comment: «do not call», "intercom: 45К". */
export function sayWish(field: string, value: string): string {
  if (field === "call") return known(`call.${value}`) ?? t("wish.call");
  const name = known(`wish.${field}`) ?? field.replace(/_/g, " ");
  if (!value || value === "true" || value === "True") return name;
  const shown = field.endsWith("_channels") ? value.split(/,\s*/).map(sayChannel).join(", ") : value;
  return `${name}: ${shown}`;
}

/** What somebody wants for good; what they did not speak of is left out. */
export function sayPreferences(said: Partial<Preferences>): string[] {
  return [
    !said.call || said.call === "no_statement" ? "" : t(`call.${said.call}`),
    ...(said.preferred_channels ?? []).map((one) => t("wishes.write_in", { channel: sayChannel(one) })),
    ...(said.forbidden_channels ?? []).filter((one) => one !== "phone" || said.call !== "never").map((one) => t("wishes.not_in", { channel: sayChannel(one) })),
    said.contact_window ? sayWindow(said.contact_window) : "",
  ].filter(Boolean);
}

export const noWishes: Wishes = {
  call: "no_statement", preferred_channels: [], forbidden_channels: [], contact_window: null, delivery_window: null,
  intercom: null, floor: null, entrance: null, apartment: null, recipient_other: false, leave_at_door: false, change_from: null, gift: false,
};

/** What an editor shows: that nobody may call is said by the wish about calls alone, not by a forbidden telephone as well. */
export function editable<T extends Pick<Wishes, "call" | "forbidden_channels">>(stored: T): T {
  return stored.call === "never" ? { ...stored, forbidden_channels: stored.forbidden_channels.filter((one) => one !== "phone") } : stored;
}

export const places = ["entrance", "floor", "apartment", "intercom"] as const;
export const flags = ["leave_at_door", "recipient_other", "gift"] as const;

/** Empty words are no wishes. */
export function tidied(wishes: Wishes): Wishes {
  const text = (value: string | null) => value?.trim() || null;
  const window = (one: Wishes["contact_window"]) => (one && (one.from || one.to || one.days !== "any") ? { ...one, from: one.from || null, to: one.to || null } : null);
  return {
    ...wishes,
    intercom: text(wishes.intercom), floor: text(wishes.floor), entrance: text(wishes.entrance), apartment: text(wishes.apartment),
    contact_window: window(wishes.contact_window), delivery_window: window(wishes.delivery_window),
    change_from: wishes.change_from || null,
  };
}
