// Runs in the page of html-plot.ts, after uPlot and `plots`.
const place = document.getElementById('plots');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const maxWidth = () => place.clientWidth;

/** Shades the time of each mark and writes what it was along its left side. */
function drawMarks(marks) {
  return (plot) => {
    const { ctx, bbox } = plot;
    const pixel = devicePixelRatio;
    ctx.save();
    for (const { label, from, to = from } of marks) {
      const left = plot.valToPos(from, 'x', true);
      const width = Math.max(2 * pixel, plot.valToPos(to, 'x', true) - left);
      ctx.fillStyle = colour('--mark');
      ctx.globalAlpha = 0.12;
      ctx.fillRect(left, bbox.top, width, bbox.height);
      ctx.globalAlpha = 1;
      ctx.font = `${11 * pixel}px system-ui`;
      ctx.textBaseline = 'bottom';
      ctx.translate(left + 3 * pixel, bbox.top + 4 * pixel);
      ctx.rotate(Math.PI / 2);
      ctx.fillText(label, 0, 0);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
    }
    ctx.restore();
  };
}

const axis = (label) => ({
  label,
  stroke: () => colour('--text'),
  grid: { stroke: () => colour('--grid'), width: 1 },
  ticks: { stroke: () => colour('--grid') },
});

const drawn = plots.map(({ title, unit, xUnit, x, series, marks = [] }) => {
  const lines = series.map(({ label }, index) => ({
    label: `${label}, ${unit}`,
    stroke: () => colour(`--line-${(index % 6) + 1}`),
    width: 1.5,
    // Of a few measurements each shows as a point; of many uPlot shows those that stand between two gaps.
    ...(x.length < 20 && { points: { show: true } }),
  }));
  return new uPlot(
    {
      title,
      width: maxWidth(),
      height: 260,
      plugins: [{ hooks: { drawClear: drawMarks(marks) } }],
      cursor: { sync: { key: xUnit } },
      scales: {
        x: { time: false },
        y: { range: (_, least, most) => [Math.min(0, least), most > 0 ? most * 1.05 : 1] },
      },
      axes: [axis(xUnit), axis(unit)],
      series: [{ label: xUnit }, ...lines],
    },
    [x, ...series.map(({ values }) => values)],
    place,
  );
});

addEventListener('resize', () => {
  for (const plot of drawn) plot.setSize({ width: maxWidth(), height: 260 });
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const plot of drawn) plot.redraw();
});
