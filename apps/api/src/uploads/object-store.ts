import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createS3Client } from '@shop/object-storage/s3-client.ts';
import pRetry from 'p-retry';
import type { Config } from '../config.ts';

/** Private. The worker writes the public pictures, to the bucket `media`. */
const bucket = 'uploads';

/** The `Host` that every edge sends with an upload. The signature covers it, so one URL is valid on every edge. */
const signedHost = 'http://s3.internal';

/** What a signed URL accepts: exactly this type and length, for so long. */
type SignedPut = { contentType: string; sizeBytes: number; expiresInSeconds: number };

/** The object store, as uploads use it. */
export class ObjectStore {
  /** Signs URLs with a key that may only put objects. It never connects. */
  readonly #signer: S3Client;
  readonly #client: S3Client;

  constructor({ endpoint, signer, app }: Config['objects']) {
    this.#signer = createS3Client(signedHost, signer);
    this.#client = createS3Client(endpoint, app, {
      connectTimeoutMs: 300,
      // A paused node does not answer: after this time another node is asked. While one node is dead, the others may
      // wait for its drive before each read (MINIO_DRIVE_MAX_TIMEOUT, 3 s; 3.1 s measured), so this must be longer.
      requestTimeoutMs: 3_800,
      // `#retry` retries, because a second try of a copy needs another key.
      maxAttempts: 1,
    });
  }

  /** @returns a root-relative URL for one PUT of exactly these bytes and this type. */
  async signPut(key: string, { contentType, sizeBytes, expiresInSeconds }: SignedPut): Promise<string> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentType: contentType,
      ContentLength: sizeBytes,
    });
    // Without this the signature does not cover the type, and the store accepts any.
    const url = await getSignedUrl(this.#signer, command, {
      expiresIn: expiresInSeconds,
      signableHeaders: new Set(['content-type']),
    });
    return url.slice(signedHost.length);
  }

  /**
   * Copies within the store: the bytes do not pass the API. Every try takes a new key, because a node that was killed
   * during a write can leave its key locked for two minutes. @returns the key of the copy, null when there is nothing under `from`.
   */
  async copy(from: string, makeKey: () => string, signal: AbortSignal): Promise<string | null> {
    return await this.#retry(signal, async () => {
      const to = { Bucket: bucket, Key: makeKey() };
      const command = new CopyObjectCommand({ ...to, CopySource: `${bucket}/${from}` });
      try {
        await this.#client.send(command, { abortSignal: signal });
        return to.Key;
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return null;
        throw error;
      }
    });
  }

  /** Reads a whole object of a few megabytes. When a node dies meanwhile, it is read again. */
  async read(key: string, signal: AbortSignal): Promise<Uint8Array> {
    return await this.#retry(signal, async () => {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const { Body } = await this.#client.send(command, { abortSignal: signal });
      if (!Body) throw new Error(`object ${key} has no body`);
      return await Body.transformToByteArray();
    });
  }

  /** Two tries of 3.8 s and the pause between them fit into the deadline of a request. */
  async #retry<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    return await pRetry(attempt, { retries: 1, minTimeout: 50, signal });
  }

  close(): void {
    this.#signer.destroy();
    this.#client.destroy();
  }
}
