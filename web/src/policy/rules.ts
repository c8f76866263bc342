// The rules as an editor sees them: grouped by stage, every figure a choice of words.
import type { PolicyData, QuietHours, RuleData, Stage } from "../api/policy-shapes";

export const stages: readonly Stage[] = ["confirmation", "question", "payment", "delivery", "aftersale", "promotion"];
const minute = 60;
const hour = 60 * minute;
export const patience: readonly number[] = [5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 6 * hour, 12 * hour, 24 * hour, 48 * hour];
export const digests: readonly number[] = [0, minute, 2 * minute, 3 * minute, 5 * minute, 10 * minute, 15 * minute];
export const call = "call";
export const classes: readonly string[] = ["messenger", "mail", "sms"];
/** Mixes of written ways that are offered by name; any other mix is shown as it is. */
export const mixes: readonly string[][] = [["messenger", "mail", "sms"], ["messenger", "mail"], ["messenger", "sms"], ["messenger"], ["mail"], ["sms"]];

export function byStage(data: PolicyData): { stage: Stage; kinds: string[] }[] {
  return stages
    .map((stage) => ({ stage, kinds: Object.keys(data.rules).filter((kind) => data.rules[kind]?.stage === stage) }))
    .filter((group) => group.kinds.length > 0);
}

export const written = (rule: RuleData): string[] => (rule.media ?? []).filter((one) => one !== call && one !== "phone");
export const mayCall = (rule: RuleData): boolean => (rule.media ?? []).some((one) => one === call || one === "phone");
/** No policy makes a call possible before delivery: there the choice does not exist. */
export const callsExist = (rule: RuleData): boolean => rule.stage === "delivery" && (rule.purpose ?? "transactional") === "transactional";

export function withMedia(rule: RuleData, media: string[], calls: boolean): RuleData {
  return { ...rule, media: calls ? [...media, call] : media };
}

/** The same patience for every rung, unless the rule had figures of its own for later ones. */
export function withPatience(rule: RuleData, seconds: number): RuleData {
  return { ...rule, within: [seconds, ...(rule.within ?? []).slice(1).map((old) => (old === rule.within?.[0] ? seconds : old))] };
}

/** Choices in order, with the present figure among them even if it is an unusual one. */
export function among(choices: readonly number[], present: number): number[] {
  return choices.includes(present) ? [...choices] : [...choices, present].sort((one, other) => one - other);
}

export interface Quiet {
  start: number; // minutes of the local day
  end: number;
}

const minutes = (text: string): number => {
  const [hours = 0, rest = 0] = text.split(":").map(Number);
  return (hours * 60 + rest) % 1440;
};

export const quietOf = ({ from, to }: QuietHours): Quiet => ({ start: minutes(from), end: minutes(to) });
export const quietInto = ({ start, end }: Quiet): QuietHours => ({ from: clock(start), to: clock(end) });

export function clock(minutes: number): string {
  const day = ((minutes % 1440) + 1440) % 1440;
  return `${String(Math.floor(day / 60)).padStart(2, "0")}:${String(day % 60).padStart(2, "0")}`;
}

/** Spans of the day from 0 to 1440 that are quiet; a night over midnight is two. */
export function spans({ start, end }: Quiet): { from: number; to: number }[] {
  if (start === end) return [];
  return start < end ? [{ from: start, to: end }] : [{ from: 0, to: end }, { from: start, to: 1440 }];
}

/** Which rules differ, for a list of what will be saved. */
export function changes(before: PolicyData, after: PolicyData): { rules: string[]; others: string[] } {
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const kinds = [...new Set([...Object.keys(before.rules), ...Object.keys(after.rules)])];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => name !== "rules");
  return { rules: kinds.filter((kind) => !same(before.rules[kind], after.rules[kind])), others: names.filter((name) => !same(before[name], after[name])) };
}
