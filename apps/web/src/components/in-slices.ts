import { startTransition, useCallback, useDeferredValue, useEffect, useState } from 'react';
import { scrollsAtOnce } from '../arrival.ts';

/** A page that the browser scrolls at once needs its whole height from the start. */
let hasStarted = scrollsAtOnce;
/** If the picture does not come, the rest waits no longer than this. */
const patienceMs = 1_000;

/**
 * The value of a store, for a component that renders many elements from it. React renders a change of a store in one
 * piece, and a deferred value in slices, between which a slow phone can react to its user. The first page begins with
 * its skeleton, even when the answer is there already. Later pages are shown as they were, at the same scroll position.
 */
export function useInSlices<T>(value: T | undefined): T | undefined {
  const [initial] = useState(hasStarted ? value : undefined);
  useEffect(() => {
    hasStarted = true;
  }, []);
  return useDeferredValue(value, initial);
}

/**
 * Whether to draw the lower parts of a page. On the first page they wait until `show` is called, so that the picture
 * above has the network and the processor for itself. Later pages are drawn at once, at the same scroll position.
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
