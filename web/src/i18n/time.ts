// Times as people say them. `now` and the zone are arguments, so that every sentence can be tested.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface Where {
  language: string;
  zone?: string | undefined;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format({ language, zone }: Where, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = language === "en" ? "en-GB" : language;
  const key = JSON.stringify([locale, zone, options]);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale, { ...options, ...(zone ? { timeZone: zone } : {}) })));
  return found;
}

/** 2026-03-14, in the given zone: to compare days without arithmetic on clocks that change. */
export function dayOf(at: Date, where: Where): string {
  const parts = format({ language: "en", zone: where.zone }, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** Whole days between two calendar days: 0 today, 1 yesterday, -1 tomorrow. */
export function daysAgo(at: Date, now: Date, where: Where): number {
  return Math.round((Date.parse(dayOf(now, where)) - Date.parse(dayOf(at, where))) / day);
}

export function clock(at: Date, where: Where): string {
  return format(where, { hour: "2-digit", minute: "2-digit" }).format(at);
}

export function exact(at: Date, where: Where): string {
  return format(where, { dateStyle: "full", timeStyle: "medium" }).format(at);
}

export interface DayWords {
  today: string;
  yesterday: string;
  tomorrow: string;
  at: string; // "{day} at {time}"
}

/** "yesterday at 18:40", "Tuesday at 09:05", "3 March at 12:00", "3 March 2025". */
export function spoken(at: Date, now: Date, where: Where, words: DayWords): string {
  const ago = daysAgo(at, now, where);
  if (Math.abs(ago) > 300) return dayLine(at, now, where, words);
  return words.at.replace("{day}", dayLine(at, now, where, words)).replace("{time}", clock(at, where));
}

/** The line between two days of a conversation. */
export function dayLine(at: Date, now: Date, where: Where, words: DayWords): string {
  const ago = daysAgo(at, now, where);
  if (ago === 0) return words.today;
  if (ago === 1) return words.yesterday;
  if (ago === -1) return words.tomorrow;
  if (ago > 1 && ago < 7) return format(where, { weekday: "long" }).format(at);
  const sameYear = dayOf(at, where).slice(0, 4) === dayOf(now, where).slice(0, 4);
  const text = format(where, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }).format(at);
  return text.replace(/\s*[гр]+\.$/, ""); // Russian and Ukrainian formats add "г.", "р."
}

/** The shortest that still says when: 18:40 today, "yd"-less weekday this week, else the date. For narrow rows. */
export function brief(at: Date, now: Date, where: Where): string {
  const ago = daysAgo(at, now, where);
  if (ago === 0) return clock(at, where);
  if (ago > 0 && ago < 7) return format(where, { weekday: "short" }).format(at);
  const sameYear = dayOf(at, where).slice(0, 4) === dayOf(now, where).slice(0, 4);
  return format(where, sameYear ? { day: "numeric", month: "short" } : { day: "2-digit", month: "2-digit", year: "2-digit" }).format(at);
}

export type Unit = "minute" | "hour" | "day";

/** How long somebody has waited, in the largest unit that is at least one. */
export function span(since: Date, now: Date): { n: number; unit: Unit } {
  const passed = Math.max(0, now.getTime() - since.getTime());
  if (passed < hour) return { n: Math.floor(passed / minute), unit: "minute" };
  if (passed < day) return { n: Math.floor(passed / hour), unit: "hour" };
  return { n: Math.floor(passed / day), unit: "day" };
}

export type Patience = "calm" | "soon" | "late";

/** Grey until three quarters of the promise have passed, then amber, then red. */
export function patience(since: Date, now: Date, promiseSeconds: number): Patience {
  const share = (now.getTime() - since.getTime()) / (promiseSeconds * 1000);
  return share >= 1 ? "late" : share >= 0.75 ? "soon" : "calm";
}

/** The moment in `zone` where the wall shows `hours`:00, `days` after today there. */
export function wallTime(now: Date, days: number, hours: number, zone?: string): Date {
  const [year = 0, month = 1, date = 1] = dayOf(now, { language: "en", zone }).split("-").map(Number);
  const guess = Date.UTC(year, month - 1, date + days, hours);
  // Twice: the first correction may step over a change of summer time.
  let result = guess - offset(new Date(guess), zone);
  result = guess - offset(new Date(result), zone);
  return new Date(result);
}

/** Milliseconds by which the zone's wall is ahead of UTC at that moment. */
export function offset(at: Date, zone?: string): number {
  const parts = format({ language: "en", zone }, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(at.getTime() / 1000) * 1000;
}

/** 1 Monday … 7 Sunday, in the zone. */
export function weekday(at: Date, zone?: string): number {
  return new Date(dayOf(at, { language: "en", zone })).getUTCDay() || 7;
}
