// The language in use. Only its dictionary is fetched; switching needs no reload.
import type { Language } from "../api/types";
import { phrase, type Plural, type Values } from "./plural";
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
  const word = known(`why.${code}`, { detail: detail && `: ${detail}` });
  if (word?.includes(detail)) return word; // our word for it has the vendor's reason in it
  return word === null ? reason : sayWhy(detail) || word; // "unreachable: the vendor's own sentence"
}

// What the server refuses is said in English, to programs too. What agents meet of it is said in theirs.
const REFUSALS = new Map<string, Key>([
  ["There is no such thing here.", "server.gone"],
  ["The old password is another one.", "server.password"],
  ["That is no time zone. Write it like Europe/Kyiv.", "server.zone"],
  ["This file is empty.", "server.empty_file"],
  ["The virus scanner found a virus in this file. It was not attached.", "server.virus"],
  ["A file of this message is not there. Attach it again.", "server.file_gone"],
  ["Nothing of this waits any more.", "server.nothing_waits"],
  ["Say until when it is put off: a time that is still to come.", "server.past"],
]);

// What shop platforms answer when their key is checked (`refused` in commerce/base.py).
const OF_SUPPLIERS: [RegExp, Key][] = [
  [/^(.+) does not accept the key \((\d+)\)\./, "server.key"],
  [/^(.+) has nothing at this address \((\d+)\)/, "server.nothing_there"],
  [/^(.+) has locked the shop \((\d+)\)/, "server.locked"],
  [/^(.+) (?:is busy|has a fault) \((\d+)\)/, "server.busy"],
];

export function sayRefusal(detail: string): string {
  for (const [form, key] of OF_SUPPLIERS) {
    const [, who = "", status = ""] = detail.match(form) ?? [];
    if (who) return t(key, { who, status }) || detail;
  }
  const key = REFUSALS.get(detail) ?? (detail.startsWith("Expected `") ? "server.shape" : undefined);
  return (key && t(key)) || detail;
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
