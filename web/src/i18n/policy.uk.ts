// Правила, їхні слова, «що, якби», надзвичайні події.
import type { PolicyWords } from "./shape";

export const policy: PolicyWords = {
  "policy.title": "Як ми пишемо",
};
