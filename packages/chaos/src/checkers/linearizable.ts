/**
 * A call on something that all clients share. It takes effect once, in one moment between its start and its end, in
 * milliseconds; `isOptional`: or never, when its outcome is unknown. `apply` gives the state afterwards, or undefined where an
 * answer of this call contradicts the state before.
 */
export type SharedCall<State> = {
  startedAt: number;
  endedAt: number;
  isOptional: boolean;
  apply(state: State): State | undefined;
};

/**
 * Whether there is an order of moments, one within each call, that explains every answer (linearizability, Herlihy and
 * Wing 1990). Looks for it as Wing and Gong do (1993), and remembers which calls were placed in which state (Lowe 2017).
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
      // One that ended before this began comes first; one that began after this ended comes later.
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
