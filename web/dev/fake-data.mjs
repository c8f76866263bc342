// Awkward data for looking at pages: long names, many tags, 3,000 characters, missing everything, every state of a message.
const minute = 60_000, hour = 60 * minute, day = 24 * hour;
let counter = 1000;
const id = (kind) => `${kind}${counter++}`;
let seed = 7;
const random = () => ((seed = (seed * 16807) % 2147483647) - 1) / 2147483646;
const any = (list) => list[Math.floor(random() * list.length)];
const at = (ago) => new Date(Date.now() - ago).toISOString();

export const agents = [
  { id: "a1", name: "Олена Коваль", email: "owner@example.com", role: "owner", online: true },
  { id: "a2", name: "Марк Вебер", email: "mark@example.com", role: "admin", online: true },
  { id: "a3", name: "Екатерина Длиннофамильцева-Заславская", email: "kate@example.com", role: "agent", online: false },
];
const inbox = (id, name, channel, more = {}) => ({ id, name, channel, state: "active", account: { name, handle: "@lampa" }, key: `${id}KEY`, hook_url: `https://shop.example/hooks/${id}KEY`, created_at: at(90 * day), config: {}, ...more });
export const inboxes = [
  inbox("i1", "Чат на lampa.example", "webchat", { account: null, config: { accent: "#0b6555", greeting: { ru: "Здравствуйте! Чем помочь?", uk: "Вітаємо! Чим допомогти?", en: "Hello! How can we help?" }, domains: ["lampa.example"], position: "right" } }),
  inbox("i2", "Лампа · Telegram", "telegram", { account: { name: "Лампа", handle: "@lampa_bot" } }),
  inbox("i3", "hello@lampa.example", "email", { state: "paused", reason: "The mailbox refused the password. Enter a new one in the settings.", account: { name: "hello@lampa.example" } }),
  inbox("i4", "Very long name of an inbox that the owner wrote in a moment of inspiration", "api"),
];
const people = ["Ірина Шевчук", "Дмитрий Орлов", "Anna Schmidt", "Сергій", "Maria-Theresia Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst", "Наталья Викторовна", "James O’Neill", "Оксана Бондаренко", "Алёна", "", "🦊", "Юрій Мельник"];
const said = ["Добрый день! Подскажите, лампа «Нить» есть в наличии?", "Чи можна забрати замовлення сьогодні після шостої?", "Hi, my parcel has been in Kyiv for three days. Is anything wrong?", "Спасибо, всё пришло, очень красиво 🙏", "Пришлите, пожалуйста, счёт", "Дякую!", "А доставка в Гомель сколько стоит?", "I would like to return one of the two shades, the colour differs from the photo on the site."];
const tags = ["доставка", "возврат", "опт", "скидка", "жалоба", "наличие", "счёт"];

function conversation(n) {
  const box = inboxes[n % 4];
  const status = n % 11 === 5 ? "closed" : n % 13 === 7 ? "snoozed" : "open";
  const waits = status === "open" && n % 3 !== 2;
  const ago = n < 6 ? [14 * minute, 12 * minute, 4 * minute, 22 * minute, 50 * 1000, 3 * hour][n] : n * 11 * minute;
  const text = n === 4 ? "Очень длинное сообщение ".repeat(20) : any(said);
  const name = people[n % people.length];
  return {
    id: `c${n}`, number: 4000 + n, status, priority: n === 3 ? "critical" : n % 9 === 4 ? "high" : "normal", public: n % 17 === 6, subject: box.channel === "email" ? "Re: Замовлення № 10482, уточнення щодо доставки" : "",
    contact: { id: `p${n}`, name }, inbox: { id: box.id, name: box.name, channel: box.channel }, reply_inbox_id: box.id,
    assignee: n % 3 === 0 ? { id: "a1", name: agents[0].name } : n % 5 === 1 ? { id: "a3", name: agents[2].name } : null,
    tags: n === 1 ? Array.from({ length: 200 }, (_, i) => (i ? `метка ${i}` : "очень длинная метка, которая никуда не помещается")) : tags.filter(() => random() < 0.18),
    last_message: { text, at: at(ago), direction: waits ? "inbound" : "outbound", kind: waits ? "message" : "reply", inbox_id: box.id },
    waiting_since: waits ? at(ago) : null, snoozed_until: status === "snoozed" ? at(-day) : null, unread: n % 4 === 0, created_at: at(ago + day), last_seq: 30,
    context: { page: "https://lampa.example/catalog/lamps/nit-brass?utm_source=instagram", title: "Лампа «Нить», латунь — купить в магазине «Лампа»", referrer: "https://www.instagram.com/", utm: { source: "instagram", campaign: "osen-2026-teplyj-svet-dlinnoe-imya" }, language: "ru" },
  };
}

