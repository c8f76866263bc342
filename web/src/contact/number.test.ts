import { describe, expect, it } from "vitest";
import { inGroups } from "./number";

describe("a telephone number", () => {
  it("stands in groups where we know them", () => {
    expect(inGroups("+380671234567")).toBe("+380 67 123 4567");
    expect(inGroups("+79161234567")).toBe("+7 916 123-45-67");
    expect(inGroups("+15005550006")).toBe("+1 500-555-0006");
    expect(inGroups("+48221234567")).toBe("+48 22 123 45 67");
    expect(inGroups("+420601000902")).toBe("+420 601 000 902");
  });

  it("stays as it came otherwise", () => {
    for (const text of ["+995555001735", "@yryna", "Марта", "", "0800 211 234", "+38067123"]) expect(inGroups(text)).toBe(text);
  });
});
