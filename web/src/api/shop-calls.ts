// The shop itself, and how its parcels are brought.
import { ask } from "./http";

const root = "/api/v1";

export interface Span {
  from: string;
  to: string;
}
export interface OpeningHours {
  week: Span[][];
  closed_days: string[];
}
export interface Shop {
  name: string;
  language: string;
  timezone: string;
  currency: string;
  hours: OpeningHours | null;
}
export interface Delivery {
  offered: boolean;
  intervals: (Span & { capacity: number })[];
  days_ahead: number;
  weekdays: number[];
  closed_days: string[];
  holidays_of: string;
  notice: number;
  remind_at: string;
}
export const shop = () => ask<Shop>(`${root}/shop`);
export const changeShop = (change: Partial<Omit<Shop, "currency">>) => ask<Shop>(`${root}/shop`, { method: "PATCH", body: change });
export const delivery = () => ask<Delivery>(`${root}/delivery-settings`);
export const changeDelivery = (change: Partial<Delivery>) => ask<Delivery>(`${root}/delivery-settings`, { method: "PUT", body: change });

export interface Phones {
  items: { number: string; shown: string; href: string; label: string; kind: "local" | "mobile" | "toll_free" | "other"; inbox_id: string; hours: string }[];
  page: string;
  snippet: string;
}
export const phones = () => ask<Phones>(`${root}/phones`);
