import { type Static, Type } from 'typebox';

/** The setting of every program that logs. */
export const logSettings = {
  LOG_LEVEL: Type.Enum(['debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
};
export type LogLevel = Static<typeof logSettings.LOG_LEVEL>;

/** The settings of every program that answers HTTP. */
export const serverSettings = { PORT: Type.Integer({ default: 3000 }), ...logSettings };
