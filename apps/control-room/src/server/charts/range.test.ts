import { expect, test } from 'vitest';
import { mostLines } from '../../shared/charts.ts';
import { type Definition, definitions } from './definitions.ts';
import { chartsOf, type MatrixAnswer, questionFor, windowAt } from './range.ts';

const chart = (id: string): Definition => ({ id, title: id, unit: 's', note: '', query: `up{job="${id}"}` });
const [requests, errors] = [chart('requests'), chart('errors')];

/** Of 61 moments, the last ones; `undefined` where Prometheus has no sample. */
const window = { start: 1_795_977_000, end: 1_795_977_900 };
const series = (chart: string, name: string, ...last: (string | undefined)[]): MatrixAnswer['result'][0] => ({
  metric: { chart, name },
  values: last.flatMap((value, index): [number, string][] =>
    value === undefined ? [] : [[window.end - (last.length - 1 - index) * 15, value]],
  ),
});
const charts = (result: MatrixAnswer['result'], nameOf = (name: string) => name) =>
  chartsOf([requests, errors], { result }, window, nameOf);
/** The lines of the first chart: each name with its last values. */
const lines = (result: MatrixAnswer['result'], nameOf?: (name: string) => string) =>
  charts(result, nameOf).charts[0]!.lines.map(({ name, values }) => [name, ...values.slice(-3)]);

test('one question asks for the 15 minutes of every chart, in steps of 15 s that begin at the same moments', () => {
  const asked = windowAt(1_795_977_907_999);
  expect(asked).toEqual({ start: 1_795_977_000, end: 1_795_977_900 });
  const { pathname, searchParams } = new URL(questionFor([requests, errors], asked), 'http://prometheus');
  expect(pathname).toBe('/query_range');
  expect(Object.fromEntries(searchParams)).toEqual({
    query:
      'label_replace(up{job="requests"}, "chart", "requests", "", "") or label_replace(up{job="errors"}, "chart", "errors", "", "")',
    start: '1795977000',
    end: '1795977900',
    step: '15',
  });
});

test('the lines of all charts have a value or none at each of the same 61 moments', () => {
  const { times, charts: both } = charts([
    series('requests', 'api-1', '2', '3'),
    series('errors', '5xx', '0'),
  ]);
  expect(times).toHaveLength(61);
  expect([times[0], times[1], times.at(-1)]).toEqual([
    1_795_977_000_000, 1_795_977_015_000, 1_795_977_900_000,
  ]);
  expect(both.map(({ id, lines }) => [id, lines.map(({ values }) => values.length)])).toEqual([
    ['requests', [61]],
    ['errors', [61]],
  ]);
  expect(both[0]).toMatchObject({ title: 'requests', unit: 's', leftOut: 0 });
  expect(both[0]).not.toHaveProperty('query');
});

test('what Prometheus did not measure, or cannot divide, is a gap and no zero', () => {
  expect(
    lines([series('requests', 'api-1', '2', undefined, '4'), series('requests', 'api-2', '2', 'NaN', '0')]),
  ).toEqual([
    ['api-1', 2, null, 4],
    ['api-2', 2, null, 0],
  ]);
  expect(lines([series('requests', 'api-1', 'NaN', 'NaN')])).toEqual([]);
});

test('a container that came back with another address has one line', () => {
  const api = [
    series('requests', '172.30.1.5', '1', undefined, undefined),
    series('requests', '172.30.1.9', '3'),
  ];
  expect(lines(api, () => 'api-1')).toEqual([['api-1', 1, null, 3]]);
});

test('a chart has no more lines than there are colours: those with the highest values, in the order of their names', () => {
  const replicas = Array.from({ length: mostLines + 3 }, (_, index) =>
    series('requests', `api-${index + 3}`, `${index}`),
  );
  const { lines, leftOut } = charts(replicas).charts[0]!;
  expect(lines.map(({ name }) => name)).toEqual(['api-6', 'api-7', 'api-8', 'api-9', 'api-10', 'api-11']);
  expect(leftOut).toBe(3);
});

test('every chart has a unit, a sentence and an id of its own', () => {
  expect(new Set(definitions.map(({ id }) => id)).size).toBe(definitions.length);
  for (const { title, unit, note } of definitions) {
    expect(title && unit).toBeTruthy();
    expect(note).toMatch(/\.$/);
  }
});
