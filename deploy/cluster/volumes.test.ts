import { expect, test, vi } from 'vitest';
import { render, workloadsOf } from '../render.ts';
import { volumes } from './volumes.ts';

// Helm takes a third of a second of processor time, and on a busy machine many times as long.
vi.setConfig({ testTimeout: 120_000 });

type Sized = { spec: { resources: { requests: { storage: string } } } };
const mebibytes = (size: string) => Number.parseInt(size, 10) * (size.endsWith('Gi') ? 1024 : 1);

test('the cluster in containers has a volume for every claim of the laptop, and none is too small', async () => {
  const { items } = volumes() as { items: { spec: { capacity: { storage: string } } }[] };
  const room = mebibytes(items[0]!.spec.capacity.storage);
  const objects = await render('laptop');
  const single = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const claims = workloadsOf(objects).reduce((sum, { replicas, claims }) => sum + replicas * claims, 0);
  // Each of four machines has a quarter of the volumes, and pods are spread over three zones at worst.
  expect(items.length / 4).toBeGreaterThanOrEqual(Math.ceil((claims + single.length) / 3));
  const templates = objects.flatMap(({ spec }) => (spec?.volumeClaimTemplates ?? []) as Sized[]);
  const sizes = [...templates, ...(single as unknown as Sized[])].map(
    ({ spec }) => spec.resources.requests.storage,
  );
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.filter((size) => mebibytes(size) > room)).toEqual([]);
});
