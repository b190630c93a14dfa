import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { openMailer } from './mailer.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

/** An SMTP server that takes every mail, or one that ends each connection without a word. */
async function smtpServer({ hangsUp = false } = {}) {
  const seen = { connections: 0, mails: 0 };
  const serve = (socket: Socket) => {
    seen.connections += 1;
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
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mailer = openMailer(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  opened.push(
    () => mailer.close(),
    () => server.close(),
  );
  return { seen, mailer };
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
