import { type BrokenBuild, brokenBuilds } from '../../shared/actions.ts';
import type { Doable } from './timeline.ts';

/** Replaces the sound build by a broken one, and takes that back. A deployment that stops half-way is taken back, too. */
export function switchingOn(
  build: BrokenBuild,
  deploy: () => Promise<void>,
  restore: () => Promise<void>,
): Doable {
  return {
    name: `broken build: ${brokenBuilds[build].title.toLowerCase()}`,
    build,
    // One that stops half-way leaves replicas of both builds.
    strike: () =>
      deploy().catch(async (error) => {
        await restore();
        throw error;
      }),
    undo: restore,
  };
}
