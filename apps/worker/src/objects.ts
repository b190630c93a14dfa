import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createS3Client } from '@shop/object-storage/s3-client.ts';
import type { Config } from './config.ts';

/** `uploads` is private; what is in `media` is public. */
export type Bucket = 'uploads' | 'media';

export class ObjectTooLargeError extends Error {
  override name = 'ObjectTooLargeError';
}

export type Objects = {
  /** @throws ObjectTooLargeError before it reads the content. */
  read(bucket: Bucket, key: string, maxBytes: number): Promise<Buffer>;
  write(bucket: Bucket, key: string, body: Buffer, contentType: string): Promise<void>;
  remove(bucket: Bucket, key: string): Promise<void>;
  close(): void;
};

/** The object store, as jobs use it. */
export function openObjects({ endpoint, accessKeyId, secretAccessKey }: Config['objects']): Objects {
  const credentials = { accessKeyId, secretAccessKey };
  const client = createS3Client(endpoint, credentials, {
    connectTimeoutMs: 500,
    // A paused node does not answer: after this time the SDK asks another node. While one node is dead, the others may
    // wait 3 s for its drive before each read.
    requestTimeoutMs: 5_000,
    maxAttempts: 3,
  });
  return {
    async read(bucket, key, maxBytes) {
      const { Body, ContentLength = 0 } = await client.send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      );
      if (!Body) throw new Error(`object ${key} has no body`);
      if (ContentLength > maxBytes) {
        (Body as unknown as { destroy?: () => void }).destroy?.();
        throw new ObjectTooLargeError(`object ${key} has ${ContentLength} bytes`);
      }
      return Buffer.from(await Body.transformToByteArray());
    },
    async write(bucket, key, body, contentType) {
      const object = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
      // The key is made of the content, so the content never changes and may be cached for ever.
      await client.send(
        new PutObjectCommand({ ...object, CacheControl: 'public, max-age=31536000, immutable' }),
      );
    },
    async remove(bucket, key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
    close: () => client.destroy(),
  };
}
