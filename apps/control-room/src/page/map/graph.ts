import { type Edge, type Node, Position } from '@xyflow/react';
import type { Seen } from '../../shared/snapshot.ts';
import { isWell } from '../../shared/state.ts';
import type { Layout, PlacedTier } from './layout.ts';
import { connections, tiers } from './tiers.ts';

export type TierNode = Node<
  { title: string; count: string; well: boolean; sides: [Position, Position] },
  'tier'
>;
export type ContainerNode = Node<{ container: Seen; onChoose: (id: string) => void }, 'container'>;

/**
 * React Flow's nodes of a layout: the tiers, and in each its containers.
 *
 * @param onChoose is called with the id of the container whose button was pressed.
 */
export function nodesOf(
  { tiers: placed, stacked }: Layout,
  onChoose: (id: string) => void,
): (TierNode | ContainerNode)[] {
  return placed.flatMap((tier): (TierNode | ContainerNode)[] => {
    const { width, height } = tier;
    const states = tier.containers.map(({ container }) => container.state);
    const well = states.filter(isWell).length;
    const total = states.filter((state) => state !== 'leaving').length;
    const box: TierNode = {
      id: tier.tier.id,
      type: 'tier',
      position: { x: tier.x, y: tier.y },
      ...{ width, height, measured: { width, height } },
      data: {
        title: tier.tier.title,
        count: well === total ? String(total) : `${well} of ${total}`,
        well: well === total,
        sides: stacked ? [Position.Top, Position.Bottom] : [Position.Left, Position.Right],
      },
    };
    const nodes = tier.containers.map(
      ({ container, x, y, ...size }): ContainerNode => ({
        id: container.id,
        type: 'container',
        parentId: tier.tier.id,
        position: { x, y },
        ...{ ...size, measured: size },
        // React Flow lets no pointer through to a node that can be neither dragged nor selected.
        style: { pointerEvents: 'all' },
        data: { container, onChoose },
      }),
    );
    return [box, ...nodes];
  });
}

/**
 * The lines between tiers, as wide as there is traffic to where they lead. Where tiers are stacked, only those between
 * neighbours: others would run behind the tiers.
 */
export function edgesOf({ tiers: placed, stacked }: Layout): Edge[] {
  const shown = new Map(placed.map((tier) => [tier.tier.id, tier]));
  const order = tiers.map(({ id }) => id).filter((id) => shown.has(id));
  return connections
    .filter(({ from, to }) => shown.has(from) && shown.has(to))
    .filter(({ from, to }) => !stacked || Math.abs(order.indexOf(to) - order.indexOf(from)) === 1)
    .map(({ from, to, kind }) => {
      const traffic = trafficOf(shown.get(to)!);
      return {
        id: `${from}-${to}`,
        source: from,
        target: to,
        // It leaves and arrives at the sides that face each other.
        ...(backwards(shown.get(from)!, shown.get(to)!) && { sourceHandle: 'in', targetHandle: 'out' }),
        focusable: false,
        animated: kind === 'calls' && traffic > 0.5,
        className: kind,
        style: { strokeWidth: kind === 'calls' ? Math.min(7, 1.5 + Math.log10(1 + traffic) * 1.6) : 1.25 },
      };
    });
}

const trafficOf = ({ containers }: PlacedTier) =>
  containers.reduce((sum, { container }) => sum + (container.rate?.perSecond ?? 0), 0);

const backwards = (from: PlacedTier, to: PlacedTier) => to.x < from.x || (to.x === from.x && to.y < from.y);
