import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { openExec, type Place, readApiServer } from './ApiServer';

/**
 * What any proxy in Node costs, in a process of its own as every proxy is: two WebSockets tied together, no check, no
 * recording, no back-pressure. Its argument is a {@link Place} as JSON; it says on which port it listens.
 */
async function main(place: Place): Promise<void> {
  const server = await readApiServer();
  const proxy = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: false,
  });
  proxy.on('connection', browser => {
    const upstream = openExec(server, place);
    browser.pause();
    browser.on('error', () => {});
    upstream.on('error', () => browser.terminate());
    upstream.on('open', () => browser.resume());
    upstream.on('message', data => browser.send(data));
    browser.on('message', data => upstream.send(data));
    upstream.on('close', () => browser.close());
    browser.on('close', () => upstream.terminate());
  });
  await once(proxy, 'listening');
  process.send?.((proxy.address() as AddressInfo).port);
  process.once('disconnect', () => process.exit(0));
}

main(JSON.parse(process.argv[2])).catch(error => {
  console.error(error);
  process.exit(1);
});
