// What a rehearsal or a what-if answers, as figures to set beside each other.

export interface Run {
  name: string;
  figures: Record<string, number>;
  series: Record<string, { label: string; value: number }[]>;
}

const ignored = new Set(["name", "policy", "version", "figures", "series"]);

/** Finds the runs wherever the answer keeps them: a list of runs, or runs by name. */
export function figuresOf(answer: unknown): Run[] {
  const found = listOf(answer);
  return found.map(([name, value]) => ({ name, figures: numbersOf(value), series: seriesOf(value) })).filter((run) => Object.keys(run.figures).length > 0);
}

function listOf(answer: unknown): [string, Record<string, unknown>][] {
  const whole = (answer ?? {}) as Record<string, unknown>;
  const list = [whole.runs, whole.items, whole.policies, whole.figures, answer].find(Array.isArray) as unknown[] | undefined;
  if (list) return list.filter(isObject).map((one, index) => [String(one.name ?? one.policy ?? index + 1), one]);
  return Object.entries(whole).filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]) && Object.keys(numbersOf(entry[1])).length > 0);
}

function numbersOf(value: Record<string, unknown>): Record<string, number> {
  const from = isObject(value.figures) ? value.figures : value;
  return Object.fromEntries(Object.entries(from).filter((entry): entry is [string, number] => typeof entry[1] === "number" && !ignored.has(entry[0])));
}

function seriesOf(value: Record<string, unknown>): Run["series"] {
  const from = isObject(value.series) ? value.series : {};
  return Object.fromEntries(
    Object.entries(from).flatMap(([name, points]) => {
      if (isObject(points)) return [[name, Object.entries(points).flatMap(([label, n]) => (typeof n === "number" ? [{ label, value: n }] : []))]];
      if (!Array.isArray(points)) return [];
      return [[name, points.flatMap((point, index) => pointOf(point, index))]];
    }),
  );
}

function pointOf(point: unknown, index: number): { label: string; value: number }[] {
  if (typeof point === "number") return [{ label: String(index), value: point }];
  if (Array.isArray(point) && typeof point[1] === "number") return [{ label: String(point[0]), value: point[1] }];
  if (!isObject(point)) return [];
  const value = Object.values(point).filter((one) => typeof one === "number").at(-1);
  const label = point.label ?? point.at ?? point.within ?? point.hour ?? point.day ?? Object.values(point)[0];
  return typeof value === "number" ? [{ label: String(label), value }] : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Shares are between 0 and 1 and are said in per cent; everything else as it is. */
export function isShare(name: string): boolean {
  return /share|rate|reached|within|coverage/.test(name) && !/count|number|orders$/.test(name);
}
