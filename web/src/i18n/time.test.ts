import { describe, expect, it } from "vitest";
import { brief, dayLine, daysAgo, offset, patience, span, spoken, wallTime, weekday } from "./time";

const kyiv = { language: "ru", zone: "Europe/Kyiv" };
const words = { today: "сегодня", yesterday: "вчера", tomorrow: "завтра", at: "{day} в {time}" };
const now = new Date("2026-11-18T10:00:00Z"); // Wednesday noon in Kyiv
const say = (at: string, where = kyiv) => spoken(new Date(at), now, where, words);

describe("times as people say them", () => {
  it("says today, yesterday and tomorrow by the calendar, not by 24 hours", () => {
    expect(say("2026-11-18T07:05:00Z")).toBe("сегодня в 09:05");
    expect(say("2026-11-17T22:30:00Z")).toBe("сегодня в 00:30");
    expect(say("2026-11-17T16:40:00Z")).toBe("вчера в 18:40");
    expect(say("2026-11-19T05:00:00Z")).toBe("завтра в 07:00");
  });

  it("names the weekday within a week, then the date, then the year", () => {
    expect(say("2026-11-15T10:00:00Z")).toBe("воскресенье в 12:00");
    expect(say("2026-11-03T10:00:00Z")).toBe("3 ноября в 12:00");
    expect(say("2025-11-03T10:00:00Z")).toBe("3 ноября 2025");
  });

  it("speaks English with a 24-hour clock", () => {
    const english = { today: "today", yesterday: "yesterday", tomorrow: "tomorrow", at: "{day} at {time}" };
    expect(spoken(new Date("2026-11-17T16:40:00Z"), now, { language: "en", zone: "Europe/Kyiv" }, english)).toBe("yesterday at 18:40");
  });

  it("leaves no year sign behind in Russian and Ukrainian", () => {
    const old = new Date("2024-02-05T10:00:00Z");
    expect(dayLine(old, now, kyiv, words)).toBe("5 февраля 2024");
    expect(dayLine(old, now, { ...kyiv, language: "uk" }, words)).toBe("5 лютого 2024");
  });

  it("is brief in a row: clock, weekday, date", () => {
    expect(brief(new Date("2026-11-18T07:05:00Z"), now, kyiv)).toBe("09:05");
    expect(brief(new Date("2026-11-16T07:05:00Z"), now, kyiv)).toBe("пн");
    expect(brief(new Date("2025-11-16T07:05:00Z"), now, kyiv)).toBe("16.11.25");
  });

  it("counts days across a change of summer time", () => {
    expect(daysAgo(new Date("2026-10-24T22:30:00Z"), new Date("2026-10-26T00:30:00Z"), kyiv)).toBe(1);
  });
});

describe("the waiting clock", () => {
  it("uses the largest unit that is at least one", () => {
    expect(span(new Date(now.getTime() - 59 * 60_000), now)).toEqual({ n: 59, unit: "minute" });
    expect(span(new Date(now.getTime() - 60 * 60_000), now)).toEqual({ n: 1, unit: "hour" });
    expect(span(new Date(now.getTime() - 49 * 3_600_000), now)).toEqual({ n: 2, unit: "day" });
    expect(span(new Date(now.getTime() + 5000), now)).toEqual({ n: 0, unit: "minute" });
  });

  it("turns amber at three quarters of the promise and red when it is broken", () => {
    const after = (minutes: number) => patience(new Date(now.getTime() - minutes * 60_000), now, 900);
    expect([after(11), after(12), after(15)]).toEqual(["calm", "soon", "late"]);
  });
});

describe("the wall clock of a zone", () => {
  it("finds nine in the morning on both sides of summer time", () => {
    expect(wallTime(now, 1, 9, "Europe/Kyiv").toISOString()).toBe("2026-11-19T07:00:00.000Z");
    expect(wallTime(new Date("2026-10-24T10:00:00Z"), 1, 9, "Europe/Kyiv").toISOString()).toBe("2026-10-25T07:00:00.000Z");
    expect(wallTime(new Date("2026-03-28T10:00:00Z"), 1, 9, "Europe/Kyiv").toISOString()).toBe("2026-03-29T06:00:00.000Z");
  });

  it("knows the offset and the weekday where the shop is", () => {
    expect(offset(now, "Europe/Kyiv")).toBe(2 * 3_600_000);
    expect(weekday(new Date("2026-11-22T23:30:00Z"), "Europe/Kyiv")).toBe(1);
    expect(weekday(new Date("2026-11-22T12:30:00Z"), "UTC")).toBe(7);
  });
});
