import { describe, expect, it } from "vitest";
import { en } from "./en";
import { choose, phrase, type Plural } from "./plural";
import { ru } from "./ru";
import { uk } from "./uk";

describe("plurals", () => {
  const said = (n: number) => phrase(ru["conversation.news"], { n }, "ru");

  it("follows the three Russian forms", () => {
    expect([1, 2, 5, 11, 21, 104].map(said)).toEqual(["1 новое сообщение", "2 новых сообщения", "5 новых сообщений", "11 новых сообщений", "21 новое сообщение", "104 новых сообщения"]);
  });

  it("follows the Ukrainian forms", () => {
    expect([1, 3, 7].map((n) => phrase(uk["outbox.tries"], { n }, "uk"))).toEqual(["1 спроба", "3 спроби", "7 спроб"]);
  });

  it("falls back to `other` where a language has fewer forms", () => {
    expect(choose({ one: "day", other: "days" }, 5, "en")).toBe("days");
    expect(choose({ other: "дней" }, 2, "ru")).toBe("дней");
  });

  it("keeps a placeholder that has no value and never treats a value as a pattern", () => {
    expect(phrase("{who}: {text}", { text: "$& {who}" }, "en")).toBe("{who}: $& {who}");
  });
});

describe("dictionaries", () => {
  const holes = (entry: string | Plural) => [...new Set([...JSON.stringify(entry).matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

  it.each([["ru", ru], ["uk", uk]] as const)("%s uses the same values as English in every phrase", (_, words) => {
    // An inbox's name is said in some languages and not in others.
    const different = (Object.keys(en) as (keyof typeof en)[]).filter((key) => holes(words[key]).some((name) => !holes(en[key]).includes(name)) || (key !== "conversation.went_on" && holes(en[key]).some((name) => !holes(words[key]).includes(name))));
    expect(different).toEqual([]);
  });

  it.each([["ru", ru], ["uk", uk]] as const)("%s has every form that its rules ask for", (language, words) => {
    const asked = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const short = Object.entries(words).filter(([, entry]) => typeof entry !== "string" && asked.some((form) => !(form in entry)));
    expect(short.map(([key]) => key)).toEqual([]);
  });

  it("has no empty phrase", () => {
    for (const words of [en, ru, uk]) expect(Object.entries(words).filter(([, entry]) => entry === "")).toEqual([]);
  });
});
