import { Observable } from './observable.ts';

/** Calls that have failed at least once and are being tried again: the line under the header shows them. */
export const trouble = new Observable<{ waiting: number; writing: number }>({ waiting: 0, writing: 0 });

/** Counts a call as failing until the returned function is called. */
export function noteTrouble(writes: boolean): () => void {
  const by = (step: number) =>
    trouble.update(({ waiting, writing }) => ({
      waiting: waiting + step,
      writing: writing + (writes ? step : 0),
    }));
  by(1);
  return () => by(-1);
}
