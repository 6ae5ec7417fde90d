import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocketServer } from 'ws';
import type { StoredRequest } from '../database/types';
import { openExec } from '../kubernetes/openExec';
import { openSessionHarness } from '../testUtils/sessionHarness';
import { type } from '../testUtils/SessionHost';
import { eventually } from '../testUtils/sockets';
import type { LiveSession } from './LiveSession';
import { SessionRegistry } from './SessionRegistry';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

jest.setTimeout(180_000);

/** As nothing at all may stay, many more would not show more. */
const SESSIONS = 200;
const AT_ONCE = 20;

/** Collects garbage now. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('sessions that come and go', () => {
  let harness: Harness;
  let cluster: WebSocketServer;
  let request: StoredRequest;
  /** Every session there ever was, without keeping it. */
  const sessions: Array<WeakRef<LiveSession>> = [];
  const add = SessionRegistry.prototype.add;

  beforeEach(async () => {
    SessionRegistry.prototype.add = function addAndRemember(live) {
      sessions.push(new WeakRef(live));
      add.call(this, live);
    };
    harness = await openSessionHarness({
      maxPerUser: 10_000,
      maxPerRequest: 10_000,
    });
    request = await harness.activeRequest();
    cluster = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      handleProtocols: () => 'v5.channel.k8s.io',
    });
    // A shell that says what it is told.
    cluster.on('connection', socket => {
      socket.on('error', () => {});
      socket.on('message', data => {
        const frame = data as Buffer;
        if (frame[0] === CHANNEL.stdin) {
          socket.send(
            Buffer.concat([Buffer.of(CHANNEL.stdout), frame.subarray(1)]),
          );
        }
      });
    });
    await new Promise(resolve => cluster.once('listening', resolve));
    const { port } = cluster.address() as AddressInfo;
    harness.connection.openExec = async exec =>
      openExec(
        {
          server: `http://127.0.0.1:${port}`,
          tls: {},
          authorize: async () => ({}),
        },
        exec,
      );
  });

  afterEach(async () => {
    SessionRegistry.prototype.add = add;
    cluster.clients.forEach(socket => socket.terminate());
    await new Promise(resolve => cluster.close(resolve));
    await harness.close();
  });

  async function comeAndGo(
    index: number,
    whileOpen: () => void = () => {},
  ): Promise<void> {
    const browser = await harness.connect(await harness.ticketFor(request));
    const { seen, socket } = browser;
    await eventually(() => seen.message('ready') !== undefined);
    socket.send('{"type":"identity","token":"token of user:default/ada"}');
    type(browser, 'hello');
    await eventually(() => seen.channel(CHANNEL.stdout).length === 5);
    whileOpen();
    // The browser leaves, is lost, or is thrown out.
    [
      () => socket.close(1000),
      () => socket.terminate(),
      () => socket.send('nonsense'),
    ][index % 3]();
    await eventually(() => socket.readyState === socket.CLOSED);
  }

  async function comeAndGoMany(count: number): Promise<void> {
    for (let done = 0; done < count; done += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => comeAndGo(index)),
      );
    }
    await eventually(() => harness.sessions.live.count() === 0);
  }

  const inMemory = () =>
    sessions.filter(session => session.deref() !== undefined).length;

  const openRows = async () =>
    (await harness.stores.sessions.listByRequest(request.id)).filter(
      ({ state }) => state !== 'closed',
    ).length;

  it('leave no socket, no timer, no row and nothing in memory behind', async () => {
    const handles = () =>
      process.getActiveResourcesInfo().filter(kind => /TCP|TLS/.test(kind))
        .length;
    const before = handles();
    await comeAndGo(0, () => {
      collect();
      // Otherwise finding none in the end would mean nothing.
      expect(inMemory()).toBe(1);
    });
    await comeAndGoMany(SESSIONS);
    while ((await openRows()) > 0) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await eventually(() => cluster.clients.size === 0);
    while ((await harness.host.connections()) > 0) {
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    await eventually(() => handles() <= before);
    await harness.clock.advance(40_000);
    expect(harness.clock.pending).toBe(0);
    expect(harness.sessions.live.requestIds()).toEqual([]);
    expect(sessions).toHaveLength(SESSIONS + 1);
    await eventually(() => {
      collect();
      return inMemory() === 0;
    });
    expect(harness.logger.error.mock.calls).toEqual([]);
    expect(harness.logger.warn.mock.calls).toEqual([]);
  });
});
