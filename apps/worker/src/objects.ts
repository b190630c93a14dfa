import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Config } from './config.ts';

/** `uploads` is private; what is in `media` is public. */
export type Bucket = 'uploads' | 'media';

export class ObjectTooLargeError extends Error {
  override name = 'ObjectTooLargeError';
}

export type Objects = {
  /** @throws ObjectTooLargeError without reading on. */
  read(bucket: Bucket, key: string, maxBytes: number): Promise<Buffer>;
  write(bucket: Bucket, key: string, body: Buffer, contentType: string): Promise<void>;
  remove(bucket: Bucket, key: string): Promise<void>;
  close(): void;
};

/** The object store, by S3 alone, so that any server that speaks it will do. */
export function openObjects({ endpoint, accessKeyId, secretAccessKey }: Config['objects']): Objects {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    // Checksums in trailers are AWS' own; not every S3 server knows them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A node that is paused answers nothing: give up and let the SDK ask the next one. While one is dead, the others may
    // wait 3 s for its drive before each read.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 500,
      requestTimeout: 5_000,
      throwOnRequestTimeout: true,
    }),
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
      // A key is made of its content, so a client that has it need never ask again.
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
