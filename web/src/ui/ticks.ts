// One tick and two, in a box of 18 by 12.
export const TICK = "m4.5 6.5 3 3 6-7";
export const TICKS = "m1.5 6.5 3 3 6-7M8 9l.5.5 6-7";
