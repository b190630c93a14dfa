import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useObservable } from '../api/observable.ts';
import { trouble } from '../api/trouble.ts';

const subscribe = (listener: () => void) => onlineManager.subscribe(listener);

/** Says what is happening while calls are being tried again. It lies over the page and moves nothing. */
export function TroubleLine() {
  const { waiting, writing } = useObservable(trouble);
  const online = useSyncExternalStore(subscribe, () => onlineManager.isOnline());
  const message = !online
    ? 'You are offline. We go on as soon as you are back.'
    : writing > 0
      ? 'This takes longer than usual. We keep trying; nothing is done twice, and you can leave this page open.'
      : waiting > 0
        ? 'This takes longer than usual. We keep trying.'
        : '';
  return (
    <div role="status" className="pointer-events-none sticky top-4 z-40 md:top-20 h-0">
      {message && (
        <p className="mx-auto flex w-fit max-w-[92vw] items-center gap-3 rounded-3xl bg-ink px-5 py-2.5 text-sm text-ground shadow-lift">
          <span aria-hidden className="size-2 shrink-0 animate-pulse rounded-full bg-current" />
          {message}
        </p>
      )}
    </div>
  );
}
