import {
  CopyObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import pRetry from 'p-retry';
import type { Config } from '../config.ts';

/** Private. What the API puts in `media`, for everybody to read, the worker makes. */
const bucket = 'uploads';

/** The host that the edges send along with an upload: a signature covers it, so one URL is good on every edge. */
const signedHost = 'http://s3.internal';

const common: S3ClientConfig = {
  region: 'us-east-1',
  forcePathStyle: true,
  // Checksums in trailers are AWS' own; not every S3 server knows them, and a browser cannot send them.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
};

/** The object store, by S3 alone, so that any server that speaks it will do. */
export class ObjectStore {
  /** Never connects: it holds the key that may only put objects, and signs with it. */
  readonly #signer: S3Client;
  readonly #client: S3Client;

  constructor({ endpoint, signer, app }: Config['objects']) {
    this.#signer = new S3Client({ ...common, endpoint: signedHost, credentials: signer });
    this.#client = new S3Client({
      ...common,
      endpoint,
      credentials: app,
      // A node that is paused answers nothing: give up and ask another one. While one is dead, the others may wait for
      // its drive before each read (MINIO_DRIVE_MAX_TIMEOUT, 3 s; 3.1 s seen): less than that would never be answered.
      requestHandler: new NodeHttpHandler({
        connectionTimeout: 300,
        requestTimeout: 3_800,
        throwOnRequestTimeout: true,
      }),
      // Retried here, where a try can differ from the one before.
      maxAttempts: 1,
    });
  }

  /** @returns a root-relative URL for one PUT of exactly these bytes and this type. */
  async signPut(
    key: string,
    contentType: string,
    sizeBytes: number,
    expiresInSeconds: number,
  ): Promise<string> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ContentType: contentType,
      ContentLength: sizeBytes,
    });
    // Unless it is named, the type is left out of the signature, and any would pass.
    const url = await getSignedUrl(this.#signer, command, {
      expiresIn: expiresInSeconds,
      signableHeaders: new Set(['content-type']),
    });
    return url.slice(signedHost.length);
  }

  /**
   * Within the store, without the bytes coming by here. Every try takes a new key: the lock of a node that was killed
   * can hold its key for two minutes. @returns the key of the copy, null when there is nothing under `from`.
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

  /** Whole, and again when the node dies in the middle: for objects of a few megabytes. */
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