function message(c, seq, ago, more = {}) {
  const outbound = more.direction === "outbound";
  return {
    id: `${c.id}m${seq}`, seq, conversation_id: c.id, kind: outbound ? "reply" : "message", direction: "inbound", text: any(said), html: false, channel: c.inbox.channel, inbox_id: c.inbox.id,
    receipt: outbound ? "read" : null, times: outbound ? { sent: at(ago), delivered: at(ago - 4000), read: at(ago - 60000) } : {}, at: at(ago), created_at: at(ago), automatic: false,
    author: outbound ? { kind: "agent", id: "a1", name: agents[0].name } : { kind: "contact", name: c.contact.name }, attachments: [], content: {}, ...more,
  };
}

function messagesOf(c) {
  const out = { direction: "outbound" };
  const list = [];
  let seq = 1;
  const add = (ago, more) => list.push(message(c, seq++, ago, more));
  const event = (ago, what, more = {}) => add(ago, { kind: "event", text: "", author: { kind: "agent", id: "a1", name: agents[0].name }, content: { event: { what, ...more } } });
  for (let i = 0; i < 60; i++) add(9 * day - i * minute * 7, i % 3 === 1 ? out : {});
  event(2 * day, "assigned", { to: "Марк Вебер" });
  event(2 * day - minute, "tagged", { added: ["доставка"], removed: [] });
  event(2 * day - 2 * minute, "closed");
  add(day + hour, { text: "Здравствуйте! Вот фото коробки, угол помят.", attachments: [1, 2, 3, 4].map((n) => ({ id: `f${n}`, name: `photo-${n}.svg`, type: "image/svg+xml", size: 284000, url: `/files/f${n}/photo-${n}.svg`, kind: "image", width: 800, height: 600 })) });
  add(day + hour - minute, { text: "", attachments: [{ id: "f9", name: "голосовое.ogg", type: "audio/ogg", size: 48000, url: "/files/f9/voice.ogg", kind: "voice" }] });
  add(day, { ...out, author: { kind: "bot", name: "Лампа" }, automatic: true, text: "Мы получили Ваше сообщение и ответим в течение 15 минут." , content: { buttons: [{ text: "Где мой заказ?" }, { text: "Позвать человека" }] } });
  add(20 * hour, { kind: "note", direction: "outbound", receipt: null, author: { kind: "agent", id: "a2", name: "Марк Вебер" }, text: "Это постоянный покупатель, прошлый раз тоже была помята коробка. Предложите замену или скидку 15 %, на Ваше усмотрение." });
  add(19 * hour, { ...out, receipt: "delivered", times: { sent: at(19 * hour), delivered: at(19 * hour - 3000) }, text: "Простите за помятый угол! Можем прислать новую коробку или вернуть 15 %. Как Вам удобнее?\nСрок — 3 дня, подробности: https://lampa.example/returns/how-it-works?order=10482." });
  add(18 * hour, { text: "Лучше скидку", content: { button: "Скидка 15 %" } });
  add(17 * hour, { text: "И адрес поменяйте на Харьковскую, 12", original_text: "И адрес поменяйте на Киевскую, 12", edited_at: at(17 * hour - minute) });
  add(16.9 * hour, { text: "Ой, не туда", deleted_at: at(16 * hour) });
  add(16.8 * hour, { text: "", content: { location: { lat: 50.45012, lon: 30.52340 } } });
  add(16.7 * hour, { text: "", content: { contact: { name: "Мама", phone: "+380 67 000 00 00" } } });
  add(5 * hour, { channel: "email", inbox_id: "i3", html: true, subject: "Re: Замовлення № 10482", text: "Добрий день!\n\nНадсилаю рахунок у додатку.\n\nЗ повагою,\nІрина", folded: "> 12 листопада 2026 р. о 10:14 Лампа <hello@lampa.example> пише:\n> Добрий день! Надішліть, будь ласка, рахунок.", attachments: [{ id: "f5", name: "Рахунок-фактура № 10482 від 12 листопада 2026 року (остаточний, виправлений).pdf", type: "application/pdf", size: 184320, url: "/files/f5/invoice.pdf", kind: "file" }], content: { copies: ["buh@example.com"] } });
  add(4 * hour, { channel: "telegram", inbox_id: "i2", text: "Продолжим тут, так удобнее" });
  add(3 * hour, { ...out, channel: "telegram", inbox_id: "i2", receipt: "failed", times: { sent: at(3 * hour), failed: at(3 * hour - 9000) }, reason: "The customer has blocked the bot.", text: "Конечно! Заказ выедет завтра утром." });
  add(2 * hour, { ...out, channel: "telegram", inbox_id: "i2", receipt: "perhaps_sent", times: {}, text: "Код для получения: 4471" });
  if (c.id === "c4") add(hour, { text: "Три тысячи знаков о лампе и жизни. ".repeat(90) });
  event(hour, "priority", { to: "high" });
  add(14 * minute, { channel: "telegram", inbox_id: "i2", text: c.last_message.text });
  add(13 * minute, { ...out, channel: "telegram", inbox_id: "i2", receipt: "accepted", times: {}, text: "Секунду, уточняю на складе" });
  c.last_seq = seq - 1;
  return list;
}

