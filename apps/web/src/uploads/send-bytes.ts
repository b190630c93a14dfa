import type { UploadTarget } from '@shop/contracts/uploads.ts';
import { currentEdge, leaveEdge } from '../api/edges.ts';

/** The storage refused: sending the same bytes again does not help. */
export class BytesRefused extends Error {}

/** The edge tries two nodes of the storage, ten seconds each; an edge that is silent for longer than that is dead. */
const silenceMs = 25_000;

type Sending = { file: File; target: UploadTarget; onProgress: (share: number) => void; signal: AbortSignal };

/**
 * Sends the bytes of a file to the signed URL. It uses XMLHttpRequest, because `fetch` does not report progress.
 *
 * @throws BytesRefused on 4xx; Error when the edge or the storage did not answer, after which a new upload is asked for.
 */
export function sendBytes({ file, target, onProgress, signal }: Sending): Promise<void> {
  const edge = currentEdge();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const failed = () => {
      leaveEdge(edge);
      reject(new Error('The picture did not get through'));
    };
    let silence: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        request.abort();
        failed();
      }, silenceMs);
    };
    request.upload.onprogress = ({ loaded, total }) => {
      listen();
      onProgress(loaded / total);
    };
    request.onloadend = () => clearTimeout(silence);
    request.onload = () => {
      if (request.status < 300) resolve();
      else if (request.status < 500) reject(new BytesRefused('The storage refused the picture'));
      else failed();
    };
    request.onerror = failed;
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    request.open(target.method, `${edge}${target.url}`);
    for (const [name, value] of Object.entries(target.headers)) {
      // The browser sets the length itself, and does not allow a script to do it.
      if (name.toLowerCase() !== 'content-length') request.setRequestHeader(name, value);
    }
    listen();
    request.send(file);
  });
}
