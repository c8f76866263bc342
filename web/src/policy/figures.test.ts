import { describe, expect, it } from "vitest";
import type { Run } from "../api/policy-calls";
import { beside, isShare, namesOf } from "./figures";

const run = (name: string, figures: Record<string, number>, contacts: [string, number][]): Run => ({ name, figures, series: { contacts: contacts.map(([label, value]) => ({ label, value })) } });
const runs = [run("shop", { orders: 10, reached_1h: 0.8 }, [["messenger", 12], ["sms", 3]]), run("call-everybody", { orders: 10, reached_1h: 0.4, forbidden: 4 }, [["call", 20]])];

describe("runs beside each other", () => {
  it("show every figure that any of them has, once", () => {
    expect(namesOf(runs)).toEqual(["orders", "reached_1h", "forbidden"]);
    expect(isShare("reached_1h")).toBe(true);
    expect(isShare("orders")).toBe(false);
  });

  it("count nothing where a policy does not use a way at all", () => {
    expect(beside(runs, "contacts")).toEqual([
      { label: "messenger", values: [12, 0] },
      { label: "sms", values: [3, 0] },
      { label: "call", values: [0, 20] },
    ]);
  });
});
