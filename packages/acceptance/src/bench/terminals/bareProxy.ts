import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import type { ApiServer, Place } from '../ApiServer';
import { openExec } from '../ApiServer';
import { terminalOver, untilOpen } from './channels';
import type { Way } from './Terminal';

/** What any proxy in Node costs: two WebSockets tied together, no check, no recording, no back-pressure. */
export async function startBareProxy(
  server: ApiServer,
  place: Place,
): Promise<Way> {
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
  return {
    name: 'bare proxy',
    open: async () => {
      const { port } = proxy.address() as AddressInfo;
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, {
        perMessageDeflate: false,
      });
      await untilOpen(socket);
      return terminalOver(socket);
    },
  };
}
