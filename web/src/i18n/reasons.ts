// What the server says went wrong, in the reader's language. The server says it in English, to programs too, and so it
// is stored. Its sentence is the key: reasons.LANGUAGE.json has the words beside it, {} where a name or a number stands.
// A vendor's own words stay as they came, wherever in the sentence they stand.
import type { Language } from "../api/types";

type Words = Record<string, string>;
interface Pattern { fits: RegExp; words: string; named: boolean }
export interface Reasons { whole: Map<string, string>; patterns: Pattern[]; said: Map<string, string> }

const loaders: Partial<Record<Language, () => Promise<{ default: Words }>>> = {
  ru: () => import("./reasons.ru.json"),
  uk: () => import("./reasons.uk.json"),
};
const loading = new Map<Language, Promise<Reasons>>();

/** Null where the server's own English is what is wanted. */
export function fetchReasons(language: Language): Promise<Reasons> | null {
  const load = loaders[language];
  if (!load) return null;
  const coming = loading.get(language) ?? load().then((found) => prepare(found.default));
  loading.set(language, coming);
  coming.catch(() => loading.delete(language)); // the next reason asks again
  return coming;
}

export function prepare(words: Words): Reasons {
  const open = Object.keys(words).filter((one) => one.includes("{}"));
  open.sort((one, other) => letters(other) - letters(one)); // what says most is tried first
  return { whole: new Map(Object.entries(words)), patterns: open.map((one) => pattern(one, words[one]!)), said: new Map() };
}

/** The sentence in the book's language; what nobody has words for stays. A list shows the same again and again. */
export function said(sentence: string, book: Reasons): string {
  const before = book.said.get(sentence);
  if (before !== undefined) return before;
  const now = reworded(sentence, book) ?? sentence;
  book.said.set(sentence, now);
  return now;
}

/** The sentence in other words, all of it or the parts that we have words for; null when there is none. `after`: it stands
 *  behind a vendor's name, and may be the vendor's own. */
function reworded(text: string, book: Reasons, after = false): string | null {
  if (text.includes("\n")) return some(text.split("\n"), book)?.join("\n") ?? null; // a line for each thing
  const words = book.whole.get(text);
  if (words !== undefined) return words;
  for (const one of book.patterns) {
    const found = after && one.named ? null : one.fits.exec(text);
    if (found) return filled(one.words, found.slice(1), book);
  }
  return composed(text, book, after);
}

function filled(words: string, values: string[], book: Reasons): string {
  let next = 0;
  return words.replaceAll("{}", () => {
    const value = values[next++] ?? "";
    return reworded(value, book) ?? value;
  });
}

/** "Vendor: reason (code). What to do." is said part by part. */
function composed(text: string, book: Reasons, after: boolean): string | null {
  const sentences = text.split(/(?<=[.!?]) (?=\p{Lu})/u);
  if (sentences.length > 1) return some(sentences, book)?.join(" ") ?? null;
  const [, inner, code] = text.match(/^(.+?)( \([^()]*\)\.?|\.)$/s) ?? [];
  if (inner) {
    const told = reworded(inner, book, after) ?? reworded(inner[0]!.toLowerCase() + inner.slice(1), book, after);
    return told && told[0]!.toUpperCase() + told.slice(1) + code;
  }
  const colon = text.indexOf(": ");
  if (colon < 1) return null;
  const [head, rest] = [text.slice(0, colon), text.slice(colon + 2)];
  const [named, said] = [reworded(head, book, true), reworded(rest, book, true)];
  return named === null && said === null ? null : `${named ?? head}: ${said ?? rest}`;
}

function some(parts: string[], book: Reasons): string[] | null {
  const said = parts.map((one) => reworded(one, book));
  return said.some((one) => one !== null) ? said.map((one, index) => one ?? parts[index]!) : null;
}

const letters = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;

/** What begins with a name and says little ("{} is busy") means a name only, and no sentence of a vendor's. */
function pattern(text: string, words: string): Pattern {
  const named = text.startsWith("{} ") && letters(text) < 20;
  const source = text.split("{}").map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("(.*?)");
  return { fits: new RegExp(`^${named ? source.replace("(.*?)", "((?:(?!: ).)*?)") : source}$`, "s"), words, named };
}
