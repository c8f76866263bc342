// The shapes of docs/developers/protocols.md. Unknown fields are ignored by whoever reads.

export type Status = "open" | "snoozed" | "closed";
export type Priority = "low" | "normal" | "high" | "critical";
export type Receipt = "accepted" | "sent" | "delivered" | "read" | "failed" | "perhaps_sent";
/** How a call of ours ended. */
export type CallOutcome = "answered" | "no_answer" | "busy" | "unreachable" | "cancelled" | "agent_no_answer" | "failed";
export type Direction = "inbound" | "outbound";
export type MessageKind = "message" | "reply" | "note" | "event";
export type Language = "ru" | "uk" | "en";
export type Theme = "auto" | "light" | "dark";

export interface Person {
  id: string;
  name: string;
}

export interface LastMessage {
  text: string;
  at: string;
  direction: Direction;
  kind?: MessageKind;
  inbox_id?: string;
}

export interface Context {
  page?: string;
  title?: string;
  referrer?: string;
  utm?: Record<string, string>;
  language?: string;
}

/** What everybody can read; the last three and order.id only where one conversation is asked for. */
export interface Publication {
  kind: "comment" | "review" | "question";
  rating: number | null;
  product: { id?: string; sku?: string; name?: string; url?: string; picture?: string };
  order: { number: string; id: string | null } | null;
  url: string;
  about: string;
  answerable: boolean;
  answered: boolean;
  moderates: Act[];
  amends: Act[];
  private_reply: boolean;
  private_days: number;
}
export type Act = "hide" | "show" | "delete" | "report" | "edit";

export interface Conversation {
  id: string;
  number: number;
  status: Status;
  priority: Priority;
  public: boolean;
  subject: string;
  contact: Person;
  inbox: { id: string; name: string; channel: string };
  reply_inbox_id: string | null;
  assignee: Person | null;
  tags: string[];
  last_message: LastMessage | null;
  waiting_since: string | null;
  snoozed_until: string | null;
  unread: boolean;
  created_at: string;
  last_seq: number;
  context: Context;
  publication?: Publication | null;
  /** Seconds within which this channel promises the next answer; absent: the default of a chat. */
  promise_seconds?: number | null;
}

export interface Attachment {
  id: string | null; // null, like url, while the server still fetches the file from the vendor
  name: string;
  type: string;
  size: number | null;
  url: string | null;
  kind: "file" | "image" | "voice" | "video" | "audio" | "sticker";
  width?: number | null;
  height?: number | null;
  failed?: string; // why the vendor did not give it to us
  checked?: "" | "infected" | "waiting" | "unchecked"; // what the virus scanner said, where a file is not simply clean
}

export interface Author {
  kind: "contact" | "agent" | "bot" | "system";
  id?: string;
  name: string;
}

export interface QuickReply {
  text: string;
  data?: string;
  url?: string;
}

export interface MessageContent {
  location?: { lat: number; lon: number };
  contact?: { name: string; phone: string };
  button?: string;
  buttons?: QuickReply[];
  copies?: string[];
  order?: { number: string; id?: string }; // named in a request; with an id it proved itself
  call?: { direction?: "in" | "out"; state?: "ringing" | "answered" | "missed"; outcome?: CallOutcome; from?: string; to?: string; extension?: string; seconds?: number; unwritten?: { why: string; data?: { reason?: string } } };
  about?: string; // the message that a note is about
  event?: { what: string; [detail: string]: unknown };
  reactions?: { emoji: string; name: string; by: string; at: string }[];
  elsewhere?: boolean; // the shop wrote it in the vendor's own application
  public?: boolean; // an answer for everybody
  moderation?: { act: Act; state: "waiting" | "done" | "failed" };
  hidden?: boolean;
  plan?: string; // the decision by which it was said
  price?: { amount?: string; currency?: string; units?: number }; // what it cost us, once the vendor has said
}

export interface Message {
  id: string;
  seq: number;
  conversation_id: string;
  kind: MessageKind;
  direction: Direction;
  text: string;
  html: boolean;
  folded?: string;
  subject?: string;
  channel: string | null;
  inbox_id: string | null;
  receipt: Receipt | null;
  times: { sent?: string; delivered?: string; read?: string; failed?: string; opened?: string };
  reason?: string;
  at: string;
  created_at: string;
  edited_at?: string | null;
  deleted_at?: string | null;
  original_text?: string | null;
  automatic: boolean;
  author: Author;
  attachments: Attachment[];
  content: MessageContent;
}

export interface Identity {
  id: string;
  channel: string;
  inbox_id: string | null;
  address: string;
  display: string;
  verified: boolean;
  reachable: boolean;
  reason?: string | null;
  last_at: string | null;
}

export interface Resemblance {
  id: string;
  contact: Person;
  because: { why: "link" | "named" | "typed" | "phone" | "email" | "order" | "name"; value: string }[];
}

export interface Contact {
  id: string;
  name: string;
  language: string | null;
  timezone: string | null;
  country: string | null;
  created_at: string;
  facts: Record<string, unknown>;
  identities: Identity[];
  conversations: { id: string; number: number; status: Status; last_message: string; last_at: string | null; inbox_id: string | null }[];
  resembles: Resemblance[];
  joined: { id: string; name: string; by: string; at: string }[]; // the latest first; only that can be undone
}

