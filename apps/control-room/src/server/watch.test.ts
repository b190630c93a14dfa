import { expect, test } from 'vitest';
import type { Snapshot } from '../shared/snapshot.ts';
import type { Found } from './snapshot.ts';
import { type Questions, Watch } from './watch.ts';

const api: Found = { id: 'a', name: 'api', service: 'api', state: 'running', status: 'Up', addresses: [] };
const everyMs = { list: 5, uses: 5, roles: 5, rates: 5, balancing: 5, scaling: 5, serviceLevel: 5 };

const nothingFires = { alerts: [], rules: 16, rulesWithoutResult: [], objectives: [] };

/** Questions with answers of our own; `asked` counts those for the list. */
function questions(own: Partial<Questions> = {}): { asked: number; questions: Questions } {
  const counted = {
    asked: 0,
    questions: {
      list: async () => {
        counted.asked++;
        return [api];
      },
      uses: async (ids: string[]) => new Map(ids.map((id) => [id, { cores: 0.5, memoryBytes: 10 }])),
      roles: async () => () => undefined,
      rates: async () => () => undefined,
      balancing: async () => ['round-robin', 'round-robin'],
      serviceLevel: async () => nothingFires,
      ...own,
    },
  };
  return counted;
}

/** Listens until a snapshot is as wanted. @returns it. @throws when none is within ten seconds. */
async function until(watch: Watch, wanted: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
  const { promise, resolve, reject } = Promise.withResolvers<Snapshot>();
  const end = watch.listen((snapshot) => wanted(snapshot) && resolve(snapshot));
  const patience = setTimeout(() => reject(new Error('no snapshot is as wanted')), 10_000);
  return await promise.finally(() => {
    clearTimeout(patience);
    end();
  });
}

/** As long as a watch that runs needs to ask five times. */
async function fiveSnapshotsOfAnother(): Promise<void> {
  const other = questions();
  await until(new Watch(other.questions, everyMs), () => other.asked > 5);
}

test('a snapshot has what all questions have answered, and the next one is newer', async () => {
  const watch = new Watch(questions({ roles: async () => () => 'primary' }).questions, everyMs);
  const isWhole = ({ containers: [first] }: Snapshot) => Boolean(first?.cores && first.role);
  const { at, containers } = await until(watch, isWhole);
  expect(containers).toEqual([
    {
      id: 'a',
      name: 'api',
      service: 'api',
      state: 'running',
      status: 'Up',
      cores: 0.5,
      memoryBytes: 10,
      role: 'primary',
    },
  ]);
  await until(watch, (snapshot) => snapshot.at > at);
});

test('the watch asks nothing before the first page listens and after the last page has left', async () => {
  const counted = questions();
  const watch = new Watch(counted.questions, everyMs);
  await fiveSnapshotsOfAnother();
  expect(counted.asked).toBe(0);
  const end = watch.listen(() => {});
  await until(watch, () => counted.asked > 3);
  end();
  const { asked } = counted;
  await fiveSnapshotsOfAnother();
  expect(counted.asked).toBe(asked);
});

test('a question that is never answered holds up no snapshot', async () => {
  const never = () => new Promise<never>(() => {});
  const { questions: slow } = questions({
    uses: never,
    roles: never,
    rates: never,
    balancing: never,
    serviceLevel: never,
  });
  let count = 0;
  await until(new Watch(slow, everyMs), () => ++count > 3);
});

test('an engine that does not answer is a trouble, and what it said before keeps its time', async () => {
  let works = true;
  const list = async () => {
    if (!works) throw new Error('The container engine does not answer.');
    return [api];
  };
  const watch = new Watch(questions({ list }).questions, everyMs);
  const seen: Snapshot[] = [];
  const end = watch.listen((snapshot) => seen.push(snapshot));
  await expect.poll(() => seen.length).toBeGreaterThan(1);
  works = false;
  const { trouble, at, containers } = await until(watch, (snapshot) => snapshot.trouble !== undefined);
  end();
  expect(trouble).toBe('The container engine does not answer.');
  expect(containers).toHaveLength(1);
  expect(seen.filter((snapshot) => !snapshot.trouble).at(-1)!.at).toBe(at);
});

test('without Prometheus the map is there, and says what is missing', async () => {
  const rates = async () => Promise.reject(new Error('Prometheus does not run.'));
  const watch = new Watch(questions({ rates }).questions, everyMs);
  const { containers } = await until(
    watch,
    ({ trouble }) => trouble === 'Prometheus does not answer: there are no rates.',
  );
  expect(containers).toHaveLength(1);
});

test('what cannot be asked at a place is not asked, and is no trouble', async () => {
  const { rates, balancing, serviceLevel, ...there } = questions().questions;
  const scaling = async () => ({ wanted: 3, most: 5, autoscaled: true });
  const watch = new Watch({ ...there, scaling }, everyMs);
  const snapshot = await until(watch, (snapshot) =>
    Boolean(snapshot.scaling && snapshot.containers[0]?.cores),
  );
  expect(Object.keys(snapshot)).toEqual(['at', 'containers', 'scaling']);
});

test('when nothing measures what is used, no figure is shown, and the page says why', async () => {
  const uses = async () => Promise.reject(new Error('metrics-server does not answer.'));
  const watch = new Watch(questions({ uses }).questions, everyMs);
  const { containers } = await until(watch, ({ trouble }) => trouble === 'metrics-server does not answer.');
  expect(containers[0]).not.toHaveProperty('cores');
});

test('a Prometheus that has stopped to answer is not one without alerts', async () => {
  let works = true;
  const serviceLevel = async () => {
    if (!works) throw new Error('Prometheus does not answer.');
    return nothingFires;
  };
  const watch = new Watch(questions({ serviceLevel }).questions, everyMs);
  const seen: Snapshot['serviceLevel'][] = [];
  const end = watch.listen((snapshot) => seen.push(snapshot.serviceLevel));
  await expect.poll(() => seen.at(-1)).toEqual(nothingFires);
  works = false;
  await expect.poll(() => seen.at(-1)).toBe('unknown');
  works = true;
  await expect.poll(() => seen.at(-1)).toEqual(nothingFires);
  end();
});
