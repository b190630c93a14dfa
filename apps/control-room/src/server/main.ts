import { postNotice, readNotice } from '@shop/browser/control-room-notice.ts';
import { ActionableError, printFailure } from '@shop/command/actionable-error.ts';
import { command } from '@shop/command/command.ts';
import { closingText } from '@shop/command/help.ts';
import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import { Timeline } from './actions/timeline.ts';
import { buildApp } from './app.ts';
import { openInBackground } from './background.ts';
import { Sessions } from './callers.ts';
import { findShop } from './find-shop.ts';
import { Supervisor } from './shoppers/supervisor.ts';
import { accessOf, commandLine, type Options } from './wanted.ts';
import { usualPauses, Watch } from './watch.ts';

/** Enough to replace every replica: a broken build is switched off at the end. */
const closeMs = 300_000;

commandLine()
  .addHelpText(
    'after',
    closingText(
      'The link works once; then the command prints the next one. It also prints each action of the page. Ctrl-C ends ' +
        'the control room and leaves the containers as they are, but switches a broken build off and stops a lab or a ' +
        'scenario that runs.',
    ),
  )
  .action((options: Options, command: Command) => begin(options, command).catch(printFailure))
  .parseAsync();

async function begin(options: Options, command: Command): Promise<void> {
  // The one in the background is that of a compose project.
  if (accessOf(options)) return open(options);
  const { project, port, background } = options;
  const present = await readNotice(project);
  const others = background || command.getOptionValueSource('port') === 'default';
  if (present && others) return console.log(openText(project, present.link, 'until `npm stop`'));
  if (!background) return open(options);
  const link = await openInBackground(project, ['--project', project, '--port', String(port), '--posted']);
  console.log(openText(project, link, 'until `npm stop`'));
}

const openText = (name: string, link: string, until: string) =>
  `The control room of "${name}" is open to you alone, ${until}:\n\n  ${link}\n`;

async function open(options: Options): Promise<void> {
  const { project, port, posted } = options;
  const { questions, pauses, edges, ...shop } = await findShop(options);
  const notice = posted ? await postNotice(project) : undefined;
  // Without a change of the page, this takes the files of the last build.
  await command('turbo', ['run', 'build', '--filter=@shop/control-room', '--output-logs=errors-only']);

  const sessions = new Sessions();
  const showLink = async (say: (link: string) => string) => {
    const link = `${app.listeningOrigin}/enter?token=${sessions.link}`;
    console.log(say(link));
    await notice?.show(link);
  };
  const supervisor = new Supervisor({ edges });
  const log = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`);
  const app = buildApp({
    ...shop,
    watch: new Watch(questions, { ...usualPauses, ...pauses }),
    timeline: new Timeline(log, (fault) => supervisor.struck(fault)),
    supervisor,
    page: new URL('../../dist', import.meta.url).pathname,
    sessions,
    onLinkUsed: () => showLink((link) => `That link is used. For another browser:\n\n  ${link}\n`),
  });
  // Loopback alone: this server shows what the engine or the cluster tells, and strikes containers and pods.
  await app.listen({ host: '127.0.0.1', port }).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new ActionableError(`Port ${port} is in use.`, 'choose another one: --port 0 takes a free one');
  });
  closeWithGrace({ delay: closeMs }, async () => {
    await app.close();
    await notice?.remove();
  });
  await showLink((link) => openText(shop.place.name, link, 'until Ctrl-C'));
}
