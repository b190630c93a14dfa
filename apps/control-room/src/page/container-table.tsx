import type { Seen } from '../shared/snapshot.ts';
import { amount, lastWords, megabytes, percent } from './format.ts';
import { tierOf, tiers } from './map/tiers.ts';

/** The map as a table: the same containers in the order of the tiers. */
export function ContainerTable({ containers }: { containers: Seen[] }) {
  const order = (container: Seen) => tiers.indexOf(tierOf(container.service));
  return (
    <table className="table">
      <caption className="sr-only">Every container of the map</caption>
      <thead>
        <tr>
          <th scope="col">Container</th>
          <th scope="col" className="wide-only">
            Tier
          </th>
          <th scope="col">State</th>
          <th scope="col" className="wide-only">
            Role
          </th>
          <th scope="col" className="number">
            CPU
          </th>
          <th scope="col" className="number">
            Memory
          </th>
          <th scope="col" className="number wide-only">
            Per second
          </th>
        </tr>
      </thead>
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
