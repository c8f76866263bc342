import type { Language, Words } from "./words";

const DAY = 86_400_000;

/** "9:10" as people say it; English readers get their own clock. */
export function clockTime(at: Date, language: Language): string {
  if (language === "en") return new Intl.DateTimeFormat("en", { hour: "numeric", minute: "2-digit" }).format(at);
  return `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
}

export function dayLine(at: Date, words: Words, now: Date): string {
  const days = daysBetween(at, now);
  if (days === 0) return words.today;
  return days === 1 ? words.yesterday : longDay(at, words.language, now);
}

/** "12 December", with the year when it is not this one. */
export function longDay(at: Date, language: Language, now: Date): string {
  const year = at.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { day: "numeric", month: "long", year }).format(at);
}

export function exactTime(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** Calendar days in the visitor's own zone; rounded, because a day with a clock change has 23 or 25 hours. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (time: Date) => new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
  return Math.round((midnight(to) - midnight(from)) / DAY);
}
