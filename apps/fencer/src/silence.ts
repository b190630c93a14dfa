/**
 * Counts a leader's unanswered probes in a row. A lease whose holder has never answered does not count: the holder may
 * still be starting, and killing it would only start it again.
 *
 * A restart of the fencer loses the count, which costs time and no safety.
 */
export function countSilence() {
  let heardLeaseId: string | undefined;
  let unanswered = 0;

  return (leaseId: string, answered: boolean): number => {
    if (answered) heardLeaseId = leaseId;
    unanswered = answered || leaseId !== heardLeaseId ? 0 : unanswered + 1;
    return unanswered;
  };
}
