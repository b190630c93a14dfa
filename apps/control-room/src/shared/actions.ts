/** What a person may do to one container under compose. */
export const actionsUnderCompose = ['kill', 'stop', 'pause', 'cut', 'slow', 'restart', 'start'] as const;
/** What a person may do to one pod. Kubernetes itself starts what is down, and replaces what is deleted. */
export const actionsOnPods = ['kill', 'delete'] as const;
export type ActionUnderCompose = (typeof actionsUnderCompose)[number];
export type ActionOnPod = (typeof actionsOnPods)[number];
export type ActionOnContainer = ActionUnderCompose | ActionOnPod;

/**
 * The broken builds that a person may switch on: what each lacks, and what then turns the verdict red. Each is a variant
 * of docs/decisions/0013-broken-variants.md; others need a fault that strikes at one exact moment.
 */
export const brokenBuilds = {
  'sessions-in-memory': {
    title: 'Sessions in the memory of a replica',
    shows: 'Logins are lost at once.',
  },
  'reads-ignore-the-watermark': {
    title: 'Reads from any replica, however old',
    shows: 'Shoppers do not see what they have just ordered.',
  },
  'no-idempotency-row': {
    title: 'Orders without a record of their key',
    shows: 'Kill API replicas while shoppers buy: orders are doubled.',
  },
  'asynchronous-commit': {
    title: 'Commits that no standby has confirmed',
    shows: 'Kill the primary database while shoppers buy: acknowledged orders are lost.',
  },
} as const;
export type BrokenBuild = keyof typeof brokenBuilds;
export const brokenBuildNames = Object.keys(brokenBuilds) as BrokenBuild[];

/** `undone` and `failed` are final; what is `done` can be undone if `undoable`. */
export type Outcome = 'doing' | 'done' | 'undoing' | 'undone' | 'failed';

/** One thing that a person did from the page. */
export interface Action {
  /** Counts from 1 since the server's start. */
  id: number;
  /** When it was asked for: milliseconds since the epoch. */
  at: number;
  /** In words: `SIGKILL shop-api-2`. */
  name: string;
  /** Whether shoppers may feel it. */
  isFault: boolean;
  outcome: Outcome;
  undoable: boolean;
  /** The broken build that it switches on. */
  build?: BrokenBuild;
  /** Why it failed, or why its undo did. */
  error?: string;
}

/** The action that has switched a broken build on, from the moment at which it begins until it is undone. */
export const brokenBuildOn = (actions: readonly Action[]): Action | undefined =>
  actions.find(({ build, outcome }) => build && outcome !== 'undone' && outcome !== 'failed');
