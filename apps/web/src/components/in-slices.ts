import { startTransition, useCallback, useDeferredValue, useEffect, useState } from 'react';
import { scrollsAtOnce } from '../arrival.ts';

/** A page that the browser scrolls at once needs its whole height from the start. */
let hasStarted = scrollsAtOnce;
/** A picture that does not come holds nothing else up for longer. */
const patienceMs = 1_000;

/**
 * What a store holds, for a component that makes many elements of it. React renders what a store changes in one piece, and a
 * value that is deferred in slices, between which a slow phone stays free for its owner. The first page begins with its
 * skeleton, also when the answer is there already; later ones are shown as they were left, scrolled to the same place.
 */
export function useInSlices<T>(value: T | undefined): T | undefined {
  const [initial] = useState(hasStarted ? value : undefined);
  useEffect(() => {
    hasStarted = true;
  }, []);
  return useDeferredValue(value, initial);
}

/**
 * Whether to draw what is further down. On the first page it waits for the picture above it, which has the line and the
 * processor to itself until `show` is called; later pages are there at once, scrolled to the same place.
 */
export function useFurtherDown(): [isShown: boolean, show: () => void] {
  const [isShown, setShown] = useState(hasStarted);
  const show = useCallback(() => startTransition(() => setShown(true)), []);
  useEffect(() => {
    hasStarted = true;
    const timer = setTimeout(show, patienceMs);
    return () => clearTimeout(timer);
  }, [show]);
  return [isShown, show];
}
