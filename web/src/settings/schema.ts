// From a channel's JSON schema to the fields of a form. The front end knows no channel: only kinds of field.
import type { JsonSchema, Language } from "../api/types";

export type FieldKind = "text" | "secret" | "area" | "number" | "bool" | "choice" | "list" | "texts" | "lines" | "colour" | "inboxes" | "agent" | "choices" | "rows" | "group" | "json";

export interface Field {
  name: string;
  path: string; // dotted, as problem+json names it
  kind: FieldKind;
  title: string;
  help: string;
  required: boolean;
  asked: boolean; // has a default, yet most shops have to look at it
  fallback: unknown;
  whole: boolean; // numbers without a fraction
  min?: number;
  max?: number;
  options: { value: unknown; title: string }[];
  fields: Field[]; // of a group, or of every row
  input: "text" | "email" | "url" | "tel";
  placeholder: string;
  when?: Choices; // shown only with these choices ...
  neededWhen?: Choices; // ... and required with those
}

type Choices = Record<string, unknown[]>;

export const languages: Language[] = ["ru", "uk", "en"];

export function fieldsOf(schema: JsonSchema, root: JsonSchema = schema, prefix = ""): Field[] {
  const object = resolve(schema, root);
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties ?? {}).map(([name, raw]) => fieldOf(name, raw, root, prefix, required.has(name)));
}

function fieldOf(name: string, raw: JsonSchema, root: JsonSchema, prefix: string, required: boolean): Field {
  const schema = resolve(raw, root);
  const path = prefix + name;
  const kind = kindOf(schema, root);
  const example = schema.examples?.[0] ?? schema.placeholder;
  const field: Field = {
    name,
    path,
    kind,
    title: schema.title && schema.title !== refName(raw) ? schema.title : humanise(name),
    help: schema.description ?? "",
    required: required || (kind === "choice" && schema.asked === true), // one of these, not "by default"
    asked: schema.asked === true,
    fallback: schema.default,
    whole: typeOf(schema) === "integer",
    options: optionsOf(kind === "choices" ? resolve(schema.items as JsonSchema, root) : schema),
    fields: kind === "group" ? fieldsOf(schema, root, `${path}.`) : kind === "rows" ? fieldsOf(schema.items as JsonSchema, root, `${path}.`) : [],
    input: schema.format === "email" ? "email" : schema.format === "uri" || schema.format === "url" ? "url" : schema.format === "tel" ? "tel" : "text",
    placeholder: typeof example === "string" ? example : "",
  };
  if (schema.minimum !== undefined) field.min = schema.minimum;
  if (schema.maximum !== undefined) field.max = schema.maximum;
  if (schema.when) field.when = schema.when as Choices;
  if (schema.needed_when) field.neededWhen = schema.needed_when as Choices;
  return field;
}

/** The fields as what is chosen in others leaves them: shown or not, required or not. */
export function present(fields: Field[], values: Values): Field[] {
  const holds = (choices: Choices) => Object.entries(choices).every(([name, wanted]) => wanted.includes(values[name]));
  return fields
    .filter((field) => !field.when || holds(field.when))
    .map((field) => (field.neededWhen && holds(field.neededWhen) ? { ...field, required: true } : field));
}

/** Follows $ref and steps through "or null"; what stands beside the reference (title, default) wins. */
export function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let current = schema;
  for (let depth = 0; depth < 8; depth += 1) {
    const { $ref, ...beside } = current;
    const options = current.anyOf ?? current.oneOf ?? current.allOf;
    if ($ref) {
      current = { ...root.$defs?.[$ref.split("/").at(-1) ?? ""], ...beside };
      continue;
    }
    const real = options?.filter((one) => one.type !== "null");
    if (!real || real.length !== 1 || !real[0]) return current;
    const { anyOf: _a, oneOf: _o, allOf: _l, ...rest } = current;
    current = { ...real[0], ...rest };
  }
  return current;
}

