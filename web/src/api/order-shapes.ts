// The shapes of docs/developers/orders.md. Sums are strings, days "YYYY-MM-DD", hours "HH:MM".
import type { Identity, Person, Receipt } from "./types";

export type OrderStatus = "placed" | "confirmed" | "packed" | "shipped" | "at_pickup" | "out_for_delivery" | "delivered" | "cancelled" | "returned";
export type CallWish = "never" | "only_if_urgent" | "required" | "before_arrival" | "no_statement";
export type Outcome = "confirmed" | "tap" | "prepay" | "person";

/** One reason: a word, its particulars, and the sentence in the reader's language. */
export interface Because {
  why: string;
  data?: Record<string, unknown>;
  text?: string;
}

export interface TimeWindow {
  from: string | null;
  to: string | null;
  days: "any" | "weekdays" | "weekends";
  vague?: boolean;
}

export interface Wishes {
  call: CallWish;
  preferred_channels: string[];
  forbidden_channels: string[];
  contact_window: TimeWindow | null;
  delivery_window: TimeWindow | null;
  intercom: string | null;
  floor: string | null;
  entrance: string | null;
  apartment: string | null;
  recipient_other: boolean;
  leave_at_door: boolean;
  change_from: number | null;
  gift: boolean;
}

export interface Preferences {
  call: CallWish;
  preferred_channels: string[];
  forbidden_channels: string[];
  contact_window: TimeWindow | null;
  consents: Partial<Record<"promotion" | "review" | "survey", boolean>>;
  by?: string;
  updated_at?: string | null;
}

export interface Span {
  start: number; // in characters of the comment, not in halves of them
  end: number;
  field: string;
  value: string;
}

/** What will be said next of its own accord. */
export interface NextWord {
  channel: string;
  at: string;
  kind: string;
}

export interface Risk {
  score: number;
  outcome: Outcome;
  by: string;
  reasons?: (Because & { points: number })[];
}

export interface Order {
  id: string;
  number: string;
  external_id: string;
  status: OrderStatus;
  placed_at: string;
  currency: string;
  total: string;
  paid: boolean;
  payment: string;
  method: string;
  contact: Person | null;
  city: string;
  comment: string;
  call: CallWish;
  to_read: boolean;
  calls_wait: boolean;
  risk: Risk | null;
  delivery_day: string | null;
  slot: { from: string; to: string } | null;
  last_event: { kind: string; at: string } | null;
  tasks: number;
  urgent?: boolean;
  next?: NextWord | null;
}

export interface OrderDetail extends Order {
  phone: string;
  email: string;
  address: string;
  country: string;
  language: string;
  timezone: string;
  carrier: string;
  tracking: string;
  items: { sku: string; name: string; quantity: number; price: string | null }[];
  wishes: Wishes;
  wishes_by: string;
  spans: Span[];
  unread_spans: { start: number; end: number }[];
  read_by: Person | null;
  read_at: string | null;
  urgent: boolean;
  attempts: number;
  courier: string;
  context: { utm?: Record<string, string>; referrer?: string };
  identities: Identity[];
  preferences: Preferences | null;
  lasting: Partial<Preferences>; // what the comment asks for good and nobody has decided
  conversation_id: string | null;
}

export interface OrderCounts {
  open: number;
  to_read: number;
  person: number;
  tasks: number;
  by_status: Partial<Record<OrderStatus, number>>;
}

interface Happening {
  at: string;
  planned?: boolean;
}
export interface Step {
  channel: string;
  at: string;
  wait_for: string | null;
  until: string | null;
  because: Because[];
  voice?: boolean;
}
export interface Refusal {
  channel: string;
  address?: string;
  because: Because;
  inbox_id?: string; // only where it tells two lines apart
}
export type PlanState = "waiting" | "sending" | "watching" | "reached" | "unreached" | "stopped";

export interface HappenedEvent extends Happening {
  what: "event";
  kind: string;
  key?: string;
  source?: string;
  data?: Record<string, unknown>;
}
export interface PlanMade extends Happening {
  what: "plan";
  id: string;
  kind: string;
  occasions: { kind: string; at: string }[];
  stage: string;
  purpose: string;
  state: PlanState;
  steps: Step[];
  rejected: Refusal[];
  because: Because | null;
  policy_version: number;
}
export interface AttemptMade extends Happening {
  what: "attempt";
  plan_id: string;
  position: number;
  channel: string;
  address?: string;
  state: "waiting" | "sent" | "failed";
  sent_at?: string | null;
  receipt?: Receipt | null;
  receipt_at?: string | null;
  wait_for?: string | null;
  until?: string | null;
  message_id?: string | null;
  conversation_id?: string | null;
  text?: string | null;
  because: Because[];
}
export interface SilenceKept extends Happening {
  what: "silence";
  id: string;
  kind: string;
  because: Because;
  rejected: Refusal[];
  needs_person?: boolean;
}
export type TaskKind = "call" | "read" | "look" | "slot";
export interface TaskFields {
  id: string;
  kind: TaskKind;
  phone: string;
  because: Because[];
  state: "open" | "done" | "dropped";
  result?: string;
  not_before?: string | null;
  not_after?: string | null;
  done_by?: string | Person | null;
}
/** In a timeline `kind` is the task's own: call, read, look, slot. */
export interface TaskMade extends Happening, TaskFields {
  what: "task";
}
export interface MessageSaid extends Happening {
  what: "message";
  id?: string;
  direction?: "inbound" | "outbound";
  channel?: string | null;
  text?: string;
  receipt?: Receipt | null;
  conversation_id?: string | null;
  author?: { kind: string; name: string } | null;
}
export interface WishSaid extends Happening {
  what: "wish";
  by?: string;
  text?: string;
  data?: Record<string, unknown>;
}
export type TimelineItem = HappenedEvent | PlanMade | AttemptMade | SilenceKept | TaskMade | MessageSaid | WishSaid;

export interface Task extends TaskFields {
  at?: string;
  created_at?: string;
  order: { id: string; number: string } | null;
  contact: Person | null;
}
export type TaskResult = "answered" | "no_answer" | "done" | "dropped";
