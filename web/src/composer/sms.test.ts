import { describe, expect, it } from "vitest";
import examples from "../../../tests/fixtures/sms_parts.json";
import { inParts } from "./sms";

describe("an SMS", () => {
  it.each(examples)("of $repeat times “$text” has $parts parts", ({ text, repeat, units, parts }) => {
    expect(inParts(text.repeat(repeat))).toEqual({ units, parts });
  });
});
