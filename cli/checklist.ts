import { styleText } from 'node:util';
import { checkAll, type Finding } from '@shop/checklist/checklist.ts';
import { gatherFacts } from '@shop/checklist/gather.ts';
import { printFailure } from '@shop/command/actionable-error.ts';
import { closingText } from '@shop/command/help.ts';
import { topologyNamed } from '@shop/docker/named-topology.ts';
import { shopTopology, type Topology } from '@shop/docker/topology.ts';
import { Command } from 'commander';

new Command('npm run checklist --')
  .description(
    'Checks the running shop and its sources against a checklist for production. Prints pass, fail or not checkable ' +
      'for each point, with the reason and the place. It changes nothing.',
  )
  .option('--project <name>', 'the topology to look at', shopTopology().project)
  .option('--json', 'print the findings as JSON')
  .addHelpText(
    'after',
    closingText(
      'Exit code: 0 when no point fails, else 1. This shop fails some points and says why: it is a reference that runs ' +
        'on one machine. Each check is a file of packages/checklist/src/checks/.',
    ),
  )
  .action(({ project, json }: { project: string; json?: true }) =>
    run(topologyNamed(project), Boolean(json)).catch(printFailure),
  )
  .parseAsync();

async function run(topology: Topology, json: boolean): Promise<void> {
  const findings = checkAll(await gatherFacts(topology));
  if (findings.some(({ outcome }) => outcome === 'fail')) process.exitCode = 1;
  if (json) return console.log(JSON.stringify(findings, null, 2));
  for (const finding of findings) console.log(tell(finding));
  const count = (wanted: Finding['outcome']) => findings.filter(({ outcome }) => outcome === wanted).length;
  console.log(`${count('pass')} pass, ${count('fail')} fail, ${count('not checkable')} not checkable`);
}

const colours = { pass: 'green', fail: 'red', 'not checkable': 'yellow' } as const;

const tell = ({ name, title, where, outcome, why }: Finding) =>
  `${styleText(colours[outcome], outcome.padEnd(14))}${name}: ${title}\n` +
  `${' '.repeat(14)}${why}\n${' '.repeat(14)}${styleText('dim', where)}\n`;
