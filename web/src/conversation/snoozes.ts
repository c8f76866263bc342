import { wallTime, weekday } from "../i18n/time";

export type SnoozeName = "hours" | "evening" | "tomorrow" | "monday" | "week";
export interface Snooze {
  name: SnoozeName;
  until: Date;
}

/** What is worth offering now, in the zone of the shop: no evening at night, no Monday twice. */
export function snoozes(now: Date, zone?: string): Snooze[] {
  const today = weekday(now, zone);
  const evening = wallTime(now, 0, 18, zone);
  const monday = 8 - today;
  const offered: Snooze[] = [{ name: "hours", until: new Date(now.getTime() + 2 * 3_600_000) }];
  if (evening.getTime() - now.getTime() > 2 * 3_600_000) offered.push({ name: "evening", until: evening });
  offered.push({ name: "tomorrow", until: wallTime(now, 1, 9, zone) });
  if (monday > 1) offered.push({ name: "monday", until: wallTime(now, monday, 9, zone) });
  offered.push({ name: "week", until: wallTime(now, 7, 9, zone) });
  return offered;
}
