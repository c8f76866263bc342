// Sentences of an order's story.
import type { AttemptMade, HappenedEvent, PlanMade, Step } from "../api/order-shapes";
import { sayDay, sayWhen } from "../i18n/said.svelte";
import { known, t } from "../i18n/words.svelte";
import type { IconName } from "../ui/icons";
import { stepAfter } from "./story";
import { sayChannel, sayOccasion } from "./words";

const signs: Record<string, IconName> = {
  placed: "orders", changed: "retry", paid: "check", payment_failed: "alert", packed: "orders", shipped: "truck", arrived_at_pickup: "pin",
  out_for_delivery: "truck", delivered: "check", failed_attempt: "alert", delayed: "clock", cancelled: "close", refunded: "reply", returned: "reply",
};
export const signOf = (kind: string): IconName => signs[kind] ?? "flag";

/** What the event itself tells beyond its name: a reason, a new day, a sum. */
export function particulars(event: HappenedEvent): string {
  const data = event.data ?? {};
  const text = (name: string) => (typeof data[name] === "string" || typeof data[name] === "number" ? String(data[name]) : "");
  const day = text("new_date") || text("day");
  return [text("reason"), day && t("timeline.new_day", { day: /^\d{4}-\d\d-\d\d$/.test(day) ? sayDay(`${day}T12:00:00`) : day }), text("place"), text("carrier"), text("tracking")].filter(Boolean).join(" · ");
}

/** «Telegram: order placed, packed»: through which channel, about what. */
export function matter(plan: PlanMade | null): string {
  if (!plan) return "";
  const kinds = [...new Set(plan.occasions.length ? plan.occasions.map((one) => one.kind) : [plan.kind])];
  return kinds.map(sayOccasion).join(", ");
}

/** What comes if this rung is not enough, or that nothing more comes. */
export function afterwards(plan: PlanMade | null, position: number, step: Pick<Step, "wait_for" | "until"> | AttemptMade | null): string {
  const next = stepAfter(plan, position);
  if (!next) return t("reasons.last");
  const values = { receipt: waited(step?.wait_for), channel: sayChannel(next.channel), when: step?.until ? sayWhen(step.until) : sayWhen(next.at) };
  return t(next.voice ? "reasons.then_call" : "reasons.then", values);
}

const waited = (receipt: string | null | undefined) => known(`waited.${receipt}`) ?? t("waited.read");

/** How a plan stands, when it stands alone in the story. */
export const stateOfPlan = (plan: PlanMade) => t(`plan.${plan.state}`);
