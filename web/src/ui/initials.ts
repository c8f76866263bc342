/** One or two letters of a name, in any script; emoji and digits alone give the bubble of somebody unknown. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).map((word) => word.match(/\p{L}/u)?.[0] ?? "").filter(Boolean);
  if (words.length === 0) return "·";
  const [first = "", second = ""] = words;
  return (first + second).toLocaleUpperCase();
}

/** A steady choice among five quiet tints. */
export function tint(seed: string): number {
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % 5;
}
