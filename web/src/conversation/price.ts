import type { Message } from "../api/types";

/** What a message cost, as small as vendors count: “2 SMS, $0.0158”. Empty when nobody has said. */
export function sayPrice(price: Message["content"]["price"], language: string): string {
  if (!price) return "";
  const parts = price.units && price.units > 1 ? `${price.units} SMS` : "";
  const value = Number(price.amount);
  if (!price.amount || !Number.isFinite(value)) return parts;
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 4 };
  const locale = language === "en" ? "en-GB" : language;
  const currency = /^[A-Z]{3}$/.test(price.currency ?? "") ? price.currency : undefined;
  const sum = value.toLocaleString(locale, currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol", ...digits } : digits);
  return [parts, sum].filter(Boolean).join(", ");
}
