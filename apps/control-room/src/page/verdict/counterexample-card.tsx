import type { Counterexample } from '../../shared/shoppers.ts';
import { labels } from './words.ts';

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** One broken promise in words. */
export function CounterexampleCard({ found }: { found: Counterexample }) {
  const { kind, at, customer, expected, seen, history } = found;
  return (
    <li className="counterexample">
      <p className="font-semibold text-danger">
        {labels[kind]} <time dateTime={new Date(at).toISOString()}>{time.format(at)}</time>
      </p>
      <dl>
        <dt>Customer</dt>
        <dd>{customer}</dd>
        <dt>Expected</dt>
        <dd>{expected}</dd>
        <dt>Seen</dt>
        <dd>{seen}</dd>
      </dl>
      <details>
        <summary>Its operations</summary>
        {/* A keyboard must be able to scroll it. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
        <pre tabIndex={0}>{history}</pre>
      </details>
    </li>
  );
}
