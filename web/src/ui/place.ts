const margin = 8;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Below the anchor where there is room, else above; never outside the window. */
export function placeOf(anchor: Box, size: { width: number; height: number }, view: { width: number; height: number }): { left: number; top: number } {
  const below = anchor.bottom + 4;
  const above = anchor.top - 4 - size.height;
  const top = below + size.height <= view.height - margin || above < margin ? below : above;
  return {
    left: Math.max(margin, Math.min(anchor.left, view.width - size.width - margin)),
    top: Math.max(margin, Math.min(top, view.height - size.height - margin)),
  };
}

export function placeBeside(anchor: HTMLElement, panel: HTMLElement): void {
  const { width, height } = panel.getBoundingClientRect();
  const { left, top } = placeOf(anchor.getBoundingClientRect(), { width, height }, { width: innerWidth, height: innerHeight });
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}
