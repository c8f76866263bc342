import { describe, expect, it } from "vitest";
import { waysToCall } from "./lines";

const line = (inbox_id: string, identity_id: string) => ({ inbox_id, identity_id, number: `+${identity_id}`, line: inbox_id });

describe("a customer is called", () => {
  it("at each number once, through the best line unless another was chosen", () => {
    const numbers = [line("kyiv", "1"), line("kyiv", "2"), line("warsaw", "1")];
    const chosen = waysToCall(numbers, { 1: "warsaw" });
    expect(chosen.map((way) => [way.key, way.one.line, way.all.length])).toEqual([["1", "warsaw", 2], ["2", "kyiv", 1]]);
    expect(waysToCall(numbers, { 1: "gone" }).map((way) => way.one.line)).toEqual(["kyiv", "kyiv"]);
  });
});
