// Sums come as text, so that no kopeck is lost on the way; only the last step makes a number of them.
export function sayMoney(sum: string, currency: string, language: string): string {
  const value = Number(sum);
  if (!Number.isFinite(value)) return `${sum} ${currency}`.trim();
  const whole = Number.isInteger(value);
  try {
    return value.toLocaleString(language === "en" ? "en-GB" : language, { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: whole ? 0 : 2, maximumFractionDigits: 2 });
  } catch {
    return `${value.toLocaleString(language)} ${currency}`.trim(); // no currency of the standard's list
  }
}
