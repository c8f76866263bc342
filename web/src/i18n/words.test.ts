import { beforeAll, describe, expect, it } from "vitest";

describe("reasons of the server", () => {
  beforeAll(() => {
    Object.assign(globalThis, { document: { documentElement: {} } }); // speaking marks the page with its language
  });

  it("are said in the agent's language where we have a word, else as they came", async () => {
    const { sayWhy, speak } = await import("./words.svelte");
    await speak("ru");
    expect(sayWhy("inbox_paused")).toBe("Ящик на паузе.");
    expect(sayWhy("unreachable: The customer has blocked the bot.")).toBe("The customer has blocked the bot.");
    expect(sayWhy("unreachable: blocked")).toBe(sayWhy("blocked"));
    expect(sayWhy("Telegram: 403 Forbidden")).toBe("Telegram: 403 Forbidden");
    expect(sayWhy(null)).toBe("");
  });

  it("refuse in the agent's language what agents meet, and else as they came", async () => {
    const { sayRefusal, speak } = await import("./words.svelte");
    await speak("uk");
    expect(sayRefusal("There is no such thing here.")).toBe("Тут такого немає.");
    expect(sayRefusal("Expected `str` of length <= 200")).toBe("Задовго або записано не так.");
    expect(sayRefusal("WooCommerce does not accept the key (401). It must be allowed to read and write.")).toBe(
      "WooCommerce не приймає ключ (401). Перевірте сам ключ і його права.",
    );
    expect(sayRefusal("Shopify is busy (503)")).toBe("Shopify зараз не відповідає (503). Спробуйте трохи згодом.");
    expect(sayRefusal("Telegram: 403 Forbidden")).toBe("Telegram: 403 Forbidden");
  });
});
