import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('waits until the check passes', async () => {
    const from = Date.now();
    const result = await eventually(2_000, () => {
      expect(Date.now() - from).toBeGreaterThan(150);
      return 'there';
    });
    expect(result).toBe('there');
  });

  it('fails with the last failure at the deadline', async () => {
    const from = Date.now();
    await expect(eventually(200, () => expect(1).toBe(2))).rejects.toThrow('expected 1 to be 2');
    expect(Date.now() - from).toBeLessThan(10_000);
  });
});
