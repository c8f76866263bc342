import { paletteOf } from "../colour";
import styles from "./widget.css?inline";

/**
 * The styles as constructed sheets: they need no `style-src` from the shop. What changes while the widget lives
 * (accent, the room above the keyboard) stands in one rule of its own.
 */
export function dress(root: ShadowRoot): { accent: (chosen: string) => void; room: (top: number, height: number) => void } {
  const fixed = new CSSStyleSheet();
  fixed.replaceSync(styles);
  const changing = new CSSStyleSheet();
  changing.replaceSync(".root{}");
  root.adoptedStyleSheets = [fixed, changing];
  const rule = (changing.cssRules[0] as CSSStyleRule).style;
  return {
    accent(chosen) {
      const palette = paletteOf(chosen);
      rule.setProperty("--accent", palette.accent);
      rule.setProperty("--on-accent", palette.onAccent);
      rule.setProperty("--word-light", palette.wordLight);
      rule.setProperty("--word-dark", palette.wordDark);
    },
    room(top, height) {
      rule.setProperty("--room-top", `${Math.round(top)}px`);
      rule.setProperty("--room", `${Math.round(height)}px`);
    },
  };
}
