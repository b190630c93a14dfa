import { expect, test } from 'vitest';
import { metricNamed, parseVector } from './metrics.ts';

test('a vector of Prometheus becomes a value for each address', () => {
  const json =
    '[{"metric":{"instance":"172.31.1.11:3000"},"value":[1795888717.147,"0.015"]},{"metric":{"instance":"172.31.1.15:3000"},"value":[1795888717.147,"0"]}]';
  expect(parseVector(json)).toEqual(
    new Map([
      ['172.31.1.11', 0.015],
      ['172.31.1.15', 0],
    ]),
  );
  expect(parseVector('[]').size).toBe(0);
});

test('a metric that does not exist is refused, and the error names all', () => {
  expect(() => metricNamed('memory')).toThrow('no metric "memory"');
  expect(metricNamed('cpu').query('api')).toContain('job="api"');
});
