/**
 * A call on something that all clients share. It takes effect once, at one moment between its start and its end, in
 * milliseconds. `isOptional`: it may also never take effect, because its outcome is unknown. `apply` gives the state
 * afterwards, or undefined if the answer of this call contradicts the state before it.
 */
export type SharedCall<State> = {
  startedAt: number;
  endedAt: number;
  isOptional: boolean;
  apply(state: State): State | undefined;
};

/**
 * Whether there is an order of the calls that explains every answer, each call at a moment between its start and its
 * end (linearizability, Herlihy and Wing 1990). It searches as Wing and Gong do (1993), and remembers which calls were
 * placed in which state (Lowe 2017).
 *
 * @param nameOf the state as text: the same for equal states.
 */
export function isLinearizable<State>(
  calls: SharedCall<State>[],
  initial: State,
  nameOf: (state: State) => string = String,
): boolean {
  const tried = new Set<string>();
  const placed = new Set<SharedCall<State>>();

  const placeRest = (state: State, latestStart: number): boolean => {
    const left = calls.filter((call) => !placed.has(call));
    const firstEnd = Math.min(...left.filter(({ isOptional }) => !isOptional).map(({ endedAt }) => endedAt));
    if (firstEnd === Number.POSITIVE_INFINITY) return true;
    const name = `${calls.map((call) => (placed.has(call) ? 1 : 0)).join('')} ${nameOf(state)}`;
    if (tried.has(name)) return false;
    tried.add(name);
    return left.some((call) => {
      // A call that ended before this one began comes first; one that began after this one ended comes later.
      if (call.startedAt > firstEnd || call.endedAt < latestStart) return false;
      const next = call.apply(state);
      if (next === undefined) return false;
      placed.add(call);
      const found = placeRest(next, Math.max(latestStart, call.startedAt));
      placed.delete(call);
      return found;
    });
  };
  return placeRest(initial, Number.NEGATIVE_INFINITY);
}
