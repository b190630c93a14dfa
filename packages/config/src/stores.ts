import { type Static, type TProperties, Type } from 'typebox';
import { readSecret } from './settings.ts';

type Values<T extends TProperties> = Static<ReturnType<typeof Type.Object<T>>>;

/** The settings of a program that reads and writes a database through PgBouncer. */
export const primarySettings = (options: { maxConnections: number }) => ({
  DATABASE_PRIMARY_URL: Type.String(),
  DATABASE_PASSWORD_FILE: Type.String(),
  DATABASE_MAX_CONNECTIONS: Type.Integer({ minimum: 1, default: options.maxConnections }),
});

/** The same, for a program that also reads from replicas. */
export const databaseSettings = (options: { maxConnections: number }) => ({
  ...primarySettings(options),
  DATABASE_REPLICA_URL: Type.String(),
});

/** @throws when the password's file cannot be read. */
export const databaseConfig = (settings: Values<ReturnType<typeof databaseSettings>>) => ({
  primaryUrl: settings.DATABASE_PRIMARY_URL,
  replicaUrl: settings.DATABASE_REPLICA_URL,
  password: readSecret(settings.DATABASE_PASSWORD_FILE),
  maxConnections: settings.DATABASE_MAX_CONNECTIONS,
});

/** The settings of a program that uses the Redis behind Sentinel. */
export const redisSettings = {
  REDIS_SENTINELS: Type.String({ description: 'host:port, comma-separated' }),
  REDIS_MASTER_NAME: Type.String({ default: 'shop' }),
  REDIS_PASSWORD_FILE: Type.String(),
};

/** @throws when the password's file cannot be read. */
export const redisConfig = (settings: Values<typeof redisSettings>) => ({
  sentinels: parseSentinels(settings.REDIS_SENTINELS),
  masterName: settings.REDIS_MASTER_NAME,
  password: readSecret(settings.REDIS_PASSWORD_FILE),
});

/** @param addresses `host:port`, comma-separated; the port is 26379 where it is absent. */
function parseSentinels(addresses: string): { host: string; port: number }[] {
  return addresses.split(',').map((address) => {
    const [host = '', port = '26379'] = address.split(':');
    return { host, port: Number(port) };
  });
}

/** The settings of a program that uses the object store. */
export const objectsSettings = { S3_ENDPOINT: Type.String(), S3_KEYS_DIR: Type.String() };

/** The keys of a user of the object store: `app` reads, writes and copies, `signer` may only put objects. */
export const objectsKeys = (settings: Values<typeof objectsSettings>, user: 'app' | 'signer') => ({
  accessKeyId: readSecret(`${settings.S3_KEYS_DIR}/${user}-access-key`),
  secretAccessKey: readSecret(`${settings.S3_KEYS_DIR}/${user}-secret-key`),
});
