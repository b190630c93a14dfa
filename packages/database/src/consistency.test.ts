import { describe, expect, it } from 'vitest';
import { type Consistency, formatWatermark, laterWatermark, parseWatermark } from './consistency.ts';

describe('a watermark', () => {
  it.each(['0/3000148', 'FFFFFFFF/FFFFFFFF', 'primary'])(
    '%s survives the conversion to text and back',
    (text) => {
      expect(formatWatermark(parseWatermark(text)!)).toBe(text);
    },
  );

  // It stands in the text of a query.
  it.each(['', '0/', '0/3000148 ', "0/1' OR true --", '0/g', '123456789/0', 'any', 'PRIMARY'])(
    'is none: %j',
    (text) => {
      expect(parseWatermark(text)).toBeUndefined();
    },
  );
});

describe('the later of two', () => {
  it.each<[Consistency, Consistency, Consistency]>([
    ['any', 'any', 'any'],
    ['any', { lsn: '0/1' }, { lsn: '0/1' }],
    [{ lsn: '0/1' }, 'primary', 'primary'],
    [{ lsn: '0/9' }, { lsn: '0/10' }, { lsn: '0/10' }],
    [{ lsn: '0/FFFFFFFF' }, { lsn: '1/0' }, { lsn: '1/0' }],
    [{ lsn: '9/0' }, { lsn: '10/0' }, { lsn: '10/0' }],
  ])('of %j and %j is %j, whichever comes first', (a, b, later) => {
    expect(laterWatermark(a, b)).toEqual(later);
    expect(laterWatermark(b, a)).toEqual(later);
  });
});
