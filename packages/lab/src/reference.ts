import { readFile, writeFile } from 'node:fs/promises';
import { root } from '@shop/command/folders.ts';
import { provenanceLine, provenanceOf } from '@shop/report/provenance.ts';
import { table } from '@shop/report/table.ts';
import { allLabs } from './catalogue.ts';
import type { Played } from './play.ts';
import { tableOf, verdictsOf } from './report.ts';

const begin = '<!-- reference -->';
const end = '<!-- /reference -->';

/** Replaces what stands between the two marks of a text. @throws when it has no such marks. */
export function withReference(text: string, reference: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`there is no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${reference}\n${text.slice(to)}`;
}

/** Writes what was played into the lab's README and the map of labs, with where it comes from. */
export async function writeReference({ name, lab, figures, verdicts, quick, seed }: Played): Promise<void> {
  const command = `npm run lab -- ${name}${quick ? ' --quick' : ''}${lab.hides ? ` --seed ${seed}` : ''}`;
  const provenance = provenanceLine(await provenanceOf(command));
  const readme = `${root}labs/${name}/README.md`;
  const reference = `${provenance}.\n\n${tableOf(figures, lab.columns)}\n\n${verdictsOf(verdicts)}`;
  await rewrite(readme, (text) => withReference(text, reference));
  await rewrite(`${root}docs/labs.md`, async (text) => withReference(text, await mapOfLessons()));
}

/** The table of `docs/labs.md`, from the references that the labs' folders hold. */
export async function mapOfLessons(): Promise<string> {
  const rows = await Promise.all(
    (await allLabs()).map(async ({ name, lab }) => {
      const readme = await readFile(`${root}labs/${name}/README.md`, 'utf8');
      return [
        `[${name}](../labs/${name}/README.md)`,
        lab.question,
        firstVerdictOf(readme) ?? 'not measured yet',
      ];
    }),
  );
  return `\n${table(['lab', 'question', 'what it showed'], rows)}\n`;
}

/** The first claim of a reference, without its bound: `rate of 0.6 CPU ÷ rate of 0.15 CPU: 3.9`. */
function firstVerdictOf(readme: string): string | undefined {
  return /^- (.*: [\d.,]+) \(/m.exec(readme.slice(readme.indexOf(begin)))?.[1];
}

async function rewrite(file: string, change: (text: string) => string | Promise<string>): Promise<void> {
  await writeFile(file, await change(await readFile(file, 'utf8')));
}
