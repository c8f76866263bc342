/** The forms a language needs; `other` stands in for those it does not have. */
export interface Plural {
  one?: string;
  few?: string;
  many?: string;
  other: string;
}

export type Values = Record<string, string | number>;

const rules = new Map<string, Intl.PluralRules>();

export function choose(forms: Plural, count: number, language: string): string {
  let rule = rules.get(language);
  if (!rule) rules.set(language, (rule = new Intl.PluralRules(language)));
  const form = rule.select(count);
  return (form === "one" || form === "few" || form === "many" ? forms[form] : undefined) ?? forms.other;
}

/** Puts values in place of {name}; numbers are written as the language writes them. */
export function fill(text: string, values: Values, language: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? value.toLocaleString(language) : value;
  });
}

export function phrase(entry: string | Plural, values: Values, language: string): string {
  const text = typeof entry === "string" ? entry : choose(entry, Number(values.n ?? 0), language);
  return fill(text, values, language);
}
