import { test as base, expect, type Page } from '@playwright/test';
import type { Container } from '@shop/chaos/topology/topology.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { execa } from 'execa';

/** A control room that runs, as `npm run control-room` starts it. */
export interface Room {
  /** Opens it as the person at the terminal does, with the newest link. */
  enter(page: Page): Promise<void>;
  /** Sends a signal to the server and to what started it. */
  signal(name: NodeJS.Signals): void;
}

/** A container's button on the map: its accessible name says everything that the map shows of it. */
export const node = (page: Page, { id }: Pick<Container, 'id'>) =>
  page.locator(`.react-flow__node[data-id="${id}"]`).getByRole('button');

export const dialog = (page: Page) => page.getByRole('dialog');

/** Chooses a container on the map and presses one of its buttons. */
export async function strike(page: Page, container: Container, button: string): Promise<void> {
  await node(page, container).click();
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
  await expect(dialog(page)).toBeHidden();
}

/** What was done from the page, the newest first. */
export const timeline = (page: Page) =>
  page.getByRole('region', { name: 'What you did' }).getByRole('listitem');

/** Starts a control room of the topology under test, and returns when it has printed its link. */
async function startRoom(): Promise<Room & { end(): Promise<void> }> {
  const args = ['run', '--silent', 'control-room', '--', '--project', project, '--port', '0'];
  // A group of its own: npm passes no signal on to what it has started.
  const started = execa('npm', args, { detached: true, reject: false, all: true });
  let printed = '';
  let over = false;
  started.all.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const links = () => printed.match(/http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]{43}/g) ?? [];
  const signal = (name: NodeJS.Signals) => void process.kill(-started.pid!, name);
  // The first start builds the page.
  await Promise.race([
    expect.poll(() => links().length, { timeout: 120_000 }).toBe(1),
    started.then(() => {
      over = true;
      throw new Error(`the control room ended: ${printed}`);
    }),
  ]);
  return {
    async enter(page) {
      const used = links().length;
      await page.goto(links().at(-1)!);
      await expect.poll(() => links().length).toBe(used + 1);
    },
    signal,
    async end() {
      if (!over) signal('SIGTERM');
      await started;
    },
  };
}

/** `room` is one for all tests of a project; `ownRoom` is for a test that harms it, or its verdict. */
export const test = base.extend<{ ownRoom: Room }, { room: Room }>({
  room: [
    // Playwright wants a pattern of fixtures here, even an empty one.
    // biome-ignore lint/correctness/noEmptyPattern: see above
    async ({}, use) => {
      const room = await startRoom();
      await use(room);
      await room.end();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: see above
  async ownRoom({}, use) {
    const room = await startRoom();
    await use(room);
    await room.end();
  },
});
