import dns from 'node:dns';
import { once } from 'node:events';
import net, { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, expect, test, vi } from 'vitest';
import { openMailer } from './mailer.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** An SMTP server that takes every mail, or one that ends each connection without a word. */
async function smtpServer({ hangsUp = false, address = '127.0.0.1', port = 0 } = {}) {
  const seen = { connections: 0, mails: 0 };
  const sockets = new Set<Socket>();
  const serve = (socket: Socket) => {
    seen.connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    if (hangsUp) return void socket.end();
    const say = (line: string) => socket.write(`${line}\r\n`);
    let inMail = false;
    say('220 ready');
    createInterface(socket).on('line', (line) => {
      if (!inMail) {
        inMail = line === 'DATA';
        say(inMail ? '354 go on' : '250 ok');
      } else if (line === '.') {
        inMail = false;
        seen.mails += 1;
        say('250 taken');
      }
    });
  };
  const server = createServer(serve).listen(port, address);
  await once(server, 'listening');
  const { port: ownPort } = server.address() as AddressInfo;
  const mailer = openMailer(`smtp://127.0.0.1:${ownPort}`);
  opened.push(
    () => mailer.close(),
    () => server.close(),
  );
  return { seen, mailer, server, sockets, port: ownPort };
}

const mail = { from: 'orders@shop.example', to: 'a@shop.example', subject: 'Your order', text: 'Thank you' };

test('mails that follow each other use one connection', async () => {
  const { seen, mailer } = await smtpServer();
  for (let count = 0; count < 3; count += 1) await mailer.sendMail(mail);
  expect(seen).toEqual({ connections: 1, mails: 3 });
});

test('the job retries a server that closes the connection, and the mailer does not', async () => {
  const { seen, mailer } = await smtpServer({ hangsUp: true });
  await expect(mailer.sendMail(mail)).rejects.toThrow();
  expect(seen.connections).toBe(1);
});

test('a server that moves to another address is found by its name for the next mail', async () => {
  const before = await smtpServer();
  const after = await smtpServer({ address: '127.0.0.2', port: before.port });
  let address = '127.0.0.1';
  // As a cluster's names do: each question gets the present address.
  vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, ...rest: unknown[]) => {
    const done = rest.at(-1) as (error: null, found: unknown, family?: number) => void;
    const { all } = rest[0] as { all?: boolean };
    if (all) done(null, [{ address, family: 4 }]);
    else done(null, address, 4);
  }) as never);
  const mailer = openMailer(`smtp://mail.invalid:${before.port}`);
  opened.push(
    () => mailer.close(),
    () => vi.restoreAllMocks(),
  );
  await mailer.sendMail(mail);
  address = '127.0.0.2';
  for (const socket of before.sockets) socket.destroy();
  before.server.close();
  await mailer.sendMail(mail).catch(() => mailer.sendMail(mail));
  expect([before.seen.mails, after.seen.mails]).toEqual([1, 1]);
});

test.each([
  ['smtps://user:secret@mail.invalid', 465],
  ['smtp://mail.invalid', 587],
  ['smtp://mail.invalid:2525', 2525],
])('%s is reached at port %i', async (url, port) => {
  const connect = vi.spyOn(net, 'connect');
  const mailer = openMailer(url);
  opened.push(
    () => mailer.close(),
    () => vi.restoreAllMocks(),
  );
  await expect(mailer.sendMail(mail)).rejects.toThrow();
  expect(connect).toHaveBeenCalledWith({ host: 'mail.invalid', port });
});

test('a server that takes no connection in time is named', async () => {
  // Never connects, and never fails by itself.
  vi.spyOn(net, 'connect').mockImplementation(() => new net.Socket());
  const mailer = openMailer('smtp://mail.invalid:2525');
  opened.push(
    () => mailer.close(),
    () => vi.restoreAllMocks(),
  );
  await expect(mailer.sendMail(mail)).rejects.toThrow('mail.invalid:2525 took no connection within 1000 ms');
});
