import pTimeout from 'p-timeout';

/** A pod on a machine that is cut off answers after half a minute that it does not answer. */
const answerMs = 10_000;

/**
 * The first that says that it leads. All are asked at once, so that one that is silent does not hide the leader.
 * @throws when none says so in time.
 */
export async function leaderAmong(
  nodes: readonly string[],
  leads: (node: string) => Promise<boolean>,
  milliseconds = answerMs,
): Promise<string> {
  const asked = nodes.map(async (node) => {
    if (await leads(node)) return node;
    throw new Error(`${node} does not lead`);
  });
  return await pTimeout(Promise.any(asked), { milliseconds });
}
