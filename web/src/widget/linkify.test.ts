import { describe, expect, it } from "vitest";
import { contrastOf, groundsFor, paletteOf } from "./colour";
import { linkify, safeHref } from "./linkify";

const links = (text: string) => linkify(text).flatMap((piece) => (piece.href ? [piece.href] : []));

describe("links in messages", () => {
  it("lose nothing of the text", () => {
    const text = "Смотрите https://shop.example/a?b=1&c=(2), (www.example.com/x). Пишите: sales@shop.example! <b>";
    expect(linkify(text).map((piece) => piece.text).join("")).toBe(text);
    expect(links(text)).toEqual(["https://shop.example/a?b=1&c=(2)", "https://www.example.com/x", "mailto:sales@shop.example"]);
  });

  it("know Cyrillic domains and leave the sentence its stop", () => {
    expect(links("«https://магазин.рф/чайник».")).toEqual([new URL("https://магазин.рф/чайник").href]);
    expect(links("https://a.example/x...")).toEqual(["https://a.example/x"]);
  });

  it("never run anything", () => {
    for (const text of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "https://", "www.", "@@", "a@b"]) {
      expect(links(text).filter((href) => !/^(https?|mailto):/.test(href))).toEqual([]);
    }
    for (const address of ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "blob:x", "", "//"]) {
      expect(safeHref(address)).toBeNull();
    }
    expect(safeHref("/files/1/a.png", "https://shop.example")).toBe("https://shop.example/files/1/a.png");
    expect(safeHref("tg://resolve?domain=shop")).not.toBeNull();
  });
});

describe("the shop's colour", () => {
  it("stays readable whatever the shop chose", () => {
    const parts = ["00", "33", "66", "99", "cc", "ff"];
    const all = parts.flatMap((r) => parts.flatMap((g) => parts.map((b) => `#${r}${g}${b}`)));
    for (const accent of [...all, "#777777", "#0f6b5c", "#fc0"]) {
      const palette = paletteOf(accent);
      expect(contrastOf(palette.accent, palette.onAccent), accent).toBeGreaterThanOrEqual(4.5);
      for (const ground of groundsFor(accent, "light")) expect(contrastOf(palette.wordLight, ground), accent).toBeGreaterThanOrEqual(4.5);
      for (const ground of groundsFor(accent, "dark")) expect(contrastOf(palette.wordDark, ground), accent).toBeGreaterThanOrEqual(4.5);
      for (const ground of [...groundsFor(accent, "light").slice(2)]) expect(contrastOf("#4d5750", ground), accent).toBeGreaterThanOrEqual(4.5);
      for (const ground of [...groundsFor(accent, "dark").slice(2)]) expect(contrastOf("#c3cbc6", ground), accent).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("is ours when theirs is not a colour", () => {
    for (const wrong of ["", "red;}", "#12", "url(x)"]) expect(paletteOf(wrong).accent).toBe("#0f6b5c");
  });
});
