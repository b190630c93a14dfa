import { expect, test } from 'vitest';
import { textPlot } from './text-plot.ts';

const seconds = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const base = { title: 'Kill api', unit: 'answers/s', xUnit: 'seconds', x: seconds };
const column = (line: string, mark: string) => line.lastIndexOf(mark);

test('each series has a panel with its label, unit and highest value, and each mark its name and time', () => {
  const text = textPlot({
    ...base,
    series: [
      { label: 'good', values: [0, 250, 250, 250, 0, 0, 250, 250, 250, 250] },
      { label: 'failed', values: seconds.map(() => 0) },
    ],
    marks: [
      { label: 'kill api', from: 4, to: 6 },
      { label: 'scaled', from: 8 },
    ],
  });
  const lines = text.split('\n');
  expect(lines[0]).toBe('Kill api');
  expect(lines).toContain('good, answers/s');
  expect(lines).toContain('failed, answers/s');
  expect(text).toMatch(/^ *250┤/m);
  expect(lines.slice(-2)).toEqual(['┃ kill api: 4 to 6 seconds', '┃ scaled: 8 seconds']);
});

test('the line falls where the values fall', () => {
  const text = textPlot({ ...base, series: [{ label: 'good', values: [9, 9, 9, 9, 9, 0, 0, 0, 0, 0] }] });
  const lines = text.split('\n');
  const top = lines.find((line) => /^ *9┤/.test(line))!;
  const bottom = lines.find((line) => /^ *0┤/.test(line))!;
  expect(column(top, '━')).toBeLessThan(column(bottom, '━'));
  expect(top).toContain('━━━━━━━━━━━━━━━');
  expect(bottom).toContain('━━━━━━━━━━━━━━━');
});

test('a gap is drawn as a gap, not as zero', () => {
  const gap = textPlot({
    ...base,
    series: [{ label: 'p50', values: [5, 5, 5, null, null, null, 5, 5, 5, 5] }],
  });
  const line = gap.split('\n').find((text) => /^ *5┤/.test(text))!;
  expect(line).toMatch(/━ {8,}━/);
  expect(gap.split('\n').find((text) => /^ *0┤/.test(text))).not.toContain('━');
});

test('a plot without values says so, and one whose values do not fit is refused', () => {
  expect(textPlot({ ...base, series: [{ label: 'p50', values: seconds.map(() => null) }] })).toContain(
    'p50: no values',
  );
  expect(textPlot({ ...base, x: [], series: [{ label: 'p50', values: [] }] })).toBe('Kill api: no values');
  expect(() => textPlot({ ...base, series: [{ label: 'p50', values: [1] }] })).toThrow(
    'Kill api: p50 has 1 values for 10 of x',
  );
  expect(() => textPlot({ ...base, x: [1, 1], series: [] })).toThrow('x does not ascend');
});
