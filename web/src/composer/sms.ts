// How a text is cut into SMS: the counterpart of domain/sms.py for the hint while typing; both keep to one set of examples.
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const TWICE = new Set("\f^{}\\[~]|€");

/** Units that a text takes, and the parts that it is paid as. No letter that counts as two is cut in half. */
export function inParts(text: string): { units: number; parts: number } {
  const letters = [...text];
  const plain = letters.every((letter) => GSM.has(letter) || TWICE.has(letter));
  const sizes = letters.map((letter) => (plain ? (TWICE.has(letter) ? 2 : 1) : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= (plain ? 160 : 70)) return { units, parts: 1 };
  const most = plain ? 153 : 67;
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > most) {
      parts++;
      filled = 0;
    }
    filled += size;
  }
  return { units, parts };
}
