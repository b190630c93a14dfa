import { ActionableError } from '@shop/command/actionable-error.ts';

/** @throws ActionableError when no shop answers at `origin`. */
export async function refuseUnlessAnswering(origin: string): Promise<void> {
  const { ok } = await fetch(`${origin}/readyz`).catch(() => ({ ok: false }));
  if (!ok)
    throw new ActionableError(`No shop answers at ${origin}.`, '`npm start`, then run the command again');
}
