import { expect, test } from 'vitest';
import type { MatrixAnswer } from './range.ts';
import { ChartReader } from './reader.ts';

const now = 1_795_977_900_000;
const api = { id: 'a', name: 'shop-api-1', service: 'api', state: 'running', status: 'Up' };

/** A reader whose Prometheus has one series, of 172.30.1.5; `asked` has each question. */
function reader(own: { ask?: () => Promise<MatrixAnswer> } = {}) {
  const state = { now, addresses: ['172.30.1.5'], asked: [] as string[] };
  const result: MatrixAnswer['result'] = [
    { metric: { chart: 'requests', name: '172.30.1.5' }, values: [[now / 1_000, '2']] },
  ];
  const charts = new ChartReader(
    {
      project: 'shop',
      list: async () => [{ ...api, addresses: state.addresses }],
      ask: async (path) => {
        state.asked.push(path);
        return own.ask ? await own.ask() : { result };
      },
    },
    () => state.now,
  );
  const names = async () =>
    (await charts.read()).charts.flatMap(({ lines }) => lines.map(({ name }) => name));
  return { state, charts, names };
}

test('pages that ask in the same 15 s get one answer, and later ones the next', async () => {
  const { state, charts } = reader();
  const [first, second] = await Promise.all([charts.read(), charts.read()]);
  state.now += 14_999;
  expect(await charts.read()).toBe(first);
  expect(second).toBe(first);
  expect(state.asked).toHaveLength(1);
  state.now += 1;
  expect((await charts.read()).times.at(-1)).toBe(now + 15_000);
  expect(state.asked).toHaveLength(2);
});

test('a Prometheus that does not answer fails each reading, and is asked again', async () => {
  let works = false;
  const ask = async () => {
    if (!works) throw new Error('Prometheus does not answer.');
    return { result: [] };
  };
  const { state, charts } = reader({ ask });
  await expect(charts.read()).rejects.toThrow('Prometheus does not answer.');
  await expect(charts.read()).rejects.toThrow('Prometheus does not answer.');
  works = true;
  expect((await charts.read()).charts.every(({ lines }) => lines.length === 0)).toBe(true);
  expect(state.asked).toHaveLength(3);
});

test('a line has the name of its container, also after that has ended and has no address', async () => {
  const { state, names } = reader();
  expect(await names()).toEqual(['api']);
  state.addresses = [];
  state.now += 15_000;
  expect(await names()).toEqual(['api']);
});
