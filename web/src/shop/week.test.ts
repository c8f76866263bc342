import { describe, expect, it } from "vitest";
import { another, bars, named, usual } from "./week";

describe("hours of a day", () => {
  it("are drawn as shares of it, past midnight at both ends", () => {
    expect(bars({ from: "06:00", to: "12:00" })).toEqual([{ start: 0.25, width: 0.25 }]);
    expect(bars({ from: "18:00", to: "06:00" })).toEqual([{ start: 0.75, width: 0.25 }, { start: 0, width: 0.25 }]);
    expect(bars({ from: "18:00", to: "00:00" })).toEqual([{ start: 0.75, width: 0.25 }]);
  });
  it("go on after a break, unless the evening is full or the night is worked through", () => {
    expect(another([])).toEqual({ from: "09:00", to: "18:00" });
    expect(another([{ from: "09:00", to: "13:00" }])).toEqual({ from: "14:00", to: "17:00" });
    expect(another([{ from: "09:00", to: "22:30" }])).toBeNull();
    expect(another([{ from: "20:00", to: "04:00" }])).toBeNull();
  });
  it("begin with five working days", () => {
    expect(usual().week.map((day) => day.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect(named(0, "en")).toBe("Monday");
  });
});
