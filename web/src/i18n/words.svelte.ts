// The language in use. Only its dictionary is fetched; switching needs no reload.
import type { Language } from "../api/types";
import { phrase, type Plural, type Values } from "./plural";
import { fetchReasons, said, type Reasons } from "./reasons";
import type { Dictionary, Key, OrdersWords, PeopleWords, PolicyWords } from "./shape";

type By<T> = Record<Language, () => Promise<T>>;
type Words = Partial<Record<Key, string | Plural>>;

const loaders: By<Dictionary> = {
  en: async () => (await import("./en")).en,
  ru: async () => (await import("./ru")).ru,
  uk: async () => (await import("./uk")).uk,
};
const parts: { orders: By<OrdersWords>; people: By<PeopleWords>; policy: By<PolicyWords> } = {
  orders: {
    en: async () => (await import("./orders.en")).orders,
    ru: async () => (await import("./orders.ru")).orders,
    uk: async () => (await import("./orders.uk")).orders,
  },
  people: {
    en: async () => (await import("./people.en")).people,
    ru: async () => (await import("./people.ru")).people,
    uk: async () => (await import("./people.uk")).people,
  },
  policy: {
    en: async () => (await import("./policy.en")).policy,
    ru: async () => (await import("./policy.ru")).policy,
    uk: async () => (await import("./policy.uk")).policy,
  },
};
export type Part = keyof typeof parts;

let words = $state.raw<Words | null>(null);
let spoken = $state<Language>("en");
const learned = new Map<Part, Promise<void>>();

/** Fetches the words of a part of the application; they stay, and change with the language. */
export async function learn(part: Part): Promise<void> {
  const asked = learned.get(part);
  if (asked) return asked;
  const coming = parts[part][spoken]().then((found) => void (words = { ...words, ...found }));
  learned.set(part, coming);
  coming.catch(() => learned.delete(part)); // the next visit asks again
  return coming;
}

export async function speak(language: Language): Promise<void> {
  const found: Words[] = await Promise.all([loaders[language](), ...[...learned.keys()].map((part) => parts[part][language]())]);
  words = Object.assign({}, ...found) as Words;
  spoken = language;
  reasons = null;
  document.documentElement.lang = language;
  try {
    localStorage.setItem("prilavok.language", language);
  } catch {
    // Without storage the language comes from the account at the next visit.
  }
}

export function language(): Language {
  return spoken;
}

export function t(key: Key, values: Values = {}): string {
  const entry = words?.[key];
  return entry === undefined ? "" : phrase(entry, values, spoken);
}

/** For vocabularies that the server may extend (events, states, channels): null when there is no word yet. */
export function known(key: string, values: Values = {}): string | null {
  return words && Object.hasOwn(words, key) ? t(key as Key, values) : null;
}

/** A reason that the server gives as a word of ours, or as a sentence already. */
export function sayWhy(reason: string | null | undefined): string {
  if (!reason) return "";
  const [, code = "", detail = ""] = reason.match(/^(\w+)(?:: (.+))?$/s) ?? [];
  const told = sayReason(detail);
  const word = known(`why.${code}`, { detail: told && `: ${told}` });
  if (word?.includes(told)) return word; // our word for it has the vendor's reason in it
  return word === null ? sayReason(reason) : sayWhy(detail) || word; // "unreachable: the vendor's own sentence"
}

let reasons = $state.raw<Reasons | null>(null);

/** Fetches the words for what the server refuses; without them it is said as it came. */
export async function learnReasons(): Promise<void> {
  const asked = spoken;
  const found = (await fetchReasons(asked)?.catch(() => null)) ?? null;
  if (asked === spoken) reasons = found;
}

/** A sentence of the server's in the reader's language, as soon as its words are there. */
export function sayReason(sentence: string | null | undefined): string {
  if (spoken === "en" || !sentence) return sentence ?? "";
  if (reasons === null) void learnReasons();
  return reasons ? said(sentence, reasons) : sentence;
}

export function sayRefusal(detail: string): string {
  return detail.startsWith("Expected `") ? t("server.shape") || detail : sayReason(detail);
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
