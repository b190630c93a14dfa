import { barsOf, cell, format } from './format.ts';
import type { Played } from './play.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .4rem .8rem; text-align: right; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr max-content; gap: .5rem 1rem; align-items: center; }
dd { margin: 0; } dd:last-of-type { text-align: right; }
.bar { height: 1.2rem; border-radius: .3rem; background: light-dark(#2f6f4f, #6fc79a); min-width: 2px; }
.control .bar { background: light-dark(#8a8a8a, #9a9a9a); }
.fails { color: light-dark(#b3261e, #ff8a80); font-weight: 600; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr max-content; } dl dt { grid-column: 1 / -1; margin-top: .5rem; } }
`;

/** A lab's result as one page that loads nothing and follows the reader's choice of light or dark. */
export function htmlOf({ name, lab, figures, results, verdicts, quick }: Played): string {
  const columns = Object.entries(lab.columns);
  const plotted = lab.columns[lab.plot];
  const values = barsOf(figures, lab.plot);
  const most = Math.max(...values.map(([, value]) => value), Number.MIN_VALUE);
  const isControl = (run: string) => lab.runs.some((one) => one.name === run && one.control);
  const bars = values.map(([run, value]) => {
    const bar = `<div class="bar" style="width:${((100 * value) / most).toFixed(1)}%"></div>`;
    return `<dt>${escapeHtml(run)}</dt><dd${isControl(run) ? ' class="control"' : ''}>${bar}</dd><dd>${format(value, plotted?.digits ?? 0)}</dd>`;
  });
  const heads = columns.map(
    ([, { title, unit }]) => `<th>${escapeHtml(unit ? `${title} (${unit})` : title)}</th>`,
  );
  const rows = [...figures].map(([run, row]) => {
    const cells = columns.map(([key, { digits }]) => `<td>${cell(row[key], digits)}</td>`);
    return `<tr><td>${escapeHtml(run)}</td>${cells.join('')}</tr>`;
  });
  const claims = verdicts.map(
    ({ says, measured, bound, holds, control }) =>
      `<li${holds ? '' : ' class="fails"'}>${control ? 'Control: ' : ''}${escapeHtml(says)}: <b>${format(measured, 2)}</b> (${bound})${holds ? '' : ', which fails'}</li>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Lab ${name}: ${escapeHtml(lab.title)}</title><style>${style}</style>
<h1>${escapeHtml(lab.title)}</h1>
<p><b>${escapeHtml(lab.question)}</b></p><p>${escapeHtml(lab.hypothesis)}</p>
<h2>${escapeHtml(plotted?.title ?? lab.plot)}${plotted?.unit ? ` (${escapeHtml(plotted.unit)})` : ''}</h2><dl>${bars.join('')}</dl>
<h2>All figures</h2><div class="scroll"><table><thead><tr><th>run</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>
<h2>What must follow</h2><ul>${claims.join('')}</ul>
<h2>What it means</h2><p>${escapeHtml(lab.meaning(results))}</p>
<p><code>npm run lab -- ${name}${quick ? ' --quick' : ''}</code></p>
</html>
`;
}

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
