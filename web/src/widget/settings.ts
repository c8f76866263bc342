/** What the owner wrote on the script's tag. */
export interface Settings {
  server: string; // the origin of the script
  inbox: string;
  language: string | null;
  identity: string | null;
  position: "" | "left" | "right";
  theme: "auto" | "light" | "dark";
  accent: string;
}

export function settingsOf(script: HTMLScriptElement): Settings {
  const { inbox, language, identity, position, theme, accent } = script.dataset;
  return {
    server: new URL(script.src).origin,
    inbox: inbox ?? "",
    language: language ?? null,
    identity: identity || null,
    position: oneOf(position, ["left", "right"], ""),
    theme: oneOf(theme, ["light", "dark"], "auto"),
    accent: accent ?? "",
  };
}

function oneOf<Value extends string, Other extends string>(wish: string | undefined, known: Value[], otherwise: Other): Value | Other {
  return known.find((value) => value === wish) ?? otherwise;
}
