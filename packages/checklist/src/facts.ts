/** The part of `docker inspect` that the checks need. */
export type Inspected = {
  Name: string;
  Config: {
    Env: string[] | null;
    User: string;
    Labels: Record<string, string>;
    /** Seconds from SIGTERM to SIGKILL; 10 where it is not set. */
    StopTimeout?: number;
    Healthcheck?: { Test?: string[] };
  };
  State: { Status: string; Health?: { Status: string } };
  HostConfig: {
    Memory?: number;
    ReadonlyRootfs?: boolean;
    CapDrop?: string[] | null;
    SecurityOpt?: string[] | null;
    RestartPolicy?: { Name: string };
    LogConfig?: { Type: string; Config: Record<string, string> | null };
    /** By the container's port, for each published one. */
    PortBindings?: Record<string, unknown[]> | null;
  };
  Mounts: { Source: string; Destination: string }[];
};

/** The certificate of an edge. */
export type Certificate = { edge: string; validTo: Date; selfSigned: boolean };

/** A statement in Postgres' statistics (pg_stat_statements); `blocksPerCall` are of 8 KiB. */
export type Statement = { role: string; query: string; calls: number; blocksPerCall: number };

/**
 * Everything that the checks need. The checks are functions of this alone, so that a test can break one fact at a time.
 */
export type Facts = {
  /** The containers that should always run, without the jobs that end. */
  containers: Inspected[];
  /** The names of the machines on whose engines they run. */
  machines: string[];
  /** The sources that git tracks, by their paths below the repository's folder. */
  files: Map<string, string>;
  /** One for each edge that answers over TLS. */
  certificates: Certificate[];
  /** Undefined where Postgres has no statistics. */
  statements: Statement[] | undefined;
  now: Date;
};

export type Verdict = { outcome: 'pass' | 'fail' | 'not checkable'; why: string };

/** `title` says what should hold; `where` names the file that makes it hold, or would. */
export type Check = { title: string; where: string; run: (facts: Facts) => Verdict };

export const pass = (why: string): Verdict => ({ outcome: 'pass', why });
export const fail = (why: string): Verdict => ({ outcome: 'fail', why });
export const notCheckable = (why: string): Verdict => ({ outcome: 'not checkable', why });

export const serviceOf = ({ Config }: Inspected) => Config.Labels['com.docker.compose.service'] ?? '';

/** Fails with the names of the containers that break the rule; passes when none does. */
export function eachContainer(
  containers: Inspected[],
  isFine: (container: Inspected) => boolean,
  words: { fine: string; wrong: string },
): Verdict {
  const wrong = containers.filter((container) => !isFine(container)).map(serviceOf);
  if (wrong.length === 0) return pass(`${words.fine} (${containers.length} containers)`);
  return fail(`${words.wrong}: ${[...new Set(wrong)].join(', ')}`);
}

/** A number from a source file, times `factor`; undefined where the file no longer has it in this form. */
export function numberIn(
  { files }: Facts,
  { path, pattern, factor = 1 }: { path: string; pattern: RegExp; factor?: number },
): number | undefined {
  const found = pattern.exec(files.get(path) ?? '')?.[1];
  return found === undefined ? undefined : Number(found.replaceAll('_', '')) * factor;
}
