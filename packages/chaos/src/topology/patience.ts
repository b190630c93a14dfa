/**
 * How long a condition is waited for that a free machine meets within seconds. A busy one that is half as fast needs a
 * minute; a run in which the condition holds is not slowed down by a longer wait.
 */
export const patienceMs = 180_000;
