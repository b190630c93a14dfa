import type { CreateUploadBody, Upload } from '@shop/contracts/uploads.ts';
import { maxUploadBytes, type PictureType, pictureTypes } from '@shop/contracts/values.ts';
import pRetry, { AbortError } from 'p-retry';
import { useEffect, useRef, useState } from 'react';
import { api, bodyOf, ProblemError } from '../api/client.ts';
import { BytesRefused, sendBytes } from './send-bytes.ts';

export type UploadState =
  | { phase: 'empty' }
  | { phase: 'sending'; file: File; share: number }
  | { phase: 'processing'; file: File }
  | { phase: 'ready'; file: File; upload: Upload }
  | { phase: 'failed'; file: File; message: string; retryable: boolean };

const reasons: Record<NonNullable<Upload['reason']>, string> = {
  'not-an-image': 'This file is not a picture.',
  'type-mismatch': 'This picture is of another type than its name says.',
  'too-large': 'This picture is too large: at most 5 MB, please.',
  'too-many-pixels': 'This picture has too many pixels.',
};

const pollMs = 500;

/** The upload once it is `ready` or `rejected`; a worker takes about a second. */
async function processed(id: string, signal: AbortSignal): Promise<Upload> {
  for (;;) {
    const upload = await bodyOf(api.GET('/api/uploads/{id}', { params: { path: { id } }, signal }));
    if (upload.status !== 'pending' && upload.status !== 'processing') return upload;
    await new Promise((done) => setTimeout(done, pollMs));
    signal.throwIfAborted();
  }
}

type Work = {
  file: File;
  purpose: CreateUploadBody['purpose'];
  signal: AbortSignal;
  show: (state: UploadState) => void;
};

/**
 * One upload from beginning to end. If the bytes did not arrive, they are sent to a new upload: the old key may be
 * locked.
 */
async function send({ file, purpose, signal, show }: Work): Promise<void> {
  // `whyNot` has checked that it is one of them.
  const contentType = file.type as PictureType;
  const body = { filename: file.name.slice(-255), contentType, sizeBytes: file.size, purpose };
  const onProgress = (share: number) => show({ phase: 'sending', file, share });
  const attempt = async () => {
    onProgress(0);
    const target = await bodyOf(api.POST('/api/uploads', { body, signal }));
    await sendBytes({ file, target, onProgress, signal }).catch((error) => {
      throw error instanceof BytesRefused ? new AbortError(error) : error;
    });
    return target.uploadId;
  };
  const id = await pRetry(attempt, {
    retries: 3,
    minTimeout: 500,
    signal,
    shouldRetry: ({ error }) => !(error instanceof ProblemError),
  });
  show({ phase: 'processing', file });
  await bodyOf(api.POST('/api/uploads/{id}/complete', { params: { path: { id } }, signal }));
  const upload = await processed(id, signal);
  if (upload.status === 'ready') show({ phase: 'ready', file, upload });
  else {
    const message = upload.reason ? reasons[upload.reason] : 'This picture was not accepted.';
    show({ phase: 'failed', file, message, retryable: false });
  }
}

function whyNot(file: File): string | undefined {
  if (!(pictureTypes as readonly string[]).includes(file.type)) return 'PNG, JPEG or WebP, please.';
  if (file.size > maxUploadBytes) return reasons['too-large'];
  return undefined;
}

/** Uploads one picture, straight to the storage: with progress, and it can be cancelled and tried again. */
export function useUpload(purpose: CreateUploadBody['purpose']) {
  const [state, setState] = useState<UploadState>({ phase: 'empty' });
  const running = useRef<AbortController>(null);

  function cancel(): void {
    running.current?.abort();
    setState({ phase: 'empty' });
  }

  async function start(file: File): Promise<void> {
    running.current?.abort();
    const refused = whyNot(file);
    if (refused) return setState({ phase: 'failed', file, message: refused, retryable: false });
    const controller = new AbortController();
    running.current = controller;
    const { signal } = controller;
    const show = (next: UploadState) => {
      if (!signal.aborted) setState(next);
    };
    try {
      await send({ file, purpose, signal, show });
    } catch (error) {
      const message = error instanceof ProblemError ? error.message : 'The picture did not get through.';
      show({ phase: 'failed', file, message, retryable: true });
    }
  }

  useEffect(() => () => running.current?.abort(), []);
  return { state, start, cancel };
}
