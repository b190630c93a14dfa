import { SeededRandom } from '@shop/load/choice.ts';

/** What can be wrong with a patient; `none` is a healthy one. */
export const faults = [
  'a query in a loop',
  'a missing index',
  'a pool of two',
  'a blocked event loop',
  'a fat answer',
] as const;
export type Fault = (typeof faults)[number] | 'none';

/** The names under which the patients are shown. */
export const patients = ['patient A', 'patient B', 'patient C', 'patient D', 'patient E'] as const;
export type Patient = (typeof patients)[number];

/** The patients with their faults, in an order that the seed decides (Fisher and Yates). */
export function faultsOf(seed: number): Map<Patient, (typeof faults)[number]> {
  const random = new SeededRandom(seed);
  const left = [...faults];
  return new Map(
    patients.map((patient) => {
      const [fault] = left.splice(random.integer(0, left.length - 1), 1);
      return [patient, fault!];
    }),
  );
}
