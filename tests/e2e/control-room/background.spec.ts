import { expect } from '@playwright/test';
import { openControlRoom } from '@shop/browser/control-room.ts';
import { endControlRoom } from '@shop/browser/control-room-notice.ts';
import { project } from '@shop/shop-client/topology-under-test.ts';
import { test } from './room.ts';

/** What `npm start` does, at a free port. */
async function linkOfBackground(): Promise<string> {
  const opened = await openControlRoom(project, ['--port', '0']);
  if (!('link' in opened)) throw new Error(opened.said);
  return opened.link;
}

test('a control room in the background outlives its command, is opened once, and tells each command its newest link', {
  tag: '@desktop',
}, async ({ page }) => {
  try {
    const first = await linkOfBackground();
    expect(await linkOfBackground()).toBe(first);
    await page.goto(first);
    await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live');

    const second = await linkOfBackground();
    expect(second).not.toBe(first);
    expect(new URL(second).origin).toBe(new URL(first).origin);
    await page.goto(second);
    await expect(page.getByRole('banner').getByRole('status')).toHaveText('Live');

    expect(await endControlRoom(project)).toBe(true);
    await expect(fetch(second)).rejects.toThrow('fetch failed');
  } finally {
    await endControlRoom(project);
  }
});
