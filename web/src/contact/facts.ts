// What is shown of a person beside the conversation.

export function languageName(code: string, shownIn: string): string {
  return capital(nameOf("language", code, shownIn));
}

export function placeName(code: string, shownIn: string): string {
  return /^[A-Za-z]{2}$/.test(code) ? nameOf("region", code.toUpperCase(), shownIn) : code;
}

function nameOf(type: "language" | "region", code: string, shownIn: string): string {
  try {
    return new Intl.DisplayNames([shownIn], { type }).of(code) ?? code;
  } catch {
    return code; // not a code at all: shown as it came
  }
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

const CODES = new Set(["user_id", "teams_user", "directory_id", "organisation", "sub"]); // of machines, for machines

/** Facts a person can read, as name, value and title: nested, empty and mere codes are left out, long ones are cut. */
export function factsOf(facts: Record<string, unknown>, titleOf: (name: string) => string | null = () => null, most = 24): [string, string, string][] {
  return Object.entries(facts)
    .filter(([name, value]) => !name.startsWith("_") && !CODES.has(name) && ["string", "number", "boolean"].includes(typeof value) && value !== "")
    .slice(0, most)
    .map(([name, value]) => [name, String(value).slice(0, 300), titleOf(name) ?? capital(name.replace(/_/g, " "))]);
}

/** "shop.example/catalog/lamps" of a whole address; the rest is on hover. */
export function shortAddress(address: string): string {
  try {
    const url = new URL(address);
    return decodeURI(url.host + (url.pathname === "/" ? "" : url.pathname)).slice(0, 80);
  } catch {
    return address.slice(0, 80);
  }
}
