import type { IconNode } from 'lucide';
import { createElement } from 'react';

/** One of Lucide's drawings beside words that say the same. Only the drawing is the library's: it comes without a runtime. */
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
