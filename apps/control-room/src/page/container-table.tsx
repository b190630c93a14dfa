import type { Place } from '../shared/place.ts';
import type { Seen } from '../shared/snapshot.ts';
import { amount, lastWords, megabytes, percent, restartsInWords, saysWhy } from './format.ts';
import { tierOf, tiers } from './map/tiers.ts';
import { capital, wordsOf } from './place-words.ts';
import { TableHead } from './table-head.tsx';

const columnsOf = (place: Place) => [
  { title: capital(wordsOf(place).one) },
  { title: 'Tier', className: 'wide-only' },
  { title: 'State' },
  { title: 'Role', className: 'wide-only' },
  ...(hasMachines(place) ? [{ title: 'Machine', className: 'wide-only' }] : []),
  { title: 'CPU', className: 'number' },
  { title: 'Memory', className: 'number' },
  ...(hasRates(place) ? [{ title: 'Per second', className: 'number wide-only' }] : []),
];
const hasMachines = ({ kind }: Place) => kind === 'kubernetes';
const hasRates = ({ absent }: Place) => absent.rates === undefined;

/** The map as a table: the same containers or pods in the order of the tiers. */
export function ContainerTable({ containers, place }: { containers: Seen[]; place: Place }) {
  const order = (container: Seen) => tiers.indexOf(tierOf(container.service));
  return (
    <table className="table">
      <caption className="sr-only">Every {wordsOf(place).one} of the map</caption>
      <TableHead columns={columnsOf(place)} />
      <tbody>
        {containers
          .toSorted((a, b) => order(a) - order(b))
          .map((container) => (
            <Row key={container.id} container={container} place={place} />
          ))}
      </tbody>
    </table>
  );
}

function Row({ container, place }: { container: Seen; place: Place }) {
  const { name, service, state, status, restarts, role, machine, zone, cores, memoryBytes, rate } = container;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="wide-only text-muted">{tierOf(service).title}</td>
      <td>
        <span className="state" data-state={state}>
          {state}
        </span>
        {saysWhy(state) && <span className="text-muted wide-only"> {lastWords(status)}</span>}
        {restarts && <span className="text-muted wide-only"> {restartsInWords(restarts)}</span>}
      </td>
      <td className="wide-only">{role}</td>
      {hasMachines(place) && (
        <td className="wide-only">
          {machine}
          {zone && <span className="text-muted"> zone {zone}</span>}
        </td>
      )}
      <td className="number">{cores !== undefined && percent(cores)}</td>
      <td className="number">{memoryBytes !== undefined && megabytes(memoryBytes)}</td>
      {hasRates(place) && <td className="number wide-only">{rate && amount(rate)}</td>}
    </tr>
  );
}
