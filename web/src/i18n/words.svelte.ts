// The language in use. Only its dictionary is fetched; switching needs no reload.
import type { Language } from "../api/types";
import { phrase, type Values } from "./plural";
import type { Dictionary, Key } from "./shape";

const loaders: Record<Language, () => Promise<Dictionary>> = {
  en: async () => (await import("./en")).en,
  ru: async () => (await import("./ru")).ru,
  uk: async () => (await import("./uk")).uk,
};

const current = $state<{ language: Language; words: Dictionary | null }>({ language: "en", words: null });

export async function speak(language: Language): Promise<void> {
  const words = await loaders[language]();
  current.words = words;
  current.language = language;
  document.documentElement.lang = language;
  try {
    localStorage.setItem("prilavok.language", language);
  } catch {
    // Without storage the language comes from the account at the next visit.
  }
}

export function language(): Language {
  return current.language;
}

export function t(key: Key, values: Values = {}): string {
  return current.words ? phrase(current.words[key], values, current.language) : "";
}

/** For vocabularies that the server may extend (events, states, channels): null when there is no word yet. */
export function known(key: string, values: Values = {}): string | null {
  return current.words && Object.hasOwn(current.words, key) ? t(key as Key, values) : null;
}

/** A reason that the server gives as a word of ours, or as a sentence already. */
export function sayWhy(reason: string | null | undefined): string {
  if (!reason) return "";
  const [, code = "", detail = ""] = reason.match(/^(\w+)(?:: (.+))?$/s) ?? [];
  const word = known(`why.${code}`);
  return word === null ? reason : sayWhy(detail) || word; // "unreachable: the vendor's own sentence"
}

/** The visitor's own choice, else what the browser asks for, else English. */
export function preferredLanguage(): Language {
  let asked: (string | null)[] = [...navigator.languages];
  try {
    asked = [localStorage.getItem("prilavok.language"), ...asked];
  } catch {
    // Storage is forbidden: the browser's languages decide.
  }
  for (const tag of asked) {
    const short = tag?.slice(0, 2).toLowerCase();
    if (short === "ru" || short === "uk" || short === "en") return short;
  }
  return "en";
}
