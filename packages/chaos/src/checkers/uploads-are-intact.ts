import { createHash } from 'node:crypto';
import { edges } from '@shop/shop-client/topology-under-test.ts';
import type { Run } from '../scenarios/run.ts';
import { type Counts, looked, Objection } from './objection.ts';

const promise = 'an upload is readable, byte for byte';

/** Promise 6: every upload that became ready gives its bytes back to its owner, and its pictures load on both edges. */
export async function uploadsAreIntact({ history, shoppers }: Run): Promise<Counts> {
  const uploads = history.operations.filter(({ upload }) => upload);
  let pictures = 0;
  for (const operation of uploads) {
    const { sha256 = '', original = '', pictures: paths = [] } = operation.upload ?? {};
    const { client } = shoppers.named(operation.session);
    const bytes = await client.download(original);
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256) {
      throw new Objection(promise, `sent ${sha256}, came back ${found}`, history, [operation]);
    }
    for (const url of paths.flatMap((path) => edges.map((edge) => new URL(path, edge)))) {
      const response = await fetch(url);
      const { length } = new Uint8Array(await response.arrayBuffer());
      if (!response.ok || length === 0) {
        throw new Objection(promise, `${url} gives ${response.status}`, history, [operation]);
      }
      pictures += 1;
    }
  }
  return looked(promise, { uploads: uploads.length, pictures });
}
