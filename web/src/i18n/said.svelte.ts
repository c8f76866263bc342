// Time, sizes and numbers in the words of the language in use. One clock for the whole application.
import { brief, clock as clockOf, dayLine, exact, span, spoken, type DayWords } from "./time";
import { language, t } from "./words.svelte";

const ticking = $state({ now: Date.now() });
if (typeof window !== "undefined") setInterval(() => (ticking.now = Date.now()), 10_000);

export function now(): Date {
  return new Date(ticking.now);
}

function words(): DayWords {
  return { today: t("time.today"), yesterday: t("time.yesterday"), tomorrow: t("time.tomorrow"), at: t("time.at") };
}
const where = () => ({ language: language() });

export const sayWhen = (at: string) => spoken(new Date(at), now(), where(), words());
export const sayDay = (at: string) => dayLine(new Date(at), now(), where(), words());
export const sayBrief = (at: string) => brief(new Date(at), now(), where());
export const sayClock = (at: string) => clockOf(new Date(at), where());
export const sayExact = (at: string) => exact(new Date(at), where());

/** "4 min", "2 h", "3 d": for the waiting clock in a row. */
export function saySpan(since: string): string {
  const { n, unit } = span(new Date(since), now());
  return unit === "minute" ? t("span.minute", { n }) : unit === "hour" ? t("span.hour", { n }) : t("span.day", { n });
}

/** "waiting for 4 minutes": for hover and screen readers. */
export function sayWaiting(since: string): string {
  const { n, unit } = span(new Date(since), now());
  return unit === "minute" ? t("waiting.minute", { n }) : unit === "hour" ? t("waiting.hour", { n }) : t("waiting.day", { n });
}

export function saySize(bytes: number | null): string {
  if (bytes === null) return "";
  const units = [t("size.b"), t("size.kb"), t("size.mb"), t("size.gb")];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < 3) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toLocaleString(language(), { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })}\u00a0${units[unit]}`;
}

export const sayNumber = (value: number) => value.toLocaleString(language());
