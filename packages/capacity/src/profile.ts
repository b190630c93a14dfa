import { readFile } from 'node:fs/promises';
import { ActionableError } from '@shop/command/actionable-error.ts';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

/** What `npm run bench:profile` writes: milliseconds of processor time of each call by tier. */
const Profile = Type.Object({
  provenance: Type.String(),
  calls: Type.Record(Type.String(), Type.Object({ tiersMs: Type.Record(Type.String(), Type.Number()) })),
});
export type Profile = Static<typeof Profile>;

/** @throws ActionableError when there is no such file, or it is no profile. */
export async function readProfile(path: string): Promise<Profile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ActionableError(`There is no profile at ${path}.`, 'Measure one: npm run bench:profile');
  });
  const profile: unknown = JSON.parse(text);
  if (Value.Check(Profile, profile)) return profile;
  const [first] = Value.Errors(Profile, profile);
  throw new ActionableError(
    `${path} is no profile: ${first?.instancePath} ${first?.message}.`,
    'Measure it again: npm run bench:profile',
  );
}
