import { pictureTypes } from '@shop/contracts/values.ts';
import { ImagePlus } from 'lucide';
import { useEffect, useId, useState } from 'react';
import { Icon } from '../components/icon.tsx';
import type { UploadState, useUpload } from './use-upload.ts';

/** The file itself, shown while it is being uploaded. */
function Preview({ file }: { file: File }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    url && (
      <img src={url} alt="" width={80} height={80} className="size-20 rounded-xl bg-sunken object-cover" />
    )
  );
}

function said(state: UploadState): string {
  switch (state.phase) {
    case 'sending':
      return `Sending… ${Math.round(state.share * 100)} %`;
    case 'processing':
      return 'Looking at it…';
    case 'ready':
      return 'It is there.';
    case 'failed':
      return state.message;
    default:
      return '';
  }
}

/** Chooses a picture and shows the progress of its upload. */
export function PictureField({ label, upload }: { label: string; upload: ReturnType<typeof useUpload> }) {
  const id = useId();
  const { state, start, cancel } = upload;
  const underWay = state.phase === 'sending' || state.phase === 'processing';
  return (
    <div>
      <span className="mb-1.5 block font-semibold">{label}</span>
      {state.phase === 'empty' ? (
        <label
          htmlFor={id}
          className="flex min-h-20 cursor-pointer items-center justify-center gap-3 rounded-2xl border border-dashed border-muted/50 px-5 text-muted hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <Icon of={ImagePlus} size={22} />
          Choose a picture: PNG, JPEG or WebP, up to 5 MB
          <input
            id={id}
            type="file"
            accept={pictureTypes.join(',')}
            className="sr-only"
            onChange={({ target }) => target.files?.[0] && void start(target.files[0])}
          />
        </label>
      ) : (
        <div className="panel flex flex-wrap items-center gap-x-4 gap-y-2 p-3">
          <Preview file={state.file} />
          {/* Wide enough to read on a phone; then the buttons stand below. */}
          <div className="min-w-40 flex-1">
            <p className="truncate">{state.file.name}</p>
            <p role="status" className={`text-sm ${state.phase === 'failed' ? 'text-danger' : 'text-muted'}`}>
              {said(state)}
            </p>
            {underWay && (
              <progress
                className="mt-1 h-1.5 w-full accent-accent"
                aria-label="Upload"
                value={state.phase === 'sending' ? state.share : undefined}
              />
            )}
          </div>
          {state.phase === 'failed' && state.retryable && (
            <button type="button" className="link min-h-11 px-2" onClick={() => void start(state.file)}>
              Try again
            </button>
          )}
          <button type="button" className="link min-h-11 px-2" onClick={cancel}>
            {underWay ? 'Cancel' : 'Remove'}
          </button>
        </div>
      )}
    </div>
  );
}
