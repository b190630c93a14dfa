import { Handle, type NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { isWell } from '../../shared/state.ts';
import { inWords, lastWords, megabytes, percent, perSecond, saysWhy } from '../format.ts';
import type { ContainerNode, TierNode } from './graph.ts';

/** A tier: the box around its containers, and where lines begin and end. */
export const Tier = memo(({ data: { title, count, well, sides } }: NodeProps<TierNode>) => {
  const [before, after] = sides;
  return (
    <div className="tier">
      {/* `in` and `out` are each both: a line that leads backwards leaves where others arrive. */}
      <Handle type="target" position={before} isConnectable={false} />
      <Handle type="source" position={after} isConnectable={false} />
      <Handle type="source" id="in" position={before} isConnectable={false} />
      <Handle type="target" id="out" position={after} isConnectable={false} />
      <p className="tier-title">
        {title} <span className={well ? 'tier-count' : 'tier-count tier-count-short'}>{count}</span>
      </p>
    </div>
  );
});

/** A container: its state by colour and word, its role, and what it uses and answers. A click chooses it. */
export const ContainerBox = memo(({ data: { container, onChoose } }: NodeProps<ContainerNode>) => {
  const { name, state, status, role, cores, memoryBytes, rate, machine } = container;
  return (
    <div className="container-box" data-state={state}>
      <span className="flex items-center gap-1.5" aria-hidden>
        <span className="dot" data-state={state} />
        <strong className="name" data-long={name.length > 17}>
          {name}
        </strong>
        {role && (
          <span className="role" data-leads={role === 'primary' || role === 'leader'}>
            {role}
          </span>
        )}
      </span>
      {isWell(state) && state !== 'done' ? (
        <span className="figures" aria-hidden>
          {cores !== undefined && <span>{percent(cores)}</span>}
          {memoryBytes !== undefined && <span>{megabytes(memoryBytes)}</span>}
          {rate && <span className="ml-auto">{perSecond(rate)}</span>}
          {machine && <span className="machine">{machine}</span>}
        </span>
      ) : (
        <span className="figures state" aria-hidden data-state={state}>
          {state}
          {saysWhy(state) && <span className="why text-muted">{lastWords(status)}</span>}
        </span>
      )}
      {cores !== undefined && (
        <svg className="meter" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden>
          <rect width={Math.min(100, cores * 100)} height="1" />
        </svg>
      )}
      {/* Above all of it, and without text of its own: its name says the same in words. */}
      <button
        type="button"
        className="container-button"
        aria-label={inWords(container)}
        aria-haspopup="dialog"
        onClick={() => onChoose(container.id)}
      />
    </div>
  );
});

export const nodeTypes = { tier: Tier, container: ContainerBox };
