import { expect, test, vi } from 'vitest';
import { ToldProcess } from '../testing/told-process.ts';
import { requireLoopback, Supervisor } from './supervisor.ts';

const shape = { perSecond: 10, mix: 'usual' } as const;
const verdict = {
  tally: {
    operations: 3,
    failed: 0,
    retries: 0,
    acknowledged: 1,
    compared: 1,
    lost: 0,
    doubled: 0,
    staleReads: 0,
    lostLogins: 0,
  },
  counterexamples: [],
  failovers: [],
};

/** A supervisor whose processes the test plays; the last one is `told`. */
function build(unwatchedMs?: number) {
  const processes: ToldProcess[] = [];
  const begin = () => {
    processes.push(new ToldProcess());
    return processes.at(-1)!;
  };
  const edges = ['http://localhost:8080'];
  const supervisor = new Supervisor({ edges, begin, ...(unwatchedMs && { unwatchedMs }) });
  const shop = async (told = shape) => {
    const begun = supervisor.shape(told);
    processes.at(-1)!.says({ shaped: true });
    await begun;
  };
  return { supervisor, processes, shop };
}

test('shoppers start, take another shape in the same process, and stop; the verdict stays', async () => {
  const { supervisor, processes, shop } = build();
  supervisor.watch();
  const begun = supervisor.shape(shape);
  expect([supervisor.news.state, supervisor.isReady]).toEqual(['starting', false]);
  const [told] = processes;
  told!.says({ shaped: true });
  await begun;
  expect(supervisor.news).toMatchObject({ state: 'shopping', shape });
  const { endsAt } = supervisor.news;
  expect(endsAt).toBeGreaterThan(Date.now());
  const faster = { perSecond: 20, mix: 'buying' } as const;
  await shop(faster as never);
  // Another shape is no more time.
  expect(supervisor.news).toMatchObject({ shape: faster, endsAt });
  supervisor.struck({ id: 1, name: 'SIGKILL shop-api-1', at: 5 });
  supervisor.stop('you stopped them');
  expect(supervisor.news).toMatchObject({ state: 'stopping', why: 'you stopped them' });
  told!.says({ verdict });
  told!.ends();
  expect(supervisor.news).toEqual({ state: 'stopped', shape: faster, why: 'you stopped them', verdict });
  expect(told!.orders).toEqual([
    { shape },
    { shape: faster },
    { struck: { id: 1, name: 'SIGKILL shop-api-1', at: 5 } },
    { stop: true },
  ]);
  expect(processes).toHaveLength(1);
});

test('a shop that lets no shopper in is an error with its words, and the next start may succeed', async () => {
  const { supervisor, processes, shop } = build();
  const begun = supervisor.shape(shape);
  processes[0]!.says({ refused: 'admin login: 503' });
  await expect(begun).rejects.toThrow('admin login: 503');
  expect(processes[0]!.connected).toBe(false);
  expect(supervisor.news).toEqual({ state: 'stopped', why: 'admin login: 503' });
  await shop();
  expect(supervisor.news.state).toBe('shopping');
});

test('two changes at once each get their own answer', async () => {
  const { supervisor, processes, shop } = build();
  await shop();
  const [first, second] = [supervisor.shape(shape), supervisor.shape({ ...shape, perSecond: 20 })];
  processes[0]!.says({ refused: 'admin login: 503' });
  processes[0]!.says({ shaped: true });
  await expect(first).rejects.toThrow('admin login: 503');
  await second;
  expect(supervisor.news).toMatchObject({ state: 'shopping', shape: { perSecond: 20 } });
});

test('a change that is answered after a stop starts nothing again', async () => {
  const { supervisor, processes, shop } = build();
  await shop();
  const begun = supervisor.shape({ ...shape, perSecond: 20 });
  supervisor.stop('you stopped them');
  processes[0]!.says({ shaped: true });
  await begun;
  expect(supervisor.news).toMatchObject({ state: 'stopping', why: 'you stopped them' });
});

test('a process that ends by itself is no silence', async () => {
  const { supervisor, processes, shop } = build();
  await shop();
  processes[0]!.ends();
  expect(supervisor.news).toMatchObject({ state: 'stopped', why: 'their process has ended' });
});

test('shoppers stop when no page was open for a while, and not before', async () => {
  vi.useFakeTimers();
  try {
    const { supervisor, processes, shop } = build(60_000);
    const leave = supervisor.watch();
    await shop();
    vi.advanceTimersByTime(600_000);
    expect(supervisor.news.state).toBe('shopping');
    leave();
    vi.advanceTimersByTime(59_000);
    const leaveAgain = supervisor.watch();
    vi.advanceTimersByTime(59_000);
    leaveAgain();
    vi.advanceTimersByTime(59_000);
    expect(supervisor.news.state).toBe('shopping');
    vi.advanceTimersByTime(1_000);
    expect(supervisor.news).toMatchObject({ state: 'stopping', why: 'no page was open' });
    expect(processes[0]!.orders.at(-1)).toEqual({ stop: true });
  } finally {
    vi.useRealTimers();
  }
});

test('the shoppers end with the room', async () => {
  const { supervisor, processes, shop } = build();
  await shop();
  supervisor.close();
  expect(processes[0]!.connected).toBe(false);
});

test('shoppers go to this machine alone', async () => {
  for (const origin of ['http://localhost:8080', 'http://127.0.0.1:1', 'http://[::1]:80'])
    requireLoopback([origin]);
  for (const origin of ['http://shop.example', 'http://127.0.0.1.example', 'http://10.0.0.1'])
    expect(() => requireLoopback(['http://localhost:1', origin])).toThrow(origin);
  const begin = vi.fn();
  const supervisor = new Supervisor({ edges: ['http://shop.example'], begin });
  await expect(supervisor.shape(shape)).rejects.toThrow('shop.example');
  expect(begin).not.toHaveBeenCalled();
});
