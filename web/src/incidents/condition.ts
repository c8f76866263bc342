// Which orders an incident means. What is empty does not matter; all that is said must fit.
export interface Condition {
  statuses: string[];
  methods: string[];
  carriers: string[];
  cities: string[];
  skus: string[];
  placed_from: string;
  placed_to: string;
  delivery_from: string;
  delivery_to: string;
  unpaid: boolean;
}

export const anyOrder: Condition = { statuses: [], methods: [], carriers: [], cities: [], skus: [], placed_from: "", placed_to: "", delivery_from: "", delivery_to: "", unpaid: false };
export const openStatuses = ["placed", "confirmed", "packed", "shipped", "at_pickup", "out_for_delivery"] as const;
export const methods = ["courier", "pickup", "post"] as const;

export const saysNothing = (condition: Condition): boolean => JSON.stringify({ ...anyOrder, ...condition }) === JSON.stringify(anyOrder);

/** «Київ, Львів;Одеса» as people type it. */
export const listed = (text: string): string[] => [...new Set(text.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean))];

/** How far an incident has come, between 0 and 1: decided about, of those affected. */
export function share(progress: { affected: number; planned: number; silent: number }): number {
  return progress.affected ? Math.min(1, (progress.planned + progress.silent) / progress.affected) : 0;
}
