// A telephone number in groups, as the server's own "pretty" gives it to customers. Countries of our shops; what is not in
// the table stays as it is, for wrong groups read worse than none.
const GROUPS: [RegExp, string][] = [
  [/^\+(380)(\d{2})(\d{3})(\d{4})$/, "+$1 $2 $3 $4"],
  [/^\+(7)(\d{3})(\d{3})(\d{2})(\d{2})$/, "+$1 $2 $3-$4-$5"],
  [/^\+(375)(\d{2})(\d{3})(\d{2})(\d{2})$/, "+$1 $2 $3-$4-$5"],
  [/^\+(1)(\d{3})(\d{3})(\d{4})$/, "+$1 $2-$3-$4"],
  [/^\+(44)(7\d{3})(\d{6})$/, "+$1 $2 $3"],
  [/^\+(420)(\d{3})(\d{3})(\d{3})$/, "+$1 $2 $3 $4"],
  [/^\+(48)(22)(\d{3})(\d{2})(\d{2})$/, "+$1 $2 $3 $4 $5"],
  [/^\+(48)([4-8]\d{2})(\d{3})(\d{3})$/, "+$1 $2 $3 $4"],
  [/^\+(33)(\d)(\d{2})(\d{2})(\d{2})(\d{2})$/, "+$1 $2 $3 $4 $5 $6"],
  [/^\+(46)(7\d)(\d{3})(\d{2})(\d{2})$/, "+$1 $2 $3 $4 $5"],
  [/^\+(353)(8\d)(\d{3})(\d{4})$/, "+$1 $2 $3 $4"],
];

/** "+380671234567" as "+380 67 123 4567"; any other text as it is. */
export function inGroups(text: string): string {
  if (!/^\+\d+$/.test(text)) return text;
  const known = GROUPS.find(([shape]) => shape.test(text));
  return known ? text.replace(known[0], known[1]) : text;
}
