import { describe, expect, it } from "vitest";
import { expectedWords, spanOf } from "./expected";
import { counted, refusalIn, wordsFor } from "./words";
import { dayLine } from "./when";

const [ru, uk, en] = [wordsFor(["ru"]), wordsFor(["uk"]), wordsFor(["en"])];
const online = (seconds: number, measured = true) => ({ seconds, at: null, online: true, measured });
const away = (at: Date | null) => ({ seconds: 0, at: at?.toISOString() ?? null, online: false, measured: true });
const sunday = (hour: number, minute = 0) => new Date(2026, 10, 22, hour, minute);

describe("what the server refuses", () => {
  it("is said in the visitor's language, with its number", () => {
    expect(refusalIn(ru, "The message is too long: at most 4000 characters.")).toBe("Сообщение слишком длинное: не больше 4000 знаков.");
    expect(refusalIn(uk, "This file is empty.")).toBe("Цей файл порожній.");
    expect(refusalIn(ru, "Nobody has words for this.")).toBe("Nobody has words for this.");
    expect(refusalIn(en, "This file is empty.")).toBe("This file is empty.");
  });
});

describe("when the shop answers", () => {
  it("is said with the right form of the number", () => {
    const noon = sunday(12);
    expect(expectedWords(online(240), ru, noon)).toBe("Обычно отвечаем за 4 минуты");
    expect(expectedWords(online(300), ru, noon)).toBe("Обычно отвечаем за 5 минут");
    expect(expectedWords(online(20), ru, noon)).toBe("Обычно отвечаем за минуту");
    expect(expectedWords(online(240), uk, noon)).toBe("Зазвичай відповідаємо за 4 хвилини");
    expect(expectedWords(online(7200), uk, noon)).toBe("Зазвичай відповідаємо за 2 години");
    expect(expectedWords(online(3600), en, noon)).toBe("We usually answer in an hour");
  });

  it("does not say `usually` before anything was measured", () => {
    expect(expectedWords(online(600, false), ru, sunday(12))).toBe("Постараемся ответить за 10 минут");
  });

  it("names the morning at night, the day when it is far", () => {
    const morning = new Date(2026, 10, 23, 9, 10);
    expect(expectedWords(away(morning), ru, sunday(23))).toBe("Сейчас ночь. Ответим примерно в 9:10");
    expect(expectedWords(away(morning), ru, sunday(15))).toBe("Сейчас нас нет на месте. Ответим завтра примерно в 9:10");
    expect(expectedWords(away(new Date(2026, 10, 24, 10, 0)), ru, sunday(15))).toContain("во вторник примерно в 10:00");
    expect(expectedWords(away(new Date(2026, 10, 24, 10, 0)), uk, sunday(15))).toContain("у вівторок приблизно о 10:00");
    expect(expectedWords(away(new Date(2026, 11, 5, 9, 0)), ru, sunday(15))).toContain("5 декабря примерно в 9:00");
    expect(expectedWords(away(morning), en, sunday(23))).toMatch(/^It is night now\. We will answer at about 9:10/);
  });

  it("promises no hour that has passed or was not given", () => {
    expect(expectedWords(away(null), ru, sunday(12))).toBe("Сейчас нас нет на месте. Ответим, как только вернёмся");
    expect(expectedWords(away(sunday(9)), ru, sunday(12))).toContain("как только вернёмся");
  });

  it("is never earlier than measured", () => {
    for (let seconds = 1; seconds < 400_000; seconds += 97) {
      const { unit, count } = spanOf(seconds);
      expect(count * { minute: 60, hour: 3600, day: 86_400 }[unit]).toBeGreaterThanOrEqual(seconds);
    }
  });
});

describe("the language", () => {
  it("is the owner's choice, then the page's, then the visitor's", () => {
    expect(wordsFor(["uk", "ru"]).language).toBe("uk");
    expect(wordsFor([null, "ru-RU", "en"]).language).toBe("ru");
    expect(wordsFor([null, "", "de-DE", "uk-UA"]).language).toBe("uk");
    expect(wordsFor([null, "fr"]).language).toBe("en");
  });

  it("counts unread messages as people do", () => {
    const said = [1, 2, 5, 11, 21].map((n) => counted("ru", ru.unread, n));
    expect(said).toEqual(["1 новое сообщение", "2 новых сообщения", "5 новых сообщений", "11 новых сообщений", "21 новое сообщение"]);
    expect(counted("uk", uk.unread, 3)).toBe("3 нові повідомлення");
    expect(counted("en", en.unread, 1)).toBe("1 new message");
  });

  it("has every phrase in every language", () => {
    for (const words of [ru, uk]) expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
  });

  it("calls the days by their names", () => {
    const days = [sunday(1), new Date(2026, 10, 21, 23), new Date(2026, 10, 2), new Date(2025, 10, 2)];
    expect(days.map((day) => dayLine(day, ru, sunday(12)))).toEqual(["Сегодня", "Вчера", "2 ноября", "2 ноября 2025 г."]);
  });
});
