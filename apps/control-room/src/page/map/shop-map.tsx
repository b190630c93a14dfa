import { ReactFlow } from '@xyflow/react';
import { useMemo, useRef } from 'react';
import type { Seen } from '../../shared/snapshot.ts';
import { useWidth } from '../use-width.ts';
import { edgesOf, nodesOf } from './graph.ts';
import { layOut } from './layout.ts';
import { nodeTypes } from './nodes.tsx';

/** The map, as high as it must be: the page scrolls, and nothing in the map does. */
export function ShopMap({ containers, onChoose }: { containers: Seen[]; onChoose: (id: string) => void }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const layout = useMemo(() => layOut(containers, width), [containers, width]);
  const nodes = useMemo(() => nodesOf(layout, onChoose), [layout, onChoose]);
  const edges = useMemo(() => edgesOf(layout), [layout]);
  return (
    <div ref={frame} style={{ height: layout.height }}>
      {width > 0 && (
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          disableKeyboardA11y
          nodesFocusable={false}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          panOnDrag={false}
          zoomOnScroll={false}
          zoomOnPinch={false}
          zoomOnDoubleClick={false}
          preventScrolling={false}
        />
      )}
    </div>
  );
}
