/**
 * Counts a leader's unanswered probes in a row. A lease whose holder has not answered us yet never counts: its holder
 * may be starting, and killing it would only begin its start again.
 *
 * What is counted is lost when the fencer restarts, which costs time and no safety.
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