export const conversations = Array.from({ length: 2400 }, (_, n) => conversation(n));
const cache = new Map();
export function messages(c) {
  if (!cache.has(c.id)) cache.set(c.id, messagesOf(c));
  return cache.get(c.id);
}
export function contactOf(c) {
  return {
    ...c.contact, language: c.number % 2 ? "uk" : "ru", timezone: "Europe/Kyiv", country: "UA", created_at: at(300 * day),
    facts: { username: "iryna_sh", orders: 4, total_spent: "12 400 ₴", favourite: "тёплый свет" },
    identities: [
      { id: "x1", channel: "telegram", inbox_id: "i2", address: "4471002", display: "@iryna_sh", verified: true, reachable: c.number % 3 !== 0, reason: c.number % 3 ? null : "Покупатель заблокировал бота", last_at: at(14 * minute) },
      { id: "x2", channel: "email", inbox_id: null, address: "iryna.shevchuk.very.long.address@subdomain.example.com", display: "iryna.shevchuk.very.long.address@subdomain.example.com", verified: false, reachable: true, last_at: at(5 * hour) },
      { id: "x3", channel: "webchat", inbox_id: "i1", address: "v-22", display: "", verified: false, reachable: true, last_at: at(9 * day) },
    ],
    conversations: conversations.slice(20, 24).map(({ id, number, status, last_message }) => ({ id, number, status, last_message: last_message.text, last_at: last_message.at })),
  };
}
export function waysOf(c) {
  const shut = c.number % 3 === 0;
  return [
    { inbox_id: "i2", name: "Лампа · Telegram", channel: "telegram", identity_id: "x1", address: "@iryna_sh", can_reply: !shut, reason: shut ? "Покупатель заблокировал бота." : null, window_until: null },
    { inbox_id: "i1", name: "Чат на lampa.example", channel: "webchat", identity_id: "x3", address: "", can_reply: c.number % 6 !== 0, reason: "Посетитель ушёл с сайта.", window_until: at(-3 * hour) },
    { inbox_id: "i3", name: "hello@lampa.example", channel: "email", identity_id: "x2", address: "iryna.shevchuk.very.long.address@subdomain.example.com", can_reply: false, reason: "The inbox is paused." },
  ];
}
const texts = { type: "object", properties: { ru: { type: "string" }, uk: { type: "string" }, en: { type: "string" } } };
export const channels = [
  { kind: "webchat", title: "Web chat", summary: "A quiet button on the shop's own pages; visitors write without a name.", capabilities: { direct: true, hooked: false, receipts: ["delivered", "read"], media: true, buttons: 6, text_limit: 4000 }, config_schema: { $ref: "#/$defs/Web", $defs: { Web: { type: "object", properties: { domains: { title: "Allowed domains", description: "Pages of other sites cannot show the chat.", type: "array", items: { type: "string" }, examples: ["shop.example"], default: [] }, greeting: { title: "Greeting", ...texts, default: {} }, accent: { title: "Colour", type: "string", format: "color", default: "#0b6555" }, position: { title: "Side", enum: ["right", "left"], default: "right" }, sounds: { title: "Sounds", description: "Never played unasked.", type: "boolean", default: false }, file_limit: { title: "Largest file, MB", type: "integer", minimum: 1, maximum: 100, default: 20 } }, required: [] } } } },
  { kind: "telegram", title: "Telegram", summary: "A bot made with @BotFather; customers write to it and you answer here.", capabilities: { receipts: [], media: true, buttons: 8, text_limit: 4096, deep_link: "x" }, config_schema: { $ref: "#/$defs/T", $defs: { T: { type: "object", properties: { token: { title: "Bot token", description: "From @BotFather: digits, a colon, letters.", type: "string", format: "password", writeOnly: true }, mode: { title: "How messages arrive", enum: ["webhook", "poll"], default: "webhook" }, api_base: { title: "Address of the API", type: "string", format: "uri", default: "https://api.telegram.org" } }, required: ["token"] } } } },
  { kind: "email", title: "E-mail", summary: "Any mailbox that speaks IMAP and SMTP; threads, attachments and bounces are understood.", capabilities: { polled: true, hooked: false, starts: true, media: true, text_limit: 100000 }, config_schema: { type: "object", properties: { address: { title: "Address", type: "string", format: "email" }, password: { title: "Password", type: "string", format: "password", writeOnly: true }, imap: { title: "IMAP", type: "object", properties: { host: { title: "Host", type: "string" }, port: { title: "Port", type: "integer", default: 993 } }, required: ["host"] }, signature: { title: "Signature", type: "string", format: "textarea", default: "" } }, required: ["address", "password"] } },
  { kind: "api", title: "API", summary: "A signed door for anything else that can speak HTTP.", capabilities: { receipts: ["delivered", "read"], starts: true, media: true, text_limit: 10000 }, config_schema: { type: "object", properties: { reply_url: { title: "Address for replies", type: "string", format: "uri" } }, required: [] } },
];
export const health = () => ({ state: "active", reason: null, polled: true, listening: true, last_received_at: at(4 * minute), last_sent_at: at(9 * minute), received_24h: 412, sent_24h: 371, failed_24h: 3, waiting: 2, dead: 1, failed_hooks: 2, unknown: { channel_post: 14, my_chat_member_something_very_long_indeed: 2 }, hours: Array.from({ length: 24 }, (_, n) => ({ at: at((24 - n) * hour), received: Math.round(20 * Math.abs(Math.sin(n / 4))), sent: Math.round(17 * Math.abs(Math.sin(n / 4 + 0.3))), failed: n === 13 ? 3 : 0 })) });
export const outbox = (state) => Array.from({ length: 4 }, (_, n) => ({ id: `${state}${n}`, message: { id: "m", text: any(said) }, conversation_id: "c1", inbox: { id: "i2", name: "Лампа · Telegram" }, state, attempts: 8, due_at: at(-5 * minute), reason: state === "waiting" ? null : "403 Forbidden: bot was blocked by the user" }));
export const journal = (state) => (state === "failed" ? Array.from({ length: 3 }, (_, n) => ({ id: `j${n}`, inbox: n ? { id: "i3", name: "hello@lampa.example" } : null, received_at: at((n + 1) * hour), state, reason: "The mail has 214 nested parts; the limit is 100.", size: 48211 * (n + 1), attempts: n + 1 })) : []);
export { at, id };
