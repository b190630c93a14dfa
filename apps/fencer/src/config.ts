import { brokenVariant } from '@shop/config/broken-variant.ts';
import { logSettings } from '@shop/config/process.ts';
import { type Environment, readSettings } from '@shop/config/settings.ts';
import { Type } from 'typebox';

/** Every setting of the fencer, read from the environment once at the start. */
const Settings = Type.Object({
  ...logSettings,
  COMPOSE_PROJECT: Type.String({ minLength: 1 }),
  ENGINE_SOCKET: Type.String({ default: '/var/run/docker.sock' }),
  ETCD_URLS: Type.String({ default: 'http://etcd-1:2379,http://etcd-2:2379,http://etcd-3:2379' }),
  LEADER_KEY: Type.String({ default: '/service/shop/leader' }),
  DATABASES: Type.String({ default: 'db-1,db-2,db-3' }),
  CHECK_INTERVAL_MS: Type.Integer({ minimum: 100, default: 1000 }),
  // Reads one line of /proc.
  PROCESS_INTERVAL_MS: Type.Integer({ minimum: 10, default: 50 }),
  // Generous for a busy machine: a false alarm loses no data, but writes wait for a failover.
  PROBE_TIMEOUT_MS: Type.Integer({ minimum: 100, default: 800 }),
  SILENT_PROBES: Type.Integer({ minimum: 2, default: 2 }),
  RESTART_DELAY_MS: Type.Integer({ minimum: 0, default: 3000 }),
  LOOKED_FILE: Type.String({ default: '/tmp/looked' }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is missing or malformed, naming it. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    logLevel: settings.LOG_LEVEL,
    /** Off only in a test: then a reported death counts as proof. */
    provesDeath: brokenVariant(env) !== 'fences-the-living',
    composeProject: settings.COMPOSE_PROJECT,
    engineSocket: settings.ENGINE_SOCKET,
    etcdUrls: settings.ETCD_URLS.split(','),
    leaderKey: settings.LEADER_KEY,
    databases: settings.DATABASES.split(','),
    checkIntervalMs: settings.CHECK_INTERVAL_MS,
    processIntervalMs: settings.PROCESS_INTERVAL_MS,
    probeTimeoutMs: settings.PROBE_TIMEOUT_MS,
    silentProbes: settings.SILENT_PROBES,
    restartDelayMs: settings.RESTART_DELAY_MS,
    lookedFile: settings.LOOKED_FILE,
  };
}
