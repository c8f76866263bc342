import { en } from "./en";
import { ru } from "./ru";
import type { Forms, Language, Refusal, Words } from "./shape";
import { uk } from "./uk";

export type { Language, Words } from "./shape";

const BY_LANGUAGE: Record<Language, Words> = { ru, uk, en };
// Who reads Belarusian or Kazakh reads Russian sooner than English; the same holds in no other pair we know.
const NEAREST: Record<string, Language> = { ru: "ru", be: "ru", kk: "ru", ky: "ru", uk: "uk", en: "en" };

/** The words in the first language that we speak: the owner's choice, the page's, then the visitor's. */
export function wordsFor(wishes: readonly (string | null | undefined)[]): Words {
  for (const wish of wishes) {
    const language = NEAREST[(wish ?? "").toLowerCase().split(/[-_]/)[0] ?? ""];
    if (language) return BY_LANGUAGE[language];
  }
  return en;
}

/** What the server refuses, in the visitor's language where we have words for it. */
export function refusalIn(words: Words, told: string): string {
  const said = words.refusals?.[told.replace(/\d+/, "#") as Refusal];
  return said?.replace("#", told.match(/\d+/)?.[0] ?? "") ?? told;
}

/** `#` in the form becomes the number. */
export function counted(language: Language, forms: Forms, count: number): string {
  const form = forms[new Intl.PluralRules(language).select(count)] ?? forms.other ?? "";
  return form.replace("#", String(count));
}
