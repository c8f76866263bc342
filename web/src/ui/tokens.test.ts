import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { placeOf } from "./place";
import { initials, tint } from "./initials";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const [lightText = "", darkText = ""] = css.split('[data-theme="dark"]');
const read = (text: string) => Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/gi)].map(([, name, value]) => [name, value])) as Record<string, string>;
const light = read(lightText);
const dark = { ...light, ...read(darkText) };

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one = "", other = ""): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

// Every pair that stands on top of each other somewhere.
const grounds = ["surface", "raised", "sunken", "hover", "selected", "inbound", "outbound"];
const pairs = [
  ...["text", "muted"].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ...["accent", "warn", "danger"].flatMap((ink) => ["surface", "raised", "hover", "selected"].map((ground) => [ink, ground])),
  ["accent", "accent-soft"], ["warn", "warn-soft"], ["danger", "danger-soft"], ["success", "success-soft"], ["public", "public-soft"], ["success", "surface"],
  ["on-accent", "accent"], ["on-accent", "accent-hover"], ["note-text", "note"], ["note", "note-action"], ["on-inverse", "inverse"], ["inverse-accent", "inverse"],
  ["rail-text", "rail-surface"], ["rail-strong", "rail-raised"], ["on-lamp", "lamp"],
] as [string, string][];

describe("colours", () => {
  it.each([["light", light], ["dark", dark]] as const)("can be read in the %s theme: 4.5 to 1 for every text", (_, theme) => {
    const weak = pairs.map(([ink, ground]) => `${ink} on ${ground}: ${contrast(theme[ink], theme[ground]).toFixed(2)}`).filter((line) => Number(line.split(": ")[1]) < 4.5);
    expect(weak).toEqual([]);
  });

  it.each([["light", light], ["dark", dark]] as const)("edges of fields can be seen in the %s theme: 3 to 1", (_, theme) => {
    expect(contrast(theme["line-strong"], theme.raised)).toBeGreaterThanOrEqual(3);
    expect(contrast(theme["line-strong"], theme.surface)).toBeGreaterThanOrEqual(3);
  });
});

describe("initials", () => {
  it("are one or two letters in any script", () => {
    expect([initials("Ірина Шевчук"), initials("anna"), initials("Maria-Theresia von und zu"), initials("🦊 42"), initials("")]).toEqual(["ІШ", "A", "MV", "·", "·"]);
  });

  it("keep the tint of a person", () => {
    expect(tint("a1")).toBe(tint("a1"));
    expect(tint("🦊")).toBeLessThan(5);
  });
});

describe("the place of a popover", () => {
  const view = { width: 400, height: 600 };
  it("is below, or above where there is no room, and never outside", () => {
    const size = { width: 200, height: 300 };
    expect(placeOf({ left: 10, top: 20, right: 40, bottom: 50 }, size, view)).toEqual({ left: 10, top: 54 });
    expect(placeOf({ left: 350, top: 540, right: 390, bottom: 570 }, size, view)).toEqual({ left: 192, top: 236 });
    expect(placeOf({ left: 10, top: 290, right: 40, bottom: 320 }, { width: 500, height: 590 }, view)).toEqual({ left: 8, top: 8 });
  });
});
