import { command } from '@shop/command/command.ts';
import type { Report } from '@shop/command/steps.ts';
import { execa } from 'execa';

const chromiumScript = 'infra/offline/chromium.sh';

/** Debian's path. `CHROMIUM` names another browser, which is never installed. */
export const chromiumPath = process.env.CHROMIUM || '/usr/bin/chromium-headless-shell';

/**
 * Makes sure that there is a browser. On Debian it prints that it installs one, and does so.
 *
 * @throws ActionableError when it is missing and can't be installed here.
 */
export async function ensureChromium(report: Report): Promise<string> {
  const { stdout } = await execa(chromiumScript, ['plan'], { env: { CHROMIUM: chromiumPath } });
  if (stdout) console.log(`To open the shop in a browser, this will be installed: ${stdout}`);
  await command(chromiumScript, ['install'], {
    environment: { CHROMIUM: chromiumPath },
    report,
    hint: 'the line above says how; `npm test -- --only code,unit,integration,e2e,chaos` runs what needs no browser',
  });
  return chromiumPath;
}
