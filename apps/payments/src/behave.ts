import { behaviourModes } from '@shop/contracts/payment-provider.ts';
import { Command, InvalidArgumentError, Option } from 'commander';

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('not a whole number');
  return number;
};

/** `docker compose exec payments node apps/payments/src/behave.ts --mode slow --delay-ms 2000 --calls 3` */
const command = new Command('behave')
  .description('Tells the sandbox payment provider how to behave; without options, says how it behaves')
  .addOption(new Option('--mode <mode>', 'what to do').choices(behaviourModes))
  .option(
    '--delay-ms <ms>',
    'slow: before the work; timeout-after-capture: before the connection is cut',
    count,
    0,
  )
  .option('--calls <n>', 'for the next n calls only; without it, for good', count)
  .option('--url <url>', 'where the provider listens', `http://127.0.0.1:${process.env.PORT ?? 3000}`)
  .parse();

const { mode, delayMs, calls = null, url } = command.opts();
const response = await fetch(`${url}/behaviour`, {
  ...(mode && {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode, delayMs, calls }),
  }),
}).catch((error: Error) => command.error(`no answer from ${url}: ${(error.cause as Error).message}`));
console.log(await response.text());
process.exitCode = response.ok ? 0 : 1;
