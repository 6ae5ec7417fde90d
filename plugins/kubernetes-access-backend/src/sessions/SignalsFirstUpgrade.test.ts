import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import signalsPlugin from '@backstage/plugin-signals-backend';
import express from 'express';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { ManualClock } from '../testUtils/ManualClock';
import { eventually } from '../testUtils/eventually';
import { PATIENCE_MS } from './SignalsFirstUpgrade';
import { UpgradeRouter } from './UpgradeRouter';

const SIGNALS_PATH = '/api/signals';
const OUR_PATH =
  '/api/kubernetes-access/sessions/01jcm0000000000000000000aa/ws';

describe('the first WebSocket of the signals plugin', () => {
  const stops: Array<() => unknown> = [];

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) {
      await stop();
    }
  });

  function startRouter() {
    const clock = new ManualClock();
    const accept = new WebSocketServer({ noServer: true });
    const router = new UpgradeRouter({
      basePath: '/api/kubernetes-access',
      clock,
      onUpgrade: (_id, request, socket, head) =>
        accept.handleUpgrade(request, socket, head, ws => ws.send('ours')),
    });
    router.start();
    stops.push(() => router.stop());
    return clock;
  }

  function connect(server: Server, path: string) {
    const { port } = server.address() as AddressInfo;
    const socket = new WebSocket(`ws://localhost:${port}${path}`);
    stops.push(() => socket.terminate());
    const heard: string[] = [];
    socket.on('open', () => heard.push('open'));
    socket.on('message', data => heard.push(String(data)));
    socket.on('error', () => heard.push('failed'));
    return heard;
  }

  it('is closed where the plugin left it without an answer, and the next one works', async () => {
    const clock = startRouter();
    const backend = await startTestBackend({
      features: [
        signalsPlugin,
        mockServices.rootConfig.factory({ data: { app: { title: 'Test' } } }),
      ],
    });
    stops.push(() => backend.stop());

    const first = connect(backend.server, SIGNALS_PATH);
    await eventually(() => expect(clock.pending).toBe(1));
    expect(first).toEqual([]);
    await clock.advance(PATIENCE_MS);
    await eventually(() => expect(first).toEqual(['failed']));

    const second = connect(backend.server, SIGNALS_PATH);
    const terminal = connect(backend.server, OUR_PATH);
    await eventually(() => expect(second).toEqual(['open']));
    await eventually(() => expect(terminal).toEqual(['open', 'ours']));
    await clock.advance(PATIENCE_MS);
    expect(second).toEqual(['open']);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['answers the first one too', true, ['open']],
    ['takes its time before it listens', false, []],
  ])('is left alone where the plugin %s', async (_, answers, expected) => {
    const clock = startRouter();
    const accept = new WebSocketServer({ noServer: true });
    const app = express();
    const server = createServer(app);
    app.use(SIGNALS_PATH, request => {
      if (answers) {
        server.on('upgrade', () => {});
        accept.handleUpgrade(
          request,
          request.socket,
          Buffer.alloc(0),
          () => {},
        );
      }
    });
    await listen(server);
    const first = connect(server, SIGNALS_PATH);
    await eventually(() => expect(clock.pending).toBe(1));
    await eventually(() => expect(first).toEqual(expected));
    await clock.advance(PATIENCE_MS);
    await untilHeard(server);
    expect(first).toEqual(expected);
  });

  it.each(['/api/other', '/api/signals/more', '/api/kubernetes/proxy'])(
    'is the only one that is ever closed: %s is not',
    async path => {
      const clock = startRouter();
      const app = express();
      const server = createServer(app);
      let reached = 0;
      app.use(path, request => {
        reached += 1;
        server.on('upgrade', () => {});
        stops.push(() => request.socket.destroy());
      });
      await listen(server);
      const first = connect(server, path);
      await eventually(() => expect(reached).toBe(1));
      expect(clock.pending).toBe(0);
      await clock.advance(PATIENCE_MS);
      await untilHeard(server);
      expect(first).toEqual([]);
    },
  );

  async function listen(server: Server) {
    await new Promise<void>(resolve => {
      server.listen(0, 'localhost', resolve);
    });
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
  }

  /** When another request has gone there and back, the end of an earlier connection would have been heard of. */
  async function untilHeard(server: Server) {
    const { port } = server.address() as AddressInfo;
    await fetch(`http://localhost:${port}/`);
  }
});
