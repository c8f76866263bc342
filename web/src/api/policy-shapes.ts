// The owner's rules as the API shows them, and what a rehearsal answers. Unknown fields are kept as they came.

export type Stage = "question" | "confirmation" | "payment" | "delivery" | "aftersale" | "promotion";
export type Purpose = "transactional" | "service" | "promotion";

export interface RuleData {
  stage: Stage;
  purpose?: Purpose;
  tell?: boolean;
  media?: string[];
  rungs?: number;
  wait_for?: string;
  within?: number[]; // seconds for each rung; the last figure holds for all further ones
  insist?: boolean;
  digest?: number;
  stale_after?: number;
  [more: string]: unknown;
}

export interface Cap {
  messages: number;
  days: number;
}

/** Local hours, "HH:MM"; over midnight when it begins later than it ends. */
export interface QuietHours {
  from: string;
  to: string;
}

export interface PolicyData {
  rules: Record<string, RuleData>;
  quiet_messages: QuietHours;
  quiet_calls: QuietHours;
  no_calls_on: number[]; // Monday 0
  calls_on_holidays: boolean;
  no_promotion_on: number[];
  promotion_on_holidays: boolean;
  caps?: Partial<Record<Purpose, Cap>>;
  answer_own_act_within?: number;
  prefer?: string;
  habits?: Record<string, string[]>;
  [more: string]: unknown;
}

/** What the editor may offer; the nights that no policy can shorten. */
export interface Editable {
  least_quiet?: { messages: QuietHours; calls: QuietHours };
  rules?: Record<string, { may_call?: boolean }>;
}

export interface Policy {
  version: number;
  data: PolicyData;
  built_in?: boolean;
  schema?: Editable;
}

export interface PolicyVersion {
  version: number;
  note: string;
  author: string | null;
  created_at: string;
}
