import { useEffect, useState } from 'react';
import type { Silence } from '../shared/silence.ts';

const lost: Silence = { silent: 'The control room does not answer' };

/**
 * What the server answers to a GET, asked for again and again while its reader is on the page; undefined before the
 * first answer.
 *
 * @param pauseMs from an answer to the next question.
 */
export function usePolled<Answer>(path: string, pauseMs: number): Answer | Silence | undefined {
  const [news, setNews] = useState<Answer | Silence>();
  useEffect(() => {
    const end = new AbortController();
    let pause: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const next = await get<Answer>(path, end.signal).catch(() => lost);
      if (end.signal.aborted) return;
      setNews(next);
      pause = setTimeout(ask, pauseMs);
    };
    void ask();
    return () => {
      end.abort();
      clearTimeout(pause);
    };
  }, [path, pauseMs]);
  return news;
}

async function get<Answer>(path: string, signal: AbortSignal): Promise<Answer | Silence> {
  const answer = await fetch(path, { signal });
  return answer.ok ? await answer.json() : lost;
}
