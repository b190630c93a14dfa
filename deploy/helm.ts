/** `npm run helm -- …`: the Helm that the tests of the chart use, with any of its commands. */

import { binaryOf } from '@shop/cluster/binaries.ts';
import { execa } from 'execa';

const { exitCode } = await execa(await binaryOf('helm'), process.argv.slice(2), {
  stdio: 'inherit',
  reject: false,
});
process.exitCode = exitCode ?? 1;
