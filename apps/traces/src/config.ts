import { serverSettings } from '@shop/config/process.ts';
import { type Environment, readSettings } from '@shop/config/settings.ts';
import { Type } from 'typebox';

/** Every setting of the store of traces, read from the environment once at the start. */
const Settings = Type.Object({
  ...serverSettings,
  TRACES_KEEP_SECONDS: Type.Integer({ minimum: 1, default: 15 * 60 }),
  TRACES_MOST_SPANS: Type.Integer({
    minimum: 1,
    default: 20_000,
    description: 'about 1 KB each; when there are more, the oldest traces go',
  }),
});

export type Config = ReturnType<typeof loadConfig>;

/** @throws when a setting is malformed, naming it. */
export function loadConfig(env: Environment = process.env) {
  const settings = readSettings(Settings, env);
  return {
    port: settings.PORT,
    logLevel: settings.LOG_LEVEL,
    keepMs: settings.TRACES_KEEP_SECONDS * 1000,
    mostSpans: settings.TRACES_MOST_SPANS,
  };
}
