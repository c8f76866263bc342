import type { Expected } from "./protocol";
import { clockTime, daysBetween, longDay } from "./when";
import { counted, type Words } from "./words";
import type { Unit } from "./words/shape";

const HOUR = 3600_000;
const FIVE = 300_000;

/** "We usually answer in 4 minutes", "It is night now. We will answer at about 9:10": only what the server promised. */
export function expectedWords(expected: Expected, words: Words, now: Date): string {
  if (expected.online) {
    const say = expected.measured ? words.usually : words.hope;
    return say(spanWords(expected.seconds, words));
  }
  const reason = isNight(now) ? words.night : words.away;
  const at = new Date(Math.ceil(Date.parse(expected.at ?? "") / FIVE) * FIVE); // "at about 5:27" would be nobody's word
  if (Number.isNaN(at.getTime()) || at <= now) return `${reason} ${words.answerLater}`;
  return `${reason} ${words.answerAt(words.around(dayWords(at, words, now), clockTime(at, words.language)))}`;
}

/** Rounded up, for a promise kept early is pleasant and one kept late is not: 1, 2 … 10, 15 … 60 min, hours, days. */
export function spanOf(seconds: number): { unit: Unit; count: number } {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes <= 10) return { unit: "minute", count: minutes };
  if (minutes <= 55) return { unit: "minute", count: Math.ceil(minutes / 5) * 5 };
  const hours = Math.ceil(minutes / 60);
  return hours < 24 ? { unit: "hour", count: hours } : { unit: "day", count: Math.ceil(hours / 24) };
}

function spanWords(seconds: number, words: Words): string {
  const { unit, count } = spanOf(seconds);
  return count === 1 ? words.oneSpan[unit] : counted(words.language, words.span[unit], count);
}

function dayWords(at: Date, words: Words, now: Date): string {
  const days = daysBetween(now, at);
  // At night the coming morning is simply "at 9:10", on whichever side of midnight we are.
  if (days === 0 || (isNight(now) && at.getTime() - now.getTime() < 12 * HOUR)) return "";
  if (days === 1) return words.tomorrow;
  return days < 7 ? (words.weekdays[at.getDay()] ?? "") : longDay(at, words.language, now);
}

function isNight(now: Date): boolean {
  return now.getHours() >= 22 || now.getHours() < 7;
}
