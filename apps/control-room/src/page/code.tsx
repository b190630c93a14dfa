import type { Ref } from 'react';

type Props = { label: string; ref?: Ref<HTMLElement>; children: string };

/** Text that keeps its lines. */
export function Code({ label, ref, children }: Props) {
  return (
    // The keyboard scrolls only what takes the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section ref={ref} className="code" aria-label={label} tabIndex={0}>
      <pre>{children}</pre>
    </section>
  );
}
