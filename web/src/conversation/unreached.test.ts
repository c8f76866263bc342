import { describe, expect, it } from "vitest";
import type { CallOutcome } from "../api/types";
import { speak } from "../i18n/words.svelte";
import { sayUnreached } from "./unreached";

describe("why a call reached nobody", () => {
  const said = (outcome?: CallOutcome, reason?: string) => sayUnreached({ content: { call: { outcome } }, reason });

  it("is said in the colleague's language, whichever line it was; what only the vendor knows is left as it is", async () => {
    Object.assign(globalThis, { document: { documentElement: {} } }); // speaking marks the page with its language
    await speak("uk");
    expect(said("busy")).toBe("зайнято");
    expect(said("failed", "Zadarma: 402")).toBe("виклик не пройшов (Zadarma: 402)");
    expect(said(undefined, "Twilio: Geo permission needed")).toBe("Twilio: Geo permission needed");
    expect(said()).toBe("");
  });
});
