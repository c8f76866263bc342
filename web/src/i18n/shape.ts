import type { en } from "./en";
import type { Plural } from "./plural";

export type Key = keyof typeof en;
/** Every language has the same keys; a missing or surplus one does not compile. */
export type Dictionary = { [K in Key]: (typeof en)[K] extends string ? string : Plural };
