import { useDeferredValue, useEffect, useState } from 'react';

let hasStarted = false;

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
