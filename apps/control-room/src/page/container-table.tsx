import type { Seen } from '../shared/snapshot.ts';
import { amount, lastWords, megabytes, percent } from './format.ts';
import { tierOf, tiers } from './map/tiers.ts';
import { TableHead } from './table-head.tsx';

const columns = [
  { title: 'Container' },
  { title: 'Tier', className: 'wide-only' },
  { title: 'State' },
  { title: 'Role', className: 'wide-only' },
  { title: 'CPU', className: 'number' },
  { title: 'Memory', className: 'number' },
  { title: 'Per second', className: 'number wide-only' },
];

/** The map as a table: the same containers in the order of the tiers. */
export function ContainerTable({ containers }: { containers: Seen[] }) {
  const order = (container: Seen) => tiers.indexOf(tierOf(container.service));
  return (
    <table className="table">
      <caption className="sr-only">Every container of the map</caption>
      <TableHead columns={columns} />
      <tbody>
        {containers
          .toSorted((a, b) => order(a) - order(b))
          .map((container) => (
            <Row key={container.id} {...container} />
          ))}
      </tbody>
    </table>
  );
}

function Row({ name, service, state, status, role, cores, memoryBytes, rate }: Seen) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="wide-only text-muted">{tierOf(service).title}</td>
      <td>
        <span className="state" data-state={state}>
          {state}
        </span>
        {state === 'down' && <span className="text-muted wide-only"> {lastWords(status)}</span>}
      </td>
      <td className="wide-only">{role}</td>
      <td className="number">{cores !== undefined && percent(cores)}</td>
      <td className="number">{memoryBytes !== undefined && megabytes(memoryBytes)}</td>
      <td className="number wide-only">{rate && amount(rate)}</td>
    </tr>
  );
}
