import { lazy, Suspense, useState } from 'react';
import { ContainerTable } from './container-table.tsx';
import { ExperimentsPanel } from './experiments/experiments-panel.tsx';
import { Figures } from './figures.tsx';
import { Balancing } from './hands/balancing.tsx';
import { ContainerDialog } from './hands/container-dialog.tsx';
import { ScaleApi } from './hands/scale-api.tsx';
import { scalingOf } from './hands/scaling.ts';
import { Timeline } from './hands/timeline.tsx';
import { useHands } from './hands/use-hands.ts';
import { LinkState } from './link-state.tsx';
import { ShopMap } from './map/shop-map.tsx';
import { WhereThereIs } from './none-here.tsx';
import { wordsOf } from './place-words.ts';
import { ServiceLevelPanel } from './service-level/service-level-panel.tsx';
import { StatementsPanel } from './statements/statements-panel.tsx';
import { TracesPanel } from './traces/traces-panel.tsx';
import { useSnapshots } from './use-snapshots.ts';
import { VerdictPanel } from './verdict/verdict-panel.tsx';

/** With its library, which the page's first paint does not wait for. */
const ChartsPanel = lazy(() => import('./charts/charts-panel.tsx'));

export function Page() {
  const { link, last, history } = useSnapshots();
  const {
    refusal,
    strike,
    killOneOfEach,
    scaleApi,
    balance,
    breakBuild,
    shapeShoppers,
    stopShoppers,
    undo,
    playExperiment,
    stopExperiment,
  } = useHands();
  const [chosenId, choose] = useState<string>();
  const chosen = last?.containers.find(({ id }) => id === chosenId);
  const scaling = last && scalingOf(last);
  const old = link === 'live' ? undefined : 'old';
  return (
    <>
      <header className="page flex flex-wrap items-center gap-x-4 gap-y-2 py-4">
        <p className="font-display text-2xl leading-none font-medium tracking-tight">
          Still<span className="text-accent">.</span>
        </p>
        <h1 className="text-lg text-muted">Control room</h1>
        {last && <p className="project">{last.place.name + wordsOf(last.place).where}</p>}
        <LinkState link={link} trouble={refusal ?? last?.trouble} />
      </header>
      <main className="page grid grid-cols-1 gap-6 pb-16" aria-busy={link === 'waiting'}>
        {last ? (
          <>
            <div className="watched">
              <section aria-labelledby="verdict" className={old}>
                <h2 id="verdict" className="sr-only">
                  Shoppers and verdict
                </h2>
                <WhereThereIs place={last.place} part="shoppers">
                  <VerdictPanel
                    news={last}
                    onShape={shapeShoppers}
                    onStop={stopShoppers}
                    onBreak={breakBuild}
                    onUndo={undo}
                  />
                </WhereThereIs>
              </section>
              <section aria-labelledby="service-level" className={`rail ${old ?? ''}`}>
                <h2 id="service-level" className="sr-only">
                  Alerts and error budget
                </h2>
                <WhereThereIs place={last.place} part="serviceLevel">
                  <ServiceLevelPanel level={last.serviceLevel} now={last.at} />
                </WhereThereIs>
              </section>
              <Figures history={history} place={last.place} />
            </div>
            <section aria-labelledby="map" className={old}>
              <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
                <h2 id="map" className="text-xl">
                  The way of a request
                </h2>
                <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
                  {!last.place.absent.oneOfEach && (
                    <button type="button" className="button-quiet" onClick={killOneOfEach}>
                      Kill one of each kind
                    </button>
                  )}
                  {!last.place.absent.balancing && <Balancing present={last.balancing} onBalance={balance} />}
                  {scaling && <ScaleApi scaling={scaling} onScale={scaleApi} />}
                </div>
              </div>
              <ShopMap containers={last.containers} onChoose={choose} />
            </section>
            <section aria-labelledby="timeline">
              <h2 id="timeline" className="mb-3 text-xl">
                What you did
              </h2>
              <Timeline
                actions={last.actions}
                failovers={last.shoppers.verdict?.failovers ?? []}
                noun={wordsOf(last.place).one}
                onUndo={undo}
              />
            </section>
            <section aria-labelledby="charts" className={old}>
              <h2 id="charts" className="mb-3 text-xl">
                The last 15 minutes
              </h2>
              <WhereThereIs place={last.place} part="charts">
                <Suspense fallback={<p className="text-muted">The charts are on their way…</p>}>
                  <ChartsPanel actions={last.actions} />
                </Suspense>
              </WhereThereIs>
            </section>
            <section aria-labelledby="statements" className={old}>
              <h2 id="statements" className="mb-3 text-xl">
                The slowest statements
              </h2>
              <WhereThereIs place={last.place} part="statements">
                <StatementsPanel />
              </WhereThereIs>
            </section>
            <section aria-labelledby="traces">
              <h2 id="traces" className="mb-3 text-xl">
                One request
              </h2>
              <WhereThereIs place={last.place} part="traces">
                <TracesPanel />
              </WhereThereIs>
            </section>
            <section aria-labelledby="experiments" className={old}>
              <h2 id="experiments" className="mb-3 text-xl">
                Deployment, labs and scenarios
              </h2>
              <WhereThereIs place={last.place} part="experiments">
                <ExperimentsPanel news={last.experiment} onPlay={playExperiment} onStop={stopExperiment} />
              </WhereThereIs>
            </section>
            <section aria-labelledby="table" className={old}>
              <h2 id="table" className="mb-3 text-xl">
                Every {wordsOf(last.place).one}
              </h2>
              <div className="panel overflow-hidden">
                <ContainerTable containers={last.containers} place={last.place} />
              </div>
            </section>
          </>
        ) : (
          <p className="py-24 text-center text-muted">Asking what runs…</p>
        )}
      </main>
      {last && chosen && (
        <ContainerDialog
          container={chosen}
          offered={last.place.actions}
          onAction={(action) => strike(chosen.id, action)}
          onClose={() => choose(undefined)}
        />
      )}
    </>
  );
}
