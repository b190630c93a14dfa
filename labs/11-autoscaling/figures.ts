import type { Decision } from '@shop/autoscaler/autoscaler.ts';
import type { Figures } from '@shop/lab/lab.ts';
import { quantileMs } from '@shop/load/samples.ts';
import { type Box, paidSeconds } from './boxes.ts';
import { type BoxAnswer, coldStartOf } from './cold-start.ts';

/** What came of a run. Moments in milliseconds since the epoch. */
export type Observed = {
  beganAt: number;
  /** The end of the load that is measured; what is later is the way in. */
  endAt: number;
  /** Each request, by the box that answered it. */
  answers: BoxAnswer[];
  boxes: Box[];
  /** What the autoscaler decided; nothing where there was none. */
  decisions: (Pick<Decision, 'current' | 'wanted' | 'recommendation'> & { at: number })[];
};

/** The figures of a run; the waits are those of its last `lastS` seconds. */
export function figuresOf({ beganAt, endAt, answers, boxes, decisions }: Observed, lastS: number): Figures {
  const measured = answers.filter(({ at }) => at < endAt);
  const last = measured.filter(({ status, at }) => status === 200 && at >= endAt - lastS * 1000);
  const paidS = paidSeconds(boxes, { from: beganAt, to: endAt });
  return {
    p99Ms: last.length > 0 ? quantileMs(last, 0.99) : Number.NaN,
    refused: (100 * failedOf(measured)) / measured.length,
    ...{ paidS, average: (paidS * 1000) / (endAt - beganAt) },
    ...coldStartIn({ boxes, decisions, answers }),
    ...scalingIn(decisions),
    ...(decisions.length > 0 && {
      drained: boxes.filter(({ goneAt = 0 }) => goneAt > endAt).length,
      failedIn: failedOf(answers.filter(({ at }) => at >= endAt)),
    }),
  };
}

const failedOf = (answers: BoxAnswer[]) => answers.filter(({ status }) => status !== 200).length;

/** The first cold start of a run, if there was one. */
function coldStartIn({
  boxes,
  decisions,
  answers,
}: Pick<Observed, 'boxes' | 'decisions' | 'answers'>): Figures {
  const decision = decisions.find(({ current, wanted }) => wanted > current);
  if (!decision) return {};
  const fresh = boxes.filter(({ startedAt }) => startedAt > decision.at);
  const [first] = fresh.sort((a, b) => a.startedAt - b.startedAt);
  // A box's name is the beginning of its container's id.
  const own = answers.filter(({ box, status }) => status === 200 && box !== '' && first?.id.startsWith(box));
  if (first?.listeningAt === undefined || own.length === 0) return {};
  return coldStartOf({ ...first, listeningAt: first.listeningAt, decidedAt: decision.at }, own);
}

/** How often the number of boxes was changed. It is no number when the autoscaler measured nothing, and so decided nothing. */
function scalingIn(decisions: Observed['decisions']): Figures {
  if (decisions.length === 0) return {};
  const blind = decisions.every(({ recommendation }) => !recommendation);
  return {
    changes: blind ? Number.NaN : decisions.filter(({ current, wanted }) => wanted !== current).length,
  };
}
