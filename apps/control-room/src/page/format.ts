import type { Rate, Seen } from '../shared/snapshot.ts';
import type { State } from '../shared/state.ts';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** One digit after the point below ten: `0.4`, `12`. */
export const figure = (value: number) => (value < 9.95 ? tenth : whole).format(value);
/** Of one core: 0.123 is `12 %`. */
export const percent = (cores: number) => `${figure(cores * 100)} %`;
/** 1.27 is `1.27`. */
export const cores = (value: number) => hundredth.format(value);
export const megabytes = (bytes: number) => `${whole.format(bytes / 1e6)} MB`;
export const gigabytes = (bytes: number) => hundredth.format(bytes / 1e9);
export const perSecond = ({ perSecond }: Rate) => `${figure(perSecond)}/s`;

/** `3.2 commits`, `1 commit`. */
export function amount({ perSecond, unit }: Rate): string {
  const value = figure(perSecond);
  return `${value} ${value === '1' ? unit.replace(/ies$/, 'y').replace(/s$/, '') : unit}`;
}

/** What the engine says of a container that does not work: `Exited (137)`, without the time, which the page has. */
export const lastWords = (status: string) => status.replace(/ (About |Less than )?\w+ \w+ ago$/, '');

/** The states whose reason is in the status. */
export const saysWhy = (state: State) => state === 'down' || state === 'waiting';

/** `started again once`, `started again 3 times`. */
export const restartsInWords = (restarts: number) =>
  `started again ${restarts === 1 ? 'once' : `${restarts} times`}`;

/** `on node-2 in zone b`; undefined where there is no machine. */
const machineInWords = ({ machine, zone }: Seen) =>
  machine && [`on ${machine}`, zone && `in zone ${zone}`].filter(Boolean).join(' ');

/** A container or a pod in a sentence, for screen readers. */
export function inWords(container: Seen): string {
  const { name, role, state, status, restarts, cores, memoryBytes, rate } = container;
  return [
    `${name}: ${state}`,
    saysWhy(state) && lastWords(status),
    role,
    machineInWords(container),
    restarts && restartsInWords(restarts),
    cores !== undefined && `${percent(cores)} of a core`,
    memoryBytes !== undefined && megabytes(memoryBytes),
    rate && `${amount(rate)} per second`,
  ]
    .filter(Boolean)
    .join(', ');
}
