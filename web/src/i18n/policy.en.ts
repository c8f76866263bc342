// The policy, its words, what-if, incidents.
export const policy = {
  "policy.title": "How we write",
};
