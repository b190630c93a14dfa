import type { Seen } from '../../shared/snapshot.ts';
import { type Tier, tierOf, tiers } from './tiers.ts';

/** A rectangle in pixels. */
export type Box = { x: number; y: number; width: number; height: number };
export type PlacedContainer = Box & { container: Seen };
/** `containers` are placed relative to the tier. */
export type PlacedTier = Box & { tier: Tier; containers: PlacedContainer[] };
export type Layout = { tiers: PlacedTier[]; width: number; height: number; stacked: boolean };

/** In pixels. `gap` is between tiers: room for the lines that join them. */
const sizes = { node: 50, between: 8, title: 36, padding: 10, gap: 38, stackedGap: 26, leastNode: 156 };
const columns = 6;
/** Below this width, six columns would be too narrow for a name beside its role. */
const leastWide = columns * (sizes.leastNode + 2 * sizes.padding) + (columns - 1) * 24;

/**
 * Places every container. Where there is room, tiers stand from left to right along the way of a request; otherwise
 * one under the other, as wide as the page.
 *
 * @param width of the page, in pixels.
 */
export function layOut(containers: Seen[], width: number): Layout {
  const byTier = Map.groupBy(containers, ({ service }) => tierOf(service));
  const present = tiers
    .filter((tier) => byTier.has(tier))
    .map((tier) => ({ tier, members: byTier.get(tier)! }));
  const placed = width >= leastWide ? inColumns(present, width) : stacked(present, width);
  const height = Math.max(0, ...placed.map((box) => box.y + box.height));
  return { tiers: placed, width, height, stacked: width < leastWide };
}

type Present = { tier: Tier; members: Seen[] }[];

function inColumns(present: Present, width: number): PlacedTier[] {
  const columnWidth = (width - (columns - 1) * gapOf(width)) / columns;
  // Both rows begin at one height in all columns; tiers of one place stand one under the other.
  const bottoms: Record<0 | 1, number[]> = { 0: [], 1: [] };
  const placed: PlacedTier[] = [];
  for (const row of [0, 1] as const) {
    const top = row === 0 ? 0 : Math.max(...bottoms[0], 0) + (bottoms[0].length > 0 ? sizes.gap : 0);
    for (const { tier, members } of present.filter(({ tier }) => tier.row === row)) {
      const above = bottoms[row][tier.column];
      const y = above === undefined ? top : above + sizes.stackedGap;
      const box = filled(tier, members, columnWidth, 1);
      bottoms[row][tier.column] = y + box.height;
      placed.push({ ...box, x: tier.column * (columnWidth + gapOf(width)), y });
    }
  }
  return placed;
}

/** Wide pages give what they have to the lines and to the boxes. */
const gapOf = (width: number) =>
  Math.min(sizes.gap, (width - columns * (sizes.leastNode + 2 * sizes.padding)) / (columns - 1));

function stacked(present: Present, width: number): PlacedTier[] {
  const inner = width - 2 * sizes.padding + sizes.between;
  const across = Math.max(1, Math.floor(inner / (sizes.leastNode + sizes.between)));
  let y = 0;
  return present.map(({ tier, members }) => {
    const box = { ...filled(tier, members, width, across), x: 0, y };
    y += box.height + sizes.stackedGap;
    return box;
  });
}

/** A tier with its containers, `across` beside each other. */
function filled(tier: Tier, members: Seen[], width: number, across: number): PlacedTier {
  const nodeWidth = (width - 2 * sizes.padding - (across - 1) * sizes.between) / across;
  const containers = members.map((container, index) => ({
    container,
    x: sizes.padding + (index % across) * (nodeWidth + sizes.between),
    y: sizes.title + Math.floor(index / across) * (sizes.node + sizes.between),
    width: nodeWidth,
    height: sizes.node,
  }));
  const rows = Math.ceil(members.length / across);
  const height = sizes.title + rows * (sizes.node + sizes.between) - sizes.between + sizes.padding;
  return { tier, containers, x: 0, y: 0, width, height };
}
