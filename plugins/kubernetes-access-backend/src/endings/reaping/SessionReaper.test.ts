import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SystemClock } from '../../controller';
import type { ReapTask } from '../../database/types';
import type { ExecRequest, Pod } from '../../kubernetes';
import {
  KubeApiError,
  KubeConnectionError,
  OWN_IDENTITY,
  podsPath,
} from '../../kubernetes';
import { FakeKubeClient } from '../../testUtils/FakeKubeClient';
import { aClosedSession } from '../../testUtils/reaping';
import type { SocketPair } from '../../testUtils/sockets';
import { openSocketPair } from '../../testUtils/sockets';
import { SessionReaper } from './SessionReaper';

type Behaviour = (exec: {
  request: ExecRequest;
  nonce: string;
  print(text: string | Buffer): void;
  end(code?: number): void;
  /** The container has no such command. */
  refuse(): void;
  cut(): void;
}) => void;

const session = aClosedSession({ createdAt: '2026-01-15T12:00:00.000Z' });

describe('SessionReaper', () => {
  let client: FakeKubeClient;
  let execs: ExecRequest[];
  let behaviours: Behaviour[];
  let pairs: SocketPair[];
  let failure: Error | undefined;
  let ready: boolean;
  let reaper: SessionReaper;

  beforeEach(() => {
    client = new FakeKubeClient();
    client.put(podsPath('payments'), aPod());
    execs = [];
    behaviours = [];
    pairs = [];
    failure = undefined;
    ready = true;
    reaper = new SessionReaper({
      clusters: {
        byUid: () =>
          ready
            ? {
                name: 'demo',
                title: 'Demo',
                uid: session.clusterUid,
                client,
                grantNamespace: 'grants',
                openExec,
              }
            : undefined,
      },
      clock: new SystemClock(),
      version: '1.2.3',
      patienceMs: 500,
    });
  });
  afterEach(() => Promise.all(pairs.map(pair => pair.close())));

  function aPod(changes: Partial<NonNullable<Pod['spec']>> = {}): Pod {
    return {
      metadata: { name: 'api-1', namespace: 'payments', uid: session.podUid },
      spec: changes,
      status: {
        containerStatuses: [
          {
            name: 'app',
            ready: true,
            restartCount: 0,
            containerID: session.containerId,
            state: { running: {} },
          },
        ],
      },
    };
  }

  async function openExec(request: ExecRequest) {
    execs.push(request);
    if (failure) {
      throw failure;
    }
    const pair = await openSocketPair();
    pairs.push(pair);
    pair.client.pause();
    const frame = (channel: number, payload: string | Buffer) =>
      pair.server.send(
        Buffer.concat([Buffer.of(channel), Buffer.from(payload as string)]),
      );
    const behave = behaviours.shift() ?? (({ cut }) => cut());
    pair.server.once('message', () =>
      behave({
        request,
        nonce: request.command.at(-1)!,
        print: text => frame(CHANNEL.stdout, text),
        end: (code = 0) => {
          frame(CHANNEL.error, statusOf(code));
          pair.server.close();
        },
        refuse: () => {
          frame(
            CHANNEL.error,
            JSON.stringify({
              status: 'Failure',
              reason: 'InternalError',
              message: 'exec: "sh": executable file not found in $PATH',
            }),
          );
          pair.server.close();
        },
        cut: () => pair.server.terminate(),
      }),
    );
    return pair.client;
  }

  const done =
    (words: string): Behaviour =>
    ({ nonce, print, end }) => {
      print(`kubernetes-access-reaper ${nonce} done ${words}\n`);
      end();
    };

  const reap = (changes: Partial<ReapTask['session']> = {}) =>
    reaper.reap({
      session: { ...session, ...changes },
      attempts: 0,
      found: 0,
      createdAt: '2026-01-15T12:05:00.000Z',
      claimedAt: '2026-01-15T12:05:00.000Z',
    });

  it('looks with the identity of the back end, on record in the cluster’s audit log', async () => {
    behaviours = [done('3 0 0 - 2')];
    const { outcome, auditIds } = await reap();
    expect(outcome).toEqual({ state: 'none-left', found: 3, left: 0 });
    expect(execs).toMatchObject([
      {
        namespace: 'payments',
        pod: 'api-1',
        container: 'app',
        tty: false,
        stdin: true,
        token: OWN_IDENTITY,
        auditId: auditIds[0],
        userAgent: expect.stringContaining(`session=${session.id}`),
      },
    ]);
    expect(execs[0].command.slice(0, 5)).toEqual([
      'sh',
      '-s',
      '--',
      `${session.mark}`,
      session.id,
    ]);
  });

  it('touches nothing that is older than the session, with a minute to spare', async () => {
    behaviours = [done('0 0 0 - 1')];
    await reap();
    const age = Number(execs[0].command[5]) / 100;
    expect(age).toBeGreaterThan(360);
    expect(age).toBeLessThan(370);
  });

  it('looks for nothing but its mark where the pod sees the processes of its node', async () => {
    behaviours = [done('0 0 0 - 1'), done('0 0 0 - 1')];
    await reap();
    client.put(podsPath('payments'), aPod({ hostPID: true }));
    await reap();
    expect(execs.map(({ command }) => command[6])).toEqual(['all', 'marked']);
  });

  it('looks again at once when something is left', async () => {
    behaviours = [done('9 2 0 - 50'), done('2 0 0 - 2')];
    const { outcome, auditIds } = await reap();
    expect(outcome).toEqual({ state: 'none-left', found: 11, left: 0 });
    expect(auditIds).toHaveLength(2);
  });

  it('says what is left when it stays', async () => {
    behaviours = Array.from({ length: 3 }, () => done('1 1 0 - 50'));
    const { outcome, next } = await reap();
    expect(outcome).toMatchObject({ state: 'left', left: 1 });
    expect(next).toBe('again');
  });

  it('tries other shells where there is no sh', async () => {
    behaviours = [({ refuse }) => refuse(), done('1 0 0 - 2')];
    const { outcome } = await reap();
    expect(outcome.state).toBe('none-left');
    expect(execs.map(({ command }) => command[0])).toEqual(['sh', 'bash']);
  });

  it('knows nothing where there is none any more', async () => {
    behaviours = Array.from(
      { length: 3 },
      (): Behaviour =>
        ({ refuse }) =>
          refuse(),
    );
    expect((await reap()).outcome).toMatchObject({
      state: 'unknown',
      detail: 'no-shell',
    });
  });

  it.each<[string, Behaviour]>([
    ['ends without a word', ({ end }) => end()],
    ['is killed', ({ end }) => end(137)],
    ['breaks off', ({ cut }) => cut()],
    ['never ends', () => {}],
    [
      'says the right thing and never ends',
      ({ nonce, print }) =>
        print(`kubernetes-access-reaper ${nonce} done 0 0 0 - 1\n`),
    ],
    [
      'never stops talking',
      ({ print }) => {
        for (let count = 0; count < 100; count++) {
          print(Buffer.alloc(1024));
        }
      },
    ],
  ])('knows nothing, and tries again, where the answer %s', async (_, how) => {
    behaviours = [how];
    expect(await reap()).toMatchObject({
      outcome: { state: 'unknown', detail: 'no-answer' },
      next: 'again',
    });
    expect(pairs.every(({ client: { readyState } }) => readyState >= 2)).toBe(
      true,
    );
  });

  it('asks nothing of a container that is another one by now', async () => {
    expect((await reap({ containerId: 'containerd://0' })).outcome).toEqual({
      state: 'none-left',
      found: 0,
      left: 0,
      detail: 'container-ended',
    });
    expect(execs).toEqual([]);
  });

  it.each([
    [
      'a pod that is gone',
      new KubeApiError({ status: 404, message: 'not found' }),
      { outcome: { state: 'none-left', detail: 'container-ended' } },
    ],
    [
      'a refusal',
      new KubeApiError({ status: 403, message: 'forbidden' }),
      { outcome: { state: 'unknown', detail: 'refused' }, next: 'again' },
    ],
    [
      'a node that is away',
      new KubeApiError({ status: 502, message: 'error dialing backend' }),
      {
        outcome: { state: 'unknown', detail: 'unreachable' },
        next: 'when-reachable',
      },
    ],
    [
      'no connection',
      new KubeConnectionError('connection refused'),
      {
        outcome: { state: 'unknown', detail: 'unreachable' },
        next: 'when-reachable',
      },
    ],
  ])('says what came of %s', async (_, error, expected) => {
    failure = error;
    expect(await reap()).toMatchObject(expected);
  });

  it('waits for a cluster that is not there', async () => {
    ready = false;
    expect(await reap()).toMatchObject({
      outcome: { state: 'unknown', detail: 'unreachable' },
      next: 'when-reachable',
    });
  });
});

function statusOf(code: number): string {
  return JSON.stringify(
    code === 0
      ? { status: 'Success' }
      : {
          status: 'Failure',
          reason: 'NonZeroExitCode',
          message: `command terminated with exit code ${code}`,
          details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
        },
  );
}
