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

export interface PolicyData {
  rules: Record<string, RuleData>;
  quiet_messages?: unknown;
  quiet_calls?: unknown;
  caps?: Partial<Record<Purpose, Cap>>;
  no_calls_on?: number[];
  calls_on_holidays?: boolean;
  no_promotion_on?: number[];
  promotion_on_holidays?: boolean;
  answer_own_act_within?: number;
  prefer?: string;
  habits?: Record<string, string[]>;
  [more: string]: unknown;
}

export interface Policy {
  version: number;
  data: PolicyData;
  built_in: boolean;
}

export interface PolicyVersion {
  version: number;
  note: string;
  author: string | { name: string } | null;
  created_at: string;
}
