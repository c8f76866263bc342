import { beforeAll, describe, expect, it } from "vitest";

describe("reasons of the server", () => {
  beforeAll(() => {
    Object.assign(globalThis, { document: { documentElement: {} } }); // speaking marks the page with its language
  });

  it("are said in the agent's language where we have a word, else as they came", async () => {
    const { learnReasons, sayReason, sayWhy, speak } = await import("./words.svelte");
    await speak("ru");
    await learnReasons();
    expect(sayWhy("inbox_paused")).toBe("Ящик на паузе.");
    expect(sayWhy("unreachable: Telegram: chat not found")).toBe("Telegram: chat not found");
    expect(sayWhy("unreachable: blocked")).toBe(sayWhy("blocked"));
    expect(sayWhy("no answer in time")).toBe("ответа вовремя не было");
    expect(sayWhy("template_paused: the template is paused")).toMatch(/: шаблон приостановлен\.$/);
    expect(sayReason("Telegram: 403 Forbidden")).toBe("Telegram: 403 Forbidden");
    expect(sayReason("chat is busy: vendor is busy")).toBe("chat is busy: vendor is busy");
    expect(sayWhy(null)).toBe("");
    await speak("en");
    expect(sayReason("This file is empty.")).toBe("This file is empty.");
  });

  it.each([
    ["“12 apples” is no sum.", "«12 apples» — не сумма."],
    ["Lines 7 to 9: new-line character seen. Is a quotation mark not closed?", "Строки 7–9: new-line character seen. Не забыта ли закрывающая кавычка?"],
    ["Zadarma: there is no such number", "Zadarma: такого номера нет"],
    ["Twilio: the number takes no SMS (21614)", "Twilio: номер не принимает SMS (21614)"],
    ["Twilio: Authenticate (20003): check the Account SID and token.", "Twilio: Authenticate (20003): проверьте Account SID и токен."],
    ["Meta: the access token has expired or was taken back (190/463). Make a new access token at Meta and paste it into the settings.", "Meta: срок токена доступа вышел, или его отозвали (190/463). Создайте в Meta новый токен доступа и вставьте его в настройки."],
    ["The IMAP server mail.example:993 does not answer. Is the port right?", "IMAP-сервер mail.example:993 не отвечает. Верен ли порт?"],
    ["Smpp.example:2775 does not answer.", "Smpp.example:2775 не отвечает."],
    ["shop.example: there is no such host", "shop.example: такого сервера нет"],
    ["On the account: 12.5 ₴. Nobody can answer to a name: customers read these texts, but cannot write back.", "На счёте: 12.5 ₴. На имя ответить нельзя: покупатели читают такие SMS, но ответить не могут."],
    ["Ozon: access denied. Reviews, questions and chats need the Premium Plus subscription and a key with these rights.", "Ozon: нет доступа. Отзывам, вопросам и чатам нужна подписка Premium Plus и ключ с этими правами."],
    ["The other side did not answer as it should: 127.0.0.1: the connection is refused", "С той стороны ответили не так, как должны: 127.0.0.1: в соединении отказано"],
    ["template parcel (ru): was rejected by Meta: Tags are not allowed\nWhatsApp account: Meta has locked the account", "шаблон parcel (ru): отклонён Meta: Tags are not allowed\nУчётная запись WhatsApp: Meta закрыла учётную запись"],
    ["TurboSMS does not accept the token.", "TurboSMS не принимает вход: токен."],
  ])("%s", async (told, said) => {
    const { learnReasons, sayReason, speak } = await import("./words.svelte");
    await speak("ru");
    await learnReasons();
    expect(sayReason(told)).toBe(said);
  });

  it("refuse in the agent's language what agents meet, and else as they came", async () => {
    const { learnReasons, sayRefusal, speak } = await import("./words.svelte");
    await speak("uk");
    await learnReasons();
    expect(sayRefusal("There is no such thing here.")).toBe("Тут такого немає.");
    expect(sayRefusal("Expected `str` of length <= 200")).toBe("Задовго або записано не так.");
    expect(sayRefusal("Telegram: 403 Forbidden")).toBe("Telegram: 403 Forbidden");
  });
});
