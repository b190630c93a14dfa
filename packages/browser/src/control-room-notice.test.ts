import { statSync, writeFileSync } from 'node:fs';
import { stateDir } from '@shop/command/folders.ts';
import { afterEach, expect, test } from 'vitest';
import { endControlRoom, postNotice, readNotice } from './control-room-notice.ts';

const project = `notice-test-${process.pid}`;
const file = `${stateDir}control-room-${project}.json`;
let posted: Awaited<ReturnType<typeof postNotice>> | undefined;
afterEach(async () => {
  await posted?.remove();
  posted = undefined;
});

test('readNotice returns the newest link until the notice is removed, and the file is readable by its owner alone', async () => {
  expect(await readNotice(project)).toBeUndefined();
  posted = await postNotice(project);
  // The control room has its place before it has a link.
  expect(await readNotice(project)).toBeUndefined();
  await posted.show('http://127.0.0.1:8090/enter?token=first');
  await posted.show('http://127.0.0.1:8090/enter?token=second');
  expect(await readNotice(project)).toEqual({
    pid: process.pid,
    link: 'http://127.0.0.1:8090/enter?token=second',
  });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await posted.remove();
  posted = undefined;
  expect(await readNotice(project)).toBeUndefined();
});

test('postNotice removes the link that a killed control room has left', async () => {
  writeFileSync(file, JSON.stringify({ pid: 1, link: 'http://127.0.0.1:8090/enter?token=old' }));
  posted = await postNotice(project);
  expect(await readNotice(project)).toBeUndefined();
});

test('a project has one control room in the background', async () => {
  posted = await postNotice(project);
  await expect(postNotice(project)).rejects.toThrow();
});

test('where there is no control room in the background, there is nothing to end', async () => {
  expect(await endControlRoom(project)).toBe(false);
});
