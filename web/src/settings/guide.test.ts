import { describe, expect, it } from "vitest";
import type { Capabilities, ChannelKind } from "../api/types";
import { grouped, groupOf } from "./groups";
import { piecesOf } from "./steps";

const kind = (name: string, able: Partial<Capabilities>): ChannelKind => ({ kind: name, title: name, summary: "", capabilities: able as Capabilities, config_schema: {} });

describe("the list of channels", () => {
  it("puts each where a shopkeeper looks for it", () => {
    expect(groupOf(kind("a", { medium: "sms", address_kind: "phone" }))).toBe("sms");
    expect(groupOf(kind("b", { deep_link: "x", comments: {} as Capabilities["comments"] }))).toBe("messengers");
    expect(groupOf(kind("c", { public: true }))).toBe("public");
    expect(groupOf(kind("d", {}))).toBe("other");
  });

  it("finds by the name that people use and hides empty groups", () => {
    const kinds = [kind("smsc", { medium: "sms" }), kind("mail", { address_kind: "email" })];
    expect(grouped(kinds, "почта", (one) => (one === "mail" ? "Почта" : one))).toEqual([["mail", [kinds[1]]]]);
    expect(grouped(kinds, "дым", (one) => one)).toEqual([]);
  });
});

describe("a step", () => {
  it("is text with code, words and links, and no other markup", () => {
    expect(piecesOf("Open [it](https://a.example), *Save* `x` <b>")).toEqual([
      { kind: "text", text: "Open " },
      { kind: "link", text: "it", href: "https://a.example" },
      { kind: "text", text: ", " },
      { kind: "strong", text: "Save" },
      { kind: "text", text: " " },
      { kind: "code", text: "x" },
      { kind: "text", text: " <b>" },
    ]);
    expect(piecesOf("[bad](javascript:alert)").every((piece) => piece.kind === "text")).toBe(true);
  });
});
