import { describe, expect, it } from "vitest";
import { stroke, Strokes } from "./keys";
import { pageOf } from "./router.svelte";

const press = (key: string, code: string, more: Partial<KeyboardEvent> = {}) => stroke({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("keys", () => {
  it("work in Latin and in Cyrillic layouts alike", () => {
    expect(press("j", "KeyJ")).toBe("j");
    expect(press("о", "KeyJ")).toBe("j");
    expect(press("Ф", "KeyA", { shiftKey: true })).toBe("Shift+a");
    expect(press("л", "KeyK", { ctrlKey: true })).toBe("Mod+k");
  });

  it("find the question mark and the slash wherever they are", () => {
    expect(press("?", "Digit7", { shiftKey: true })).toBe("?");
    expect(press(",", "Slash", { shiftKey: true })).toBe("?");
    expect(press(".", "Slash")).toBe("/");
    expect(press("/", "Digit7", { shiftKey: true })).toBe("/");
  });

  it("leave Alt to the system", () => {
    expect(press("j", "KeyJ", { altKey: true })).toBe("");
  });

  it("follow a sequence, but only for a moment", () => {
    const strokes = new Strokes(["g"]);
    expect([strokes.press("g", 0), strokes.press("i", 500)]).toEqual(["", "g i"]);
    expect([strokes.press("g", 1000), strokes.press("j", 9000)]).toEqual(["", "j"]);
    expect(strokes.press("e", 9100)).toBe("e");
  });
});

describe("addresses", () => {
  it("name the pages", () => {
    expect(pageOf("/inbox")).toEqual({ name: "inbox", conversation: null });
    expect(pageOf("/inbox/c%201")).toEqual({ name: "inbox", conversation: "c 1" });
    expect(pageOf("/settings/inboxes/new/telegram")).toMatchObject({ section: "inboxes", item: "new", kind: "telegram" });
    expect(pageOf("/settings/inboxes/42")).toMatchObject({ item: "42", kind: null });
    expect(pageOf("/settings/journal")).toMatchObject({ section: "journal" });
    expect(pageOf("/something/else")).toEqual({ name: "inbox", conversation: null });
  });
});
