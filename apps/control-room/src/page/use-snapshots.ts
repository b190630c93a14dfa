import { useEffect, useState } from 'react';
import type { News, Snapshot } from '../shared/snapshot.ts';

/** After so long without a new snapshot, what the page shows counts as old. The server sends one each second. */
const staleMs = 4_000;
/** A minute. */
const kept = 60;

/** `ended`: the server refuses this page, because it was started again; a new link is needed. */
export type Link = 'waiting' | 'live' | 'stale' | 'ended';
export type Snapshots = { link: Link; last?: News; history: Snapshot[] };

/** The server's snapshots: the newest, those of the last minute, and whether they still come. */
export function useSnapshots(): Snapshots {
  const [state, setState] = useState<Snapshots>({ link: 'waiting', history: [] });
  useEffect(() => {
    const events = new EventSource('/events');
    const become = (link: Link) => setState((before) => ({ ...before, link }));
    let patience = setTimeout(() => become('stale'), staleMs);
    const wait = () => {
      clearTimeout(patience);
      patience = setTimeout(() => become('stale'), staleMs);
    };
    events.onmessage = ({ data }) => {
      const last: News = JSON.parse(data);
      setState(({ last: before, history }) => {
        // The engine did not answer: the server repeats what it knew.
        if (before?.at === last.at) return { link: 'stale', last, history };
        return { link: 'live', last, history: [...history, last].slice(-kept) };
      });
      wait();
    };
    // A lost connection is made again by the browser; a refusal is final.
    events.onerror = () => events.readyState === EventSource.CLOSED && become('ended');
    return () => {
      clearTimeout(patience);
      events.close();
    };
  }, []);
  return state;
}
