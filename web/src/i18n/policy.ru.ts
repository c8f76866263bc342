// Правила, их слова, «что, если», происшествия.
import type { PolicyWords } from "./shape";

export const policy: PolicyWords = {
  "policy.title": "Как мы пишем",
};
