import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export type S3Keys = { accessKeyId: string; secretAccessKey: string };

/**
 * How long a call waits for a connection and for an answer, and how often it is tried in all. A node that falls silent
 * for `requestTimeoutMs` in the middle of an object has failed, too; the caller reads the object again.
 */
export type S3Limits = { connectTimeoutMs: number; requestTimeoutMs: number; maxAttempts: number };

/**
 * A client of the object store. It uses S3 calls only, so that any S3 server can take the store's place. Without `limits`
 * it is for signing only.
 */
export function createS3Client(endpoint: string, credentials: S3Keys, limits?: S3Limits): S3Client {
  return new S3Client({
    endpoint,
    credentials,
    region: 'us-east-1',
    forcePathStyle: true,
    // Checksums in trailers are an extension of AWS: not every S3 server knows them, and a browser cannot send them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(limits && {
      requestHandler: new NodeHttpHandler({
        connectionTimeout: limits.connectTimeoutMs,
        // Until the first byte of the answer.
        requestTimeout: limits.requestTimeoutMs,
        throwOnRequestTimeout: true,
        // Between two bytes of it. Without this limit a read waits for ever for a node that has gone without a word.
        socketTimeout: limits.requestTimeoutMs,
      }),
      maxAttempts: limits.maxAttempts,
    }),
  });
}
