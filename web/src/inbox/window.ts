/** Which rows of a long list of equal heights must exist at a scroll position, with some to spare on both sides. */
export function visible(scrollTop: number, height: number, row: number, count: number, spare = 6): { from: number; to: number } {
  const from = Math.max(0, Math.floor(scrollTop / row) - spare);
  const to = Math.min(count, Math.ceil((scrollTop + height) / row) + spare);
  return { from: Math.min(from, to), to };
}

/** The scroll position that shows the row, moving as little as possible. */
export function reveal(index: number, scrollTop: number, height: number, row: number): number {
  if (index * row < scrollTop) return index * row;
  if ((index + 1) * row > scrollTop + height) return (index + 1) * row - height;
  return scrollTop;
}
