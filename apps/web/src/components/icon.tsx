import type { IconNode } from 'lucide';
import { createElement } from 'react';

/**
 * A drawing of Lucide beside words with the same meaning. Only the drawing comes from the library, without its runtime.
 */
export function Icon({ of, size, className }: { of: IconNode; size: number; className?: string }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={className}
    >
      {of.map(([tag, attributes], index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}
