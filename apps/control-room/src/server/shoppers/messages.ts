import type { Shape, Verdict } from '../../shared/shoppers.ts';
import type { Fault } from './failovers.ts';

/** What the control room tells the process of the shoppers. */
export type Order = { shape: Shape } | { struck: Fault } | { stop: true };

/** What that process tells: `shaped` answers a `shape`, `refused` says why the shop let no round begin. */
export type Report = { verdict: Verdict } | { shaped: true } | { refused: string } | { stopping: string };
