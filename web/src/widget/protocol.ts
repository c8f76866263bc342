/** The frames of the visitors' socket (docs/developers/protocols.md), read once at the border and trusted inside. */

export interface Attachment {
  id: string;
  name: string;
  type: string;
  size: number;
  url: string;
  kind: string;
  width?: number;
  height?: number;
}

export interface MessageButton {
  text: string;
  data?: string;
  url?: string;
}

/** `inbound` is the visitor's own word, `outbound` the shop's; `seq` orders them and only grows. */
export interface Message {
  id: string;
  client_id?: string;
  seq: number;
  direction: "inbound" | "outbound";
  text: string;
  at: string;
  author: { kind: string; name: string };
  attachments: Attachment[];
  buttons: MessageButton[];
  edited_at?: string;
  deleted_at?: string;
}

/** When the shop will answer: `seconds` while somebody is there, `at` while nobody is. */
export interface Expected {
  seconds: number;
  at: string | null;
  online: boolean;
  measured: boolean;
}

export interface Receipts {
  delivered: number;
  read: number;
}

export interface MessengerLink {
  inbox_id: string;
  channel: string;
  title: string;
}

export interface Welcome {
  kind: "welcome";
  visitor: string;
  seq: number;
  messages: Message[];
  more: boolean;
  receipts: Receipts;
  expected: Expected;
  shop: { name: string };
  greeting: Record<string, string>;
  quick_replies: { text: string }[];
  theme: { accent: string; position: string };
  links: MessengerLink[];
  phones: Phone[];
  email: string | null;
  file_limit: number;
}

/** One of the shop's numbers, in words for the visitor. */
export interface Phone {
  href: string;
  shown: string;
  beside: string;
}

export type ServerFrame =
  | Welcome
  | { kind: "ack"; id: string; message: Message }
  | { kind: "message"; message: Message }
  | { kind: "changed"; message: Message }
  | ({ kind: "receipts" } & Receipts)
  | { kind: "typing"; who: { name: string } }
  | ({ kind: "expected" } & Expected)
  | { kind: "link"; inbox_id: string; url: string }
  | { kind: "older"; messages: Message[]; more: boolean }
  | { kind: "error"; detail: string; id?: string };

export interface Page {
  url: string;
  title: string;
  referrer: string;
}

type Loose = Record<string, unknown>;

/** A frame of a kind that this widget knows, or null: a newer server may say more than we understand. */
export function readFrame(raw: unknown): ServerFrame | null {
  const frame = asObject(parsed(raw));
  switch (frame.kind) {
    case "welcome":
      return readWelcome(frame);
    case "ack":
      return { kind: "ack", id: text(frame.id), message: { ...readMessage(frame.message), client_id: text(frame.id) } };
    case "message":
    case "changed":
      return { kind: frame.kind, message: readMessage(frame.message) };
    case "receipts":
      return { kind: "receipts", ...readReceipts(frame) };
    case "typing":
      return { kind: "typing", who: { name: text(asObject(frame.who).name) } };
    case "expected":
      return { kind: "expected", ...readExpected(frame) };
    case "link":
      return { kind: "link", inbox_id: text(frame.inbox_id), url: text(frame.url) };
    case "older":
      return { kind: "older", messages: asList(frame.messages).map(readMessage), more: frame.more === true };
    case "error":
      return { kind: "error", detail: text(frame.detail), ...(frame.id ? { id: text(frame.id) } : {}) };
    default:
      return null;
  }
}

function readWelcome(frame: Loose): Welcome {
  const theme = asObject(frame.theme);
  return {
    kind: "welcome",
    visitor: text(frame.visitor),
    seq: number(frame.seq),
    messages: asList(frame.messages).map(readMessage),
    more: frame.more === true,
    receipts: readReceipts(asObject(frame.receipts)),
    expected: readExpected(asObject(frame.expected)),
    shop: { name: text(asObject(frame.shop).name) },
    greeting: asObject(frame.greeting) as Record<string, string>,
    quick_replies: asList(frame.quick_replies).map((reply) => ({ text: text(asObject(reply).text) })),
    theme: { accent: text(theme.accent), position: text(theme.position) },
    links: asList(frame.links).map((link) => asObject(link) as unknown as MessengerLink),
    phones: asList(frame.phones).map((phone) => asObject(phone) as unknown as Phone),
    email: text(frame.email) || null,
    file_limit: number(frame.file_limit),
  };
}

function readMessage(value: unknown): Message {
  const message = asObject(value);
  const author = asObject(message.author);
  return {
    ...(message as unknown as Message),
    seq: number(message.seq),
    text: text(message.text),
    direction: message.direction === "inbound" ? "inbound" : "outbound",
    author: { kind: text(author.kind), name: text(author.name) },
    attachments: asList(message.attachments) as Attachment[],
    buttons: asList(message.buttons) as MessageButton[],
  };
}

function readExpected(frame: Loose): Expected {
  return {
    seconds: number(frame.seconds),
    at: text(frame.at) || null,
    online: frame.online === true,
    measured: frame.measured === true,
  };
}

function readReceipts(frame: Loose): Receipts {
  return { delivered: number(frame.delivered), read: number(frame.read) };
}

function parsed(raw: unknown): unknown {
  try {
    return JSON.parse(String(raw));
  } catch (error) {
    console.warn("Prilavok: a frame that is not JSON was set aside.", error);
    return null;
  }
}

function asObject(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
