import { useEffect, useState } from 'react';
import type { Charts, Silence } from '../../shared/charts.ts';

/** New values come every 15 s; a silence is noticed sooner. */
const pauseMs = 5_000;
const lost: Silence = { silent: 'The control room does not answer' };

/** The charts, asked for again and again while the panel is on the page; undefined before the first answer. */
export function useCharts(): Charts | Silence | undefined {
  const [news, setNews] = useState<Charts | Silence>();
  useEffect(() => {
    const end = new AbortController();
    let pause: ReturnType<typeof setTimeout>;
    const ask = async () => {
      const next = await askForCharts(end.signal).catch(() => lost);
      if (end.signal.aborted) return;
      setNews(next);
      pause = setTimeout(ask, pauseMs);
    };
    void ask();
    return () => {
      end.abort();
      clearTimeout(pause);
    };
  }, []);
  return news;
}

async function askForCharts(signal: AbortSignal): Promise<Charts | Silence> {
  const answer = await fetch('/charts', { signal });
  return answer.ok ? await answer.json() : lost;
}
