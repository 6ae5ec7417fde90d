import type { WebSocket } from 'ws';
import { FakeApiServer, rawAnswer, statusOf } from '../testUtils/FakeApiServer';
import { isForbidden, isNotFound, KubeConnectionError } from './errors';
import type { Endpoint } from './kubeConfig';
import { openExec } from './openExec';
import type { ExecRequest } from './types';

const EXEC = '/api/v1/namespaces/payments/pods/api-7d9f/exec';

const REQUEST: ExecRequest = {
  namespace: 'payments',
  pod: 'api-7d9f',
  container: 'app',
  command: ['sh', '-c', 'echo "$0" & exit', '--', 'ü'],
  tty: true,
  stdin: true,
  token: 'minted-token',
  userAgent: 'kubernetes-access/1.0 (user=user:default/ada)',
  auditId: '5e9c1a52-7f0d-4a3e-9d26-1f2b8b6b6a11',
  timeoutMs: 5_000,
};

describe('openExec', () => {
  let server: FakeApiServer;
  const opened: WebSocket[] = [];

  beforeEach(async () => {
    server = await FakeApiServer.start();
  });

  afterEach(async () => {
    opened.splice(0).forEach(socket => socket.terminate());
    await server.stop();
  });

  function endpoint(changes: Partial<Endpoint> = {}): Endpoint {
    return {
      server: server.url,
      tls: {},
      authorize: async () => ({ authorization: 'Bearer of the back end' }),
      ...changes,
    };
  }

  async function open(changes: Partial<ExecRequest> = {}): Promise<WebSocket> {
    const socket = await openExec(endpoint(), { ...REQUEST, ...changes });
    opened.push(socket);
    return socket;
  }

  it('asks for what is to run, in the name of whom it is for', async () => {
    server.onExec(EXEC, () => {});

    const socket = await open();

    const [{ query, headers }] = server.requests;
    expect(query.getAll('command')).toEqual(REQUEST.command);
    expect(Object.fromEntries(query)).toMatchObject({
      container: 'app',
      stdin: 'true',
      stdout: 'true',
      stderr: 'false',
      tty: 'true',
    });
    expect(headers).toMatchObject({
      authorization: 'Bearer minted-token',
      'user-agent': REQUEST.userAgent,
      'audit-id': REQUEST.auditId,
      'sec-websocket-protocol': 'v5.channel.k8s.io,v4.channel.k8s.io',
    });
    expect(headers['sec-websocket-extensions']).toBeUndefined();
    expect(socket.protocol).toBe('v5.channel.k8s.io');
  });

  it('wants errors apart from output when there is no terminal', async () => {
    server.onExec(EXEC, () => {});

    await open({ tty: false, stdin: false });

    expect(Object.fromEntries(server.requests[0].query)).toMatchObject({
      stdin: 'false',
      stderr: 'true',
      tty: 'false',
    });
  });

  it('falls back on the protocol that an older API server speaks', async () => {
    await server.stop();
    server = await FakeApiServer.start({ protocols: ['v4.channel.k8s.io'] });
    server.onExec(EXEC, () => {});

    expect((await open()).protocol).toBe('v4.channel.k8s.io');
  });

  it('refuses a server that speaks none of the protocols', async () => {
    await server.stop();
    server = await FakeApiServer.start({ protocols: [] });
    server.onExec(EXEC, () => {});

    await expect(open()).rejects.toThrow(KubeConnectionError);
  });

  it('loses nothing that arrives before somebody listens', async () => {
    server.onExec(EXEC, socket => {
      socket.send(Buffer.from([1, 36]));
      socket.send(Buffer.from([1, 32]));
    });
    const socket = await open();
    // Long enough for both frames to be there.
    await new Promise(resolve => setTimeout(resolve, 50));

    const frames: Buffer[] = [];
    const both = new Promise<void>(resolve => {
      socket.on('message', (data: Buffer) => {
        frames.push(data);
        if (frames.length === 2) {
          resolve();
        }
      });
    });
    socket.resume();
    await both;

    expect(Buffer.concat(frames)).toEqual(Buffer.from([1, 36, 1, 32]));
  });

  it('throws what the API server says when it refuses', async () => {
    const message = 'pods "api-7d9f" is forbidden';
    server.onUpgrade(
      EXEC,
      rawAnswer(403, statusOf({ code: 403, reason: 'Forbidden', message })),
    );

    const opening = open();

    await expect(opening).rejects.toMatchObject({
      status: 403,
      reason: 'Forbidden',
      message: `exec in payments/api-7d9f/app: ${message}`,
    });
    expect(await opening.catch(isForbidden)).toBe(true);
  });

  it('throws the status when nothing is said', async () => {
    expect(await open().catch(isNotFound)).toBe(true);
  });

  it('reads no more of a refusal than one can be long', async () => {
    server.onUpgrade(EXEC, rawAnswer(500, 'x'.repeat(5_000_000)));

    await expect(open()).rejects.toMatchObject({ status: 500 });
  });

  it('follows no redirect: the token is for this server only', async () => {
    server.onUpgrade(
      EXEC,
      `HTTP/1.1 302 Found\r\nlocation: ${server.url}/elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );

    await expect(open()).rejects.toMatchObject({ status: 302 });

    expect(server.requests.map(({ path }) => path)).toEqual([EXEC]);
  });

  it.each([
    ['what answers does not speak HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['the connection is cut', 'HTTP/1.1 101 Switch'],
  ])('throws a connection error when %s', async (_, answer) => {
    server.onUpgrade(EXEC, answer);

    await expect(open()).rejects.toThrow(KubeConnectionError);
  });

  it('throws a connection error when nobody listens', async () => {
    const nobody = endpoint({ server: 'http://127.0.0.1:1' });

    await expect(openExec(nobody, REQUEST)).rejects.toThrow(
      KubeConnectionError,
    );
  });

  it('gives up when it is not answered in time', async () => {
    server.onUpgrade(EXEC, undefined);

    await expect(open({ timeoutMs: 50 })).rejects.toThrow(
      'Opening handshake has timed out',
    );
  });

  it('gives up when a refusal does not end', async () => {
    server.onUpgrade(EXEC, [
      'HTTP/1.1 403 Forbidden',
      'content-length: 100',
      '',
      'half',
    ]);

    await expect(open({ timeoutMs: 50 })).rejects.toThrow(KubeConnectionError);
  });

  it('never lets an error of an open stream go unheard', async () => {
    server.onExec(EXEC, socket => {
      // A frame of 2 MiB is more than any API server sends.
      socket.send(Buffer.alloc(2 * 1024 * 1024));
    });
    const socket = await open();
    const closed = new Promise<number>(resolve => {
      socket.once('close', resolve);
    });

    socket.resume();

    expect(await closed).toBe(1006);
  });

  it.each([
    ['a pod that is none', { pod: '../../secrets' }],
    ['a header that cannot be sent', { userAgent: 'a\r\nx: y' }],
  ])('refuses %s before anything is sent', async (_, changes) => {
    await expect(open(changes)).rejects.toThrow();

    expect(server.requests).toEqual([]);
  });
});