function refName(schema: JsonSchema): string {
  return (schema.$ref ?? schema.anyOf?.find((one) => one.$ref)?.$ref ?? "").split("/").at(-1) ?? "";
}

function typeOf(schema: JsonSchema): string {
  return Array.isArray(schema.type) ? (schema.type.find((one) => one !== "null") ?? "") : (schema.type ?? "");
}

function kindOf(schema: JsonSchema, root: JsonSchema): FieldKind {
  if (optionsOf(schema).length) return "choice";
  const type = typeOf(schema);
  if (type === "boolean") return "bool";
  if (type === "integer" || type === "number") return "number";
  if (type === "string") {
    if (schema.writeOnly || schema.format === "password") return "secret";
    if (schema.format === "agent") return "agent";
    if (schema.format === "color" || schema.format === "colour") return "colour";
    return schema.format === "textarea" || schema.format === "multiline" || (schema.maxLength ?? 0) > 500 ? "area" : "text";
  }
  if (type === "array") {
    const items = typeof schema.items === "object" ? resolve(schema.items, root) : {};
    if (schema.format === "inboxes") return "inboxes";
    if (optionsOf(items).length) return "choices";
    return typeOf(items) === "string" ? "list" : Object.keys(items.properties ?? {}).length ? "rows" : "json";
  }
  if (type === "object") {
    const names = Object.keys(schema.properties ?? {});
    if (schema.format === "texts" || (names.length > 0 && names.every((name) => inLanguage(name, "string", schema, root)))) return "texts";
    if (names.length > 0 && names.every((name) => inLanguage(name, "array", schema, root))) return "lines";
    return names.length ? "group" : isTextMap(schema) ? "texts" : "json";
  }
  return "json";
}

function inLanguage(name: string, type: string, schema: JsonSchema, root: JsonSchema): boolean {
  return (languages as string[]).includes(name) && typeOf(resolve(schema.properties?.[name] ?? {}, root)) === type;
}

/** A map of texts by language, as `dict[str, str]` describes it when a default shows the languages. */
function isTextMap(schema: JsonSchema): boolean {
  const sample = schema.default;
  return typeof sample === "object" && sample !== null && Object.keys(sample).some((key) => (languages as string[]).includes(key));
}

function optionsOf(schema: JsonSchema): { value: unknown; title: string }[] {
  const titles = schema.enum_titles as Record<string, string> | undefined;
  const values = schema.enum ?? (schema.anyOf ?? schema.oneOf)?.filter((one) => "const" in one).map((one) => one.const) ?? [];
  return values.filter((value) => value !== null).map((value) => ({ value, title: titles?.[String(value)] ?? humanise(String(value)) }));
}

function humanise(name: string): string {
  const words = name.replace(/_/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export type Values = Record<string, unknown>;

/** What the form starts with: the stored value, else the default, else the empty value of its kind. Secrets are always empty. */
export function startValues(fields: Field[], stored: Values = {}): Values {
  return Object.fromEntries(fields.map((field) => [field.name, startValue(field, stored[field.name])]));
}

function startValue(field: Field, stored: unknown): unknown {
  const value = stored ?? field.fallback;
  switch (field.kind) {
    case "secret":
      return "";
    case "bool":
      return Boolean(value);
    case "number":
      return typeof value === "number" ? value : null;
    case "rows":
      return Array.isArray(value) ? value.map((one) => startValues(field.fields, one as Values)) : [];
    case "list":
    case "choices":
    case "inboxes":
      return Array.isArray(value) ? value.map(String) : [];
    case "texts":
      return Object.fromEntries(languages.map((one) => [one, String((value as Values | undefined)?.[one] ?? "")]));
    case "lines":
      return Object.fromEntries(languages.map((one) => [one, ((value as Record<string, string[]> | undefined)?.[one] ?? []).join("\n")]));
    case "group":
      return startValues(field.fields, (value as Values | undefined) ?? {});
    case "choice":
      return value ?? (field.required ? field.options[0]?.value : null);
    case "json":
      return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
    default:
      return typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  }
}

/** What is sent. Empty numbers and untouched JSON are left out, so that the server's defaults hold; secrets go as "" to keep. */
export function configOf(fields: Field[], values: Values, { editing }: { editing: boolean }): Values {
  const config: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === "secret" && value === "" && !editing && !field.required) continue;
    if (field.kind === "number" && (value === null || value === undefined || value === "")) continue;
    if (field.kind === "choice" && value === null) continue;
    if (field.kind === "group") config[field.name] = configOf(field.fields, value as Values, { editing });
    else if (field.kind === "rows") config[field.name] = (value as Values[]).map((one) => configOf(field.fields, one, { editing }));
    else if (field.kind === "lines") config[field.name] = Object.fromEntries(Object.entries(value as Record<string, string>).map(([code, text]) => [code, lines(text)]));
    else if (field.kind === "list") config[field.name] = lines((value as string[]).join("\n"));
    else if (field.kind === "json") {
      if (typeof value === "string" && value.trim()) config[field.name] = JSON.parse(value);
    } else config[field.name] = typeof value === "string" && field.kind !== "area" ? value.trim() : value; // a space is copied along with a token more often than it is meant
  }
  return config;
}

