import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { eventually } from '../testUtils/eventually';
import { selfSigned } from '../testUtils/selfSigned';
import type { Endpoint } from './kubeConfig';
import { openExec } from './openExec';
import { OWN_IDENTITY } from './types';
import { WarmConnections } from './WarmConnections';

const identity = selfSigned();

describe('WarmConnections', () => {
  let server: Server;
  let endpoint: Endpoint;
  let warm: WarmConnections;
  const arrived: TLSSocket[] = [];
  const execs: Array<{ socket: unknown; authorization?: string }> = [];

  beforeEach(async () => {
    arrived.length = 0;
    execs.length = 0;
    server = createServer(identity);
    server.on('secureConnection', socket => {
      arrived.push(socket);
      socket.on('error', () => {});
    });
    const gateway = new WebSocketServer({
      noServer: true,
      handleProtocols: () => 'v5.channel.k8s.io',
    });
    server.on('upgrade', (request, socket, head) => {
      const { authorization } = request.headers;
      execs.push({ socket, authorization });
      gateway.handleUpgrade(request, socket, head, () => {});
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    endpoint = {
      server: `https://127.0.0.1:${port}`,
      tls: { ca: identity.cert },
      authorize: async () => ({ authorization: 'Bearer of the back end' }),
    };
    warm = new WarmConnections(endpoint);
  });

  afterEach(async () => {
    warm.close();
    arrived.forEach(socket => socket.destroy());
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  async function exec(token: string | typeof OWN_IDENTITY = 'minted') {
    const socket = await openExec(
      endpoint,
      {
        namespace: 'payments',
        pod: 'api-1',
        container: 'app',
        command: ['sh'],
        tty: true,
        stdin: true,
        token,
        userAgent: 'test',
        auditId: '5e9c1a52-7f0d-4a3e-9d26-1f2b8b6b6a11',
        timeoutMs: 5_000,
      },
      warm,
    );
    socket.terminate();
  }

  async function ready() {
    const before = arrived.length;
    warm.prepare();
    await eventually(() => expect(arrived.length).toBeGreaterThan(before));
    // The other side knows a moment before this one does.
    await eventually(() => expect(warm.waiting).toBe(1));
  }

  it('lets an exec go over a connection that stands already, and each only once', async () => {
    await ready();
    await exec();
    expect(arrived).toHaveLength(1);
    expect(execs).toEqual([
      { socket: arrived[0], authorization: 'Bearer minted' },
    ]);
    await exec();
    expect(arrived).toHaveLength(2);
  });

  it('is not what the back end itself goes over, which has a certificate to show', async () => {
    await ready();
    await exec(OWN_IDENTITY);
    expect(arrived).toHaveLength(2);
    expect(execs[0].socket).toBe(arrived[1]);
  });

  it('hands out nothing that the other side has closed', async () => {
    await ready();
    arrived[0].destroy();
    await eventually(() => expect(warm.waiting).toBe(0));
    expect(warm.take()).toBeUndefined();
    await exec();
    expect(execs[0].socket).toBe(arrived[1]);
  });

  it('hands out nothing that is not whom we trust', async () => {
    const others = new WarmConnections({
      ...endpoint,
      tls: { ca: selfSigned().cert },
    });
    const refused: Error[] = [];
    server.once('tlsClientError', error => refused.push(error));
    others.prepare();
    await eventually(() => expect(refused).toHaveLength(1));
    expect(others.take()).toBeUndefined();
  });

  it('opens no more than a few', async () => {
    for (let count = 0; count < 30; count++) {
      warm.prepare();
    }
    await eventually(() => expect(warm.waiting).toBe(8));
    expect(arrived).toHaveLength(8);
  });

  it('leaves nothing open when it is closed', async () => {
    await ready();
    warm.close();
    await eventually(() => expect(arrived[0].destroyed).toBe(true));
    expect(warm.take()).toBeUndefined();
  });
});
