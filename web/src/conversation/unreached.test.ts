import { describe, expect, it } from "vitest";
import { speak } from "../i18n/words.svelte";
import { sayUnreached } from "./unreached";

describe("why a call reached nobody", () => {
  it("is said in the colleague's language, whichever line it was; what only the vendor knows is left as it is", async () => {
    Object.assign(globalThis, { document: { documentElement: {} } }); // speaking marks the page with its language
    await speak("uk");
    expect(sayUnreached("Asterisk: the line was busy")).toBe("зайнято");
    expect(sayUnreached("nobody answered")).toBe("ніхто не відповів");
    expect(sayUnreached("Mango: nobody answered")).toBe("ніхто не відповів");
    expect(sayUnreached("Twilio: Geo permission needed")).toBe("Twilio: Geo permission needed");
    expect(sayUnreached(null)).toBe("");
  });
});
