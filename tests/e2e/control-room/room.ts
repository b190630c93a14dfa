import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { type ControlRoom, startControlRoom } from '@shop/browser/control-room.ts';
import type { Container } from '@shop/chaos/topology/topology.ts';
import { namespaceUnderTest, project } from '@shop/shop-client/topology-under-test.ts';

/** A control room as a browser uses it. */
export interface Room extends Pick<ControlRoom, 'signal'> {
  /** Opens it as the person at the terminal does, with the newest link. */
  enter(page: Page): Promise<void>;
}

type Known = Pick<Container, 'id'>;

/** The button of a container, or of a pod by its name, on the map: its accessible name says everything that the map shows of it. */
export const node = (page: Page, { id }: Known) =>
  page.locator(`.react-flow__node[data-id="${id}"]`).getByRole('button');

export const dialog = (page: Page) => page.getByRole('dialog');

/** How a person presses a button: with a pointer, or with the keyboard alone. */
type Press = (button: Locator) => Promise<void>;
const click: Press = (button) => button.click({ timeout: 5_000 });

/**
 * Chooses a container on the map and presses one of its buttons, until the server has taken it. A browser drops a call
 * while a container that starts or stops changes the machine's network; a person then presses again.
 */
export async function strike(page: Page, container: Known, button: string, press = click): Promise<void> {
  await expect(async () => {
    if (!(await dialog(page).isVisible())) await press(node(page, container));
    const taken = page.waitForResponse(
      (reply) => reply.url().endsWith(`/containers/${container.id}/actions`) && reply.status() === 202,
      { timeout: 20_000 },
    );
    await Promise.all([taken, press(dialog(page).getByRole('button', { name: button, exact: true }))]);
  }).toPass({ timeout: 60_000 });
  await expect(dialog(page)).toBeHidden();
}

/** What was done from the page, the newest first. */
export const timeline = (page: Page) =>
  page.getByRole('region', { name: 'What you did' }).getByRole('listitem');

/** Presses the undo of what was done last; `what` is the beginning of its name. */
export const undoNewest = (page: Page, what = ''): Promise<void> =>
  timeline(page)
    .first()
    .getByRole('button', { name: new RegExp(`^Undo: ${what}`) })
    .click();

/** A control room of the topology under test. */
async function startRoom(): Promise<Room & Pick<ControlRoom, 'end'>> {
  const { links, signal, end } = await startControlRoom(
    namespaceUnderTest ? ['--kubernetes'] : ['--project', project],
  );
  return {
    async enter(page) {
      // A browser drops a page, too, while the machine's network changes. A link opens once; the next one is there then.
      await expect(async () => {
        const used = links().length;
        await page.goto(links().at(-1)!);
        await expect.poll(() => links().length, { timeout: 10_000 }).toBe(used + 1);
        await expect(page.getByRole('banner')).toBeVisible({ timeout: 15_000 });
      }).toPass({ timeout: 120_000 });
    },
    signal,
    end,
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
