import type { ReactNode } from 'react';
import type { Part, Place } from '../shared/place.ts';

type Props = { place: Place; part: Part; children: ReactNode };

/** A part of the page, or why the place of the shop has none. */
export function WhereThereIs({ place, part, children }: Props) {
  const why = place.absent[part];
  return why === undefined ? children : <p className="text-muted">None here: {why}</p>;
}