/** What must be filled in stands open and first; a long rest is folded, and so is every address that already stands as
 * the vendor's own and is changed once in a hundred shops. Where nothing is required, everything stands open. */
export function folded(fields: Field[], most = 4): { open: Field[]; rest: Field[] } {
  const needed = fields.filter((field) => field.required || field.asked);
  if (needed.length === 0) return { open: fields, rest: [] };
  const settled = fields.filter((field) => !needed.includes(field) && isAddress(field.fallback));
  const rest = fields.filter((field) => !needed.includes(field) && !settled.includes(field));
  return rest.length + settled.length <= most ? { open: [...needed, ...rest], rest: settled } : { open: needed, rest: [...rest, ...settled] };
}

const isAddress = (value: unknown) => typeof value === "string" && /^[a-z]+:\S/.test(value);

const lines = (text: string) => text.split("\n").map((one) => one.trim()).filter(Boolean);

export type Wrong = "required" | "range" | "json";

/** What can be seen to be wrong before the server is asked: path → reason. */
export function wrongs(fields: Field[], values: Values, { editing }: { editing: boolean }): Record<string, Wrong> {
  const found: Record<string, Wrong> = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === "group") Object.assign(found, wrongs(field.fields, value as Values, { editing }));
    else if (field.kind === "rows") {
      for (const [row, one] of (value as Values[]).entries())
        for (const [path, why] of Object.entries(wrongs(field.fields, one, { editing }))) found[`${field.path}.${row}${path.slice(field.path.length)}`] = why;
    } else if (field.required && isEmpty(field, value) && !(editing && field.kind === "secret")) found[field.path] = "required";
    else if (field.kind === "number" && typeof value === "number" && (value < (field.min ?? -Infinity) || value > (field.max ?? Infinity)))
      found[field.path] = "range";
    else if (field.kind === "json" && typeof value === "string" && value.trim() && !isJson(value)) found[field.path] = "json";
  }
  return found;
}

function isEmpty(field: Field, value: unknown): boolean {
  if (field.kind === "list" || field.kind === "inboxes") return !(value as string[]).some((one) => one.trim());
  if (field.kind === "texts" || field.kind === "lines") return !Object.values(value as Values).some((one) => String(one).trim());
  if (field.kind === "bool") return false;
  return value === null || value === undefined || String(value).trim() === "";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The field of a problem ("config.token", "$.config.token", "/config/token") as a path of the form. */
export function fieldPath(named: string | null): string | null {
  if (!named) return null;
  const path = named.replace(/^[$/]+\.?/, "").replace(/[/[]/g, ".").replace(/\]/g, "").replace(/\.{2,}/g, ".");
  return path.replace(/^config\./, "");
}
