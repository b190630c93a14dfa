import { redisAt } from './redis.ts';

/** A session: the customer's name, and the cart. */
export type Session = { customer: string; cart: number[] };

export type Sessions = {
  get(id: string): Promise<Session | undefined>;
  set(id: string, session: Session): Promise<void>;
};

function inMemory(): Sessions {
  const sessions = new Map<string, Session>();
  return {
    get: async (id) => sessions.get(id),
    set: async (id, session) => void sessions.set(id, session),
  };
}

function inRedis(host: string): Sessions {
  const redis = redisAt(host);
  return {
    get: async (id) => JSON.parse((await redis.get(id)) ?? 'null') ?? undefined,
    set: async (id, session) => void (await redis.set(id, JSON.stringify(session), 'EX', 86_400)),
  };
}

/** Sessions in the Redis of that name, or in the memory of this process. */
export function sessionsAt(host: string | undefined): Sessions {
  return host ? inRedis(host) : inMemory();
}
