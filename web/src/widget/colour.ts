/** The shop chooses its accent; these rules keep every pair of text and ground at WCAG AA whatever it chose. */

export const DEFAULT_ACCENT = "#0f6b5c";
// What the accent is written on (widget.css): the surface, the shop's bubble, and the visitor's own, which is a tint of it.
const GROUNDS = {
  light: { surface: "#ffffff", shop: "#f3f0ea", own: 0.13 },
  dark: { surface: "#1d211f", shop: "#2a302d", own: 0.22 },
};
const AA = 4.5;

type Rgb = readonly [number, number, number];

export interface Palette {
  accent: string;
  onAccent: string; // text on the accent
  wordLight: string; // the accent as text on the light surface
  wordDark: string; // and on the dark one
}

export function paletteOf(chosen: string): Palette {
  const accent = parse(chosen) ?? (parse(DEFAULT_ACCENT) as Rgb);
  const onAccent = contrast(accent, [255, 255, 255]) >= AA ? "#ffffff" : "#000000";
  return {
    accent: hex(accent),
    onAccent,
    wordLight: readable(accent, groundsOf(accent, "light"), [0, 0, 0]),
    wordDark: readable(accent, groundsOf(accent, "dark"), [255, 255, 255]),
  };
}

/** Every colour that lies under accent-coloured words. */
export function groundsFor(accent: string, scheme: "light" | "dark"): string[] {
  return groundsOf(parse(accent) ?? (parse(DEFAULT_ACCENT) as Rgb), scheme).map(hex);
}

function groundsOf(accent: Rgb, scheme: "light" | "dark"): Rgb[] {
  const { surface, shop, own } = GROUNDS[scheme];
  const ground = parse(surface) as Rgb;
  return [ground, parse(shop) as Rgb, mix(ground, accent, own)];
}

/** Between 1 and 21; unreadable colours count as no contrast. */
export function contrastOf(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)];
  return a && b ? contrast(a, b) : 1;
}

function readable(accent: Rgb, grounds: Rgb[], towards: Rgb): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(accent, towards, share);
    if (grounds.every((ground) => contrast(mixed, ground) >= AA)) return hex(mixed);
  }
  return hex(towards);
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, i) => Math.round(part + ((other[i] ?? 0) - part) * share)) as unknown as Rgb;
}

function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Rgb): number {
  const part = (value: number) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
}

function parse(colour: string): Rgb | null {
  const short = /^#([\da-f])([\da-f])([\da-f])$/i.exec(colour.trim());
  const long = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour.trim());
  if (short) return short.slice(1).map((digit) => parseInt(digit + digit, 16)) as unknown as Rgb;
  return long ? (long.slice(1).map((pair) => parseInt(pair, 16)) as unknown as Rgb) : null;
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
