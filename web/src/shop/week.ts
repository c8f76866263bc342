import type { OpeningHours, Span } from "../api/shop-calls";

export const days = [0, 1, 2, 3, 4, 5, 6] as const;
export const usual = (): OpeningHours => ({ week: days.map((day) => (day < 5 ? [{ from: "09:00", to: "18:00" }] : [])), closed_days: [] });
export const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/** Shares of a day from 0 to 1 in which a span is open; what goes on after midnight is drawn at its beginning too. */
export function bars({ from, to }: Span): { start: number; width: number }[] {
  const start = minutes(from), end = minutes(to);
  const parts: [number, number][] = end > start ? [[start, end]] : [[start, 1440], [0, end]];
  return parts.filter(([one, other]) => other > one).map(([one, other]) => ({ start: one / 1440, width: (other - one) / 1440 }));
}

/** The first hours after those of a day that another span could have; null when the evening is full. */
export function another(spans: readonly Span[]): Span | null {
  const last = spans.at(-1);
  if (!last) return { from: "09:00", to: "18:00" };
  const start = minutes(last.to) + 60;
  if (minutes(last.to) <= minutes(last.from) || start > 22 * 60) return null;
  const clock = (value: number) => `${String(Math.floor(value / 60)).padStart(2, "0")}:${String(value % 60).padStart(2, "0")}`;
  return { from: clock(start), to: clock(Math.min(start + 180, 23 * 60 + 59)) };
}

export const named = (day: number, language: string, style: "short" | "long" = "long"): string =>
  new Date(Date.UTC(2024, 0, 1 + day)).toLocaleDateString(language, { weekday: style, timeZone: "UTC" });
