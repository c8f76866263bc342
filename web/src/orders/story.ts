// The timeline as it is told: what was decided stands with what came of it, and what is still to come stands apart.
import type { AttemptMade, PlanMade, Step, TimelineItem } from "../api/order-shapes";

/** A try with the plan it belongs to. */
export interface Tried {
  what: "tried";
  at: string;
  attempt: AttemptMade;
  plan: PlanMade | null;
}
export type Told = Exclude<TimelineItem, AttemptMade> | Tried;

/** A rung of a plan that is not yet climbed. `after` is the channel that is tried before it. */
export interface Coming {
  key: string;
  at: string;
  plan: PlanMade;
  step: Step;
  position: number;
  after: string | null;
  text: string;
}

export interface Story {
  told: Told[];
  coming: Coming[];
  others: Told[]; // still to come, but not a word to the customer: a reminder, an expected day
}

const alive = ["waiting", "sending", "watching"];
const together = 10 * 60_000;

export function storyOf(items: TimelineItem[]): Story {
  const plans = new Map(items.flatMap((item) => (item.what === "plan" ? [[item.id, item] as const] : [])));
  const tries = items.filter((item): item is AttemptMade => item.what === "attempt");
  const real = tries.filter((attempt) => !attempt.planned);
  const seen = new Set(real.map((attempt) => attempt.message_id).filter(Boolean));
  const told: Told[] = [];
  const others: Told[] = [];
  for (const item of items) {
    if (item.what === "attempt") {
      if (!item.planned) told.push({ what: "tried", at: item.sent_at ?? item.at, attempt: item, plan: plans.get(item.plan_id) ?? null });
    } else if (item.what === "plan") {
      if (!foldedAway(item, real)) told.push(item);
    } else if (item.what === "message" && item.id && seen.has(item.id)) {
      continue; // the try shows it already
    } else if (item.planned) others.push(item);
    else told.push(item);
  }
  const coming = [...plans.values()].flatMap((plan) => comingOf(plan, real, tries.filter((one) => one.planned && one.plan_id === plan.id)));
  coming.sort((one, other) => one.at.localeCompare(other.at));
  return { told: told.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)), coming, others };
}

/** A plan whose first try followed at once, or which is shown among what comes, needs no line of its own. */
function foldedAway(plan: PlanMade, tries: AttemptMade[]): boolean {
  const first = tries.filter((one) => one.plan_id === plan.id).sort((one, other) => one.position - other.position)[0];
  if (!first) return alive.includes(plan.state);
  return plan.state !== "stopped" && plan.state !== "unreached" && Date.parse(first.sent_at ?? first.at) - Date.parse(plan.at) < together;
}

function comingOf(plan: PlanMade, tries: AttemptMade[], planned: AttemptMade[]): Coming[] {
  if (!alive.includes(plan.state)) return [];
  const tried = Math.max(-1, ...tries.filter((one) => one.plan_id === plan.id).map((one) => one.position));
  return plan.steps.flatMap((step, position) => {
    if (position <= tried) return [];
    const known = planned.find((one) => one.position === position);
    const after = position > 0 ? (plan.steps[position - 1]?.channel ?? null) : null;
    return [{ key: `${plan.id}/${position}`, at: known?.at ?? step.at, plan, step, position, after, text: known?.text ?? "" }];
  });
}

/** The rung after this one, when there is one: what happens if this is not enough. */
export function stepAfter(plan: PlanMade | null, position: number): Step | null {
  return plan?.steps[position + 1] ?? null;
}
