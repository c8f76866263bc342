import { describe, expect, it } from "vitest";
import { gathered } from "./reactions";

const put = (emoji: string, name: string) => ({ emoji, name, by: name, at: "2026-11-22T10:00:00Z" });

describe("what customers put under a message", () => {
  it("stands together when it is the same, with everybody's name", () => {
    expect(gathered([put("❤️", "Olena"), put("👍", "Ihor"), put("❤️", "")])).toEqual([
      { emoji: "❤️", count: 2, names: ["Olena"] },
      { emoji: "👍", count: 1, names: ["Ihor"] },
    ]);
  });
});
