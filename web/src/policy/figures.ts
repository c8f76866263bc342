// What a rehearsal or a what-if answers, as figures to set beside each other.
import type { Run } from "../api/policy-calls";

const shares = new Set(["reached_15m", "reached_1h", "reached_24h", "in_patience"]);
/** Between 0 and 1, said in per cent. */
export const isShare = (name: string): boolean => shares.has(name);
export const isMoney = (name: string): boolean => name === "cost_per_order";
/** How many have been disturbed against their wish or at night: the fewer, the better; none is the promise. */
export const isHarm = (name: string): boolean => name === "forbidden" || name === "night";

/** Names of figures in the order of the first run; a figure that only another run has comes after them. */
export const namesOf = (runs: Run[]): string[] => [...new Set(runs.flatMap((run) => Object.keys(run.figures)))];

/** One line a label, one value a run; what a run does not name is nothing. */
export function beside(runs: Run[], series: string): { label: string; values: number[] }[] {
  const labels = [...new Set(runs.flatMap((run) => (run.series[series] ?? []).map((point) => point.label)))];
  return labels.map((label) => ({ label, values: runs.map((run) => run.series[series]?.find((point) => point.label === label)?.value ?? 0) }));
}
