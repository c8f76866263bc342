import { describe, expect, it } from "vitest";
import type { PolicyData } from "../api/policy-shapes";
import { among, byStage, changes, clock, quietInto, quietOf, spans, withMedia, withPatience } from "./rules";

const data: PolicyData = {
  rules: { placed: { stage: "confirmation", media: ["messenger", "mail", "sms"], within: [14400, 14400] }, shipped: { stage: "delivery", media: ["messenger", "call"], within: [1800, 900] } },
  quiet_messages: { from: "21:00", to: "09:00" },
  quiet_calls: { from: "20:00", to: "10:00" },
  no_calls_on: [6],
  calls_on_holidays: false,
  no_promotion_on: [5, 6],
  promotion_on_holidays: false,
};

describe("the editor of the policy", () => {
  it("shows rules under their stage, in the order of a purchase", () => {
    expect(byStage(data)).toEqual([{ stage: "confirmation", kinds: ["placed"] }, { stage: "delivery", kinds: ["shipped"] }]);
  });

  it("changes the patience of all rungs together, but not of one that was set apart", () => {
    expect(withPatience(data.rules.placed!, 3600).within).toEqual([3600, 3600]);
    expect(withPatience(data.rules.shipped!, 3600).within).toEqual([3600, 900]);
  });

  it("keeps a call the last way", () => {
    expect(withMedia(data.rules.shipped!, ["mail"], true).media).toEqual(["mail", "call"]);
  });

  it("offers an unusual figure beside the usual ones", () => {
    expect(among([60, 300], 120)).toEqual([60, 120, 300]);
    expect(among([60, 300], 300)).toEqual([60, 300]);
  });

  it("names what a save would change", () => {
    expect(changes(data, { ...data, rules: { ...data.rules, placed: { stage: "confirmation" } }, prefer: "cost" })).toEqual({ rules: ["placed"], others: ["prefer"] });
  });
});

describe("quiet hours", () => {
  it("are minutes of a day here and hours to the server", () => {
    const quiet = quietOf(data.quiet_messages);
    expect(quiet).toEqual({ start: 1260, end: 540 });
    expect(quietInto(quiet)).toEqual(data.quiet_messages);
    expect(quietOf({ from: "00:00", to: "24:00" })).toEqual({ start: 0, end: 0 });
  });

  it("over midnight are two spans of one day", () => {
    expect(spans({ start: 1260, end: 540 })).toEqual([{ from: 0, to: 540 }, { from: 1260, to: 1440 }]);
    expect(spans({ start: 780, end: 840 })).toEqual([{ from: 780, to: 840 }]);
    expect(clock(1439)).toBe("23:59");
  });
});
