import { describe, expect, it } from "vitest";
import { sayPrice } from "./price";

describe("the price of a message", () => {
  it("is said to the hundredth of a cent, with its parts when there are several", () => {
    expect(sayPrice({ amount: "0.0158", currency: "USD", units: 2 }, "en")).toBe("2 SMS, $0.0158");
    expect(sayPrice({ amount: "5.49", currency: "RUB", units: 1 }, "ru")).toBe("5,49\u00a0₽");
  });
  it("is not said before anybody has said it", () => {
    expect(sayPrice(undefined, "en")).toBe("");
    expect(sayPrice({ units: 1 }, "en")).toBe("");
    expect(sayPrice({ units: 3 }, "en")).toBe("3 SMS");
    expect(sayPrice({ amount: "soon", currency: "?" }, "en")).toBe("");
  });
});
