import { ActionableError } from '@shop/command/actionable-error.ts';
import type { NamedLab } from './catalogue.ts';

/**
 * What labs have hidden by a seed, for the terminal.
 *
 * @throws ActionableError when none of them hides anything, or when no seed was named.
 */
export function hiddenBy(labs: NamedLab[], seed: number | undefined): string {
  const hiding = labs.filter(({ lab }) => lab.hides);
  if (hiding.length === 0) {
    const names = labs.map(({ name }) => name).join(', ');
    throw new ActionableError(
      `${names} hides nothing.`,
      'name a lab that does: `npm run lab -- 17 --reveal`',
    );
  }
  if (seed === undefined) {
    throw new ActionableError('The seed decides what is hidden.', 'add the --seed that the lab printed');
  }
  return hiding
    .map(({ name, lab }) => `${name}, seed ${seed}:\n  ${lab.hides!(seed).join('\n  ')}`)
    .join('\n');
}
