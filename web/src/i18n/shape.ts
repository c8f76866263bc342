import type { en } from "./en";
import type { orders } from "./orders.en";
import type { policy } from "./policy.en";
import type { people } from "./people.en";
import type { Plural } from "./plural";

/** Every language has the same keys; a missing or surplus one does not compile. */
type Same<T> = { [K in keyof T]: T[K] extends string ? string : Plural };

export type Dictionary = Same<typeof en>;
/** Parts that are fetched with their pages. */
export type OrdersWords = Same<typeof orders>;
export type PeopleWords = Same<typeof people>;
export type PolicyWords = Same<typeof policy>;
export type Key = keyof PeopleWords | keyof Dictionary | keyof OrdersWords | keyof PolicyWords;
