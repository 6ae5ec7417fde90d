import type { IncomingMessage, Server, ServerOptions } from 'node:http';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import express from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { SystemClock } from '../controller/SystemClock';
import { UpgradeRouter } from './UpgradeRouter';

const SESSION = '01jcm0000000000000000000aa';
const OUR_PATH = `/api/kubernetes-access/sessions/${SESSION}/ws`;
const SIGNALS_PATH = '/api/signals';

/** Behaves as the signals plugin does: waits for a plain request, takes the server from it, drops that request. */
function signals() {
  const accept = new WebSocketServer({ noServer: true });
  let server: Server | undefined;
  const onUpgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (req.url === SIGNALS_PATH) {
      accept.handleUpgrade(req, socket, head, ws => ws.send('signals'));
    }
  };
  const router = express.Router();
  router.use((req, _res, next) => {
    if (server || !req.headers.upgrade) {
      next();
      return;
    }
    server = (req.socket as unknown as { server: Server }).server;
    server.on('upgrade', onUpgrade);
    req.socket.destroy();
  });
  return { router, detach: () => server?.off('upgrade', onUpgrade) };
}

describe('UpgradeRouter', () => {
  const stops: Array<() => void> = [];

  afterEach(() => {
    stops.splice(0).forEach(stop => stop());
  });

  async function setUp(options: ServerOptions = {}) {
    const accept = new WebSocketServer({ noServer: true });
    const upgrades: string[] = [];
    const ours = new UpgradeRouter({
      basePath: '/api/kubernetes-access',
      clock: new SystemClock(),
      onUpgrade: (id, req, socket, head) => {
        upgrades.push(id);
        accept.handleUpgrade(req, socket, head, ws => {
          ws.send('ours');
          ws.on('message', data => ws.send(data));
        });
      },
    });
    const neighbour = signals();
    const app = express();
    app.get('/health', (_req, res) => res.send('ok'));
    app.use('/api/kubernetes-access', ours.router);
    app.use(SIGNALS_PATH, neighbour.router);
    const server = createServer(options, app);
    ours.start();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sockets: WebSocket[] = [];
    stops.push(() => {
      ours.stop();
      sockets.forEach(socket => socket.terminate());
      server.closeAllConnections();
      server.close();
    });

    /** The first message of a WebSocket, or why there is none. */
    const connect = (path: string) =>
      new Promise<string>(resolve => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
        sockets.push(socket);
        socket.on('message', data => resolve(String(data)));
        socket.on('unexpected-response', (_req, res) =>
          resolve(`status ${res.statusCode}`),
        );
        socket.on('error', () => resolve('dropped'));
      });
    const fetchStatus = (path: string) =>
      new Promise<number | undefined>((resolve, reject) =>
        get(`http://127.0.0.1:${port}${path}`, res => {
          res.resume();
          resolve(res.statusCode);
        }).on('error', reject),
      );
    return { ours, neighbour, server, connect, fetchStatus, upgrades, sockets };
  }

  it('answers through Express while nobody listens for upgrades', async () => {
    const { connect, server, upgrades } = await setUp();
    expect(await connect(OUR_PATH)).toBe('ours');
    expect(upgrades).toEqual([SESSION]);
    expect(server.listenerCount('upgrade')).toBe(0);
  });

  it('answers after a neighbour has begun to listen', async () => {
    const { connect } = await setUp();
    expect(await connect(SIGNALS_PATH)).toBe('dropped');
    expect(await connect(SIGNALS_PATH)).toBe('signals');
    expect(await connect(OUR_PATH)).toBe('ours');
    expect(await connect(SIGNALS_PATH)).toBe('signals');
  });

  it('leaves a neighbour its turn when ours was first', async () => {
    const { connect } = await setUp();
    expect(await connect(OUR_PATH)).toBe('ours');
    expect(await connect(SIGNALS_PATH)).toBe('dropped');
    expect(await connect(SIGNALS_PATH)).toBe('signals');
    expect(await connect(OUR_PATH)).toBe('ours');
  });

  it('follows a neighbour that was there before the first request', async () => {
    const { connect, server, fetchStatus } = await setUp();
    server.on('upgrade', (req, socket) => {
      if (req.url === '/foreign') {
        socket.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n');
      }
    });
    await fetchStatus('/health');
    expect(await connect(OUR_PATH)).toBe('ours');
    expect(await connect('/foreign')).toBe('status 418');
  });

  it('goes back to Express when the neighbour has gone', async () => {
    const { connect, server, neighbour } = await setUp();
    await connect(SIGNALS_PATH);
    expect(await connect(OUR_PATH)).toBe('ours');
    expect(server.listenerCount('upgrade')).toBe(2);
    neighbour.detach();
    expect(server.listenerCount('upgrade')).toBe(0);
    expect(await connect(OUR_PATH)).toBe('ours');
  });

  it('leaves nothing behind when it stops', async () => {
    const { connect, ours, server } = await setUp();
    const before = server.listenerCount('newListener');
    await connect(SIGNALS_PATH);
    expect(server.listenerCount('upgrade')).toBe(2);
    ours.stop();
    expect(server.listenerCount('upgrade')).toBe(1);
    expect(server.listenerCount('newListener')).toBe(before);
  });

  it.each([
    ['another plugin', '/api/other/sessions/01jcm0000000000000000000aa/ws'],
    ['a longer path', `${OUR_PATH}/more`],
    ['a prefix', `/x${OUR_PATH}`],
    ['a session that cannot be', '/api/kubernetes-access/sessions/x/ws'],
  ])('touches no upgrade of %s', async (_, path) => {
    const { connect, server, upgrades } = await setUp();
    server.on('upgrade', (_req, socket) =>
      setImmediate(() =>
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n'),
      ),
    );
    expect(await connect(path)).toBe('status 404');
    expect(upgrades).toEqual([]);
  });

  it('tells a plain request that it wants a WebSocket', async () => {
    const { fetchStatus } = await setUp();
    expect(await fetchStatus(OUR_PATH)).toBe(426);
  });

  it('keeps a connection that came through Express longer than a request may take', async () => {
    const { connect, sockets } = await setUp({
      requestTimeout: 200,
      headersTimeout: 100,
      connectionsCheckingInterval: 50,
    });
    expect(await connect(OUR_PATH)).toBe('ours');
    const [socket] = sockets;
    const echo = (text: string) =>
      new Promise<string>(resolve => {
        socket.once('message', data => resolve(String(data)));
        socket.once('close', code => resolve(`closed with ${code}`));
        socket.send(text);
      });
    expect(await echo('what the parser must not see')).toContain('parser');
    await new Promise(resolve => setTimeout(resolve, 600));
    expect(await echo('still here')).toBe('still here');
  });

  it('carries large frames through Express', async () => {
    const { connect, sockets } = await setUp();
    await connect(OUR_PATH);
    const paste = Buffer.alloc(700_000, 'p');
    const echoed = new Promise<Buffer>(resolve =>
      sockets[0].once('message', data => resolve(data as Buffer)),
    );
    sockets[0].send(paste);
    expect((await echoed).equals(paste)).toBe(true);
  });
});
