import type { TracedRequest, TracedSpan } from '@shop/contracts/traces.ts';
import type { Silence } from './silence.ts';

export type { TracedRequest, TracedSpan };

/** The slowest traced requests of the last minute, the slowest first. */
export type Slowest = { requests: TracedRequest[] } | Silence;
/** What belongs to one request, in the order in which it began; no span when it was not traced. */
export type RequestTrace = { spans: TracedSpan[] } | Silence;