/** One way to answer; the server puts the best first. */
export interface ReplyChannel {
  inbox_id: string;
  name: string;
  channel: string;
  identity_id: string;
  address: string;
  can_reply: boolean;
  reason?: string | null;
  window_until?: string | null;
  text_limit?: number;
  media?: boolean;
  buttons?: number;
  public?: boolean;
  templated?: boolean; // the words go within a text that the vendor has approved
}

export interface ConversationDetail extends Omit<Conversation, "contact"> {
  contact: Contact;
  channels: ReplyChannel[];
}

export interface Draft {
  text: string;
  kind: "reply" | "note";
  inbox_id?: string | null;
  attachments: string[];
  updated_at: string;
}

export interface Guide {
  language: string; // of the steps: English where nobody has translated them
  steps: string[]; // `code`, *words on a screen*, [links](https://…)
  hook_url: string | null; // may be told to the vendor before the inbox is made ...
  reservation: string; // ... which then takes this along
  consent_url?: string | null; // where the vendor's sign-in page sends the browser back to
}

export interface Inbox {
  id: string;
  name: string;
  channel: string;
  state: "active" | "paused";
  reason?: string | null;
  account: { name?: string; handle?: string } | null;
  hook_url: string | null;
  key: string; // public: names the inbox in the widget's line
  created_at: string;
  config: Record<string, unknown>;
  secret?: string;
  expires_at?: string | null; // of the vendor's token
  expires_in?: number | null; // the warning that is due: 14, 3 or 0 days before
  consent?: { vendor: string; given: boolean; since: string; back: string } | null; // where its owner signs in at the vendor's page
}

export interface Agent {
  id: string;
  name: string;
  email: string;
  role: "owner" | "admin" | "agent";
  online: boolean;
}

export interface Me {
  agent: Agent & { language: Language; theme: Theme; has_password?: boolean };
  shop: { name: string; currency?: string; timezone?: string };
  seq: number;
  version: string;
  demo: boolean;
}

export interface Capabilities {
  direct?: boolean;
  page?: string; // a page of ours where customers begin: "/f/{key}"
  deep_link?: string;
  polled?: boolean;
  hooked?: boolean;
  buttons?: number;
  text_limit?: number;
  media?: boolean;
  media_limit?: number;
  receipts?: string[];
  typing_out?: boolean;
  public?: boolean;
  [more: string]: unknown;
}

export interface ChannelKind {
  kind: string;
  title: string;
  summary: string;
  capabilities: Capabilities;
  config_schema: JsonSchema;
}

export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  title?: string;
  description?: string;
  format?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema | boolean;
  additionalProperties?: JsonSchema | boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  writeOnly?: boolean;
  examples?: unknown[];
  [more: string]: unknown;
}

export interface Health {
  expires_at?: string | null;
  expires_in?: number | null;
  state: "active" | "paused";
  reason?: string | null;
  polled: boolean;
  listening: boolean;
  last_received_at: string | null;
  last_sent_at: string | null;
  received_24h: number;
  sent_24h: number;
  failed_24h: number;
  waiting: number;
  dead: number;
  failed_hooks: number;
  unknown: Record<string, number>;
  hours: { at: string; received: number; sent: number; failed: number }[];
}

export interface OutboxRow {
  id: string;
  message: { id: string; text: string } | Message;
  conversation_id: string;
  inbox: { id: string; name: string; channel?: string } | null;
  state: "waiting" | "dead" | "perhaps";
  attempts: number;
  due_at: string | null;
  reason?: string | null;
}

export interface JournalRow {
  id: string;
  inbox: { id: string; name: string; channel?: string } | null;
  received_at: string;
  state: "failed" | "done" | "ignored";
  reason?: string | null;
  size: number;
  attempts: number;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type Counts = Record<Status, { mine: number; unassigned: number; all: number }>;

export interface LiveMessage {
  seq: number;
  kind: "message.new" | "message.changed";
  message: Message;
  conversation: Conversation;
}

/** Who is calling, for those on duty. An empty `for_agents` is everybody. */
export interface CallCard {
  id: string;
  conversation_id: string;
  state: "ringing" | "answered" | "missed" | "over";
  at: string;
  number: string;
  contact_id: string;
  name: string;
  line: { inbox_id: string; name: string; number: string; label: string };
  orders: { id: string; number: string; status: string; total: string; currency: string; placed_at: string; delivery_day: string | null }[];
  more_orders: boolean;
  last_words: { text: string; at: string; direction: Direction; channel: string }[];
  for_agents: string[];
}

export type LiveEvent =
  | { kind: "hello"; seq: number }
  | { kind: "reset" }
  | LiveMessage
  | { seq: number; kind: "conversation.changed"; conversation: Conversation }
  | { seq: number; kind: "contact.changed"; contact_id: string }
  | { seq: number; kind: "inbox.changed"; inbox_id: string }
  | { seq: number; kind: "order.changed" | "task.changed"; order_id: string | null }
  | { kind: "typing"; conversation_id: string; who: Author }
  | { kind: "viewing"; conversation_id: string; agents: Person[] }
  | { kind: "presence"; agents: string[] };
