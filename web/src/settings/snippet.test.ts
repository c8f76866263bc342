import { describe, expect, it } from "vitest";
import { anchorOf, buttonOf, formOf } from "./snippet";

describe("what an owner puts on their page", () => {
  it("leaves out the fields that are not asked for", () => {
    const html = formOf("https://counter.test", "/f/key", { ask_phone: false, ask_name: true }, (word) => word);
    expect(html).toContain('action="https://counter.test/f/key"');
    expect(html).toContain('accept-charset="utf-8"');
    expect(html).toContain('name="name"');
    expect(html).not.toContain('name="phone"');
  });

  it("points to an address of ours", () => {
    expect(buttonOf("https://counter.test", { id: "1" })).toBe('<script src="https://counter.test/b/1/button.js" async></script>');
    expect(anchorOf("https://counter.test", { id: "1" }, "Write")).toContain('href="https://counter.test/b/1"');
  });
});
