import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { OpenSession } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  CHANNEL,
  CLOSE_CODES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RefusalTrail } from '../audit';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { RequestEndings, StreamCutter } from '../endings';
import { ClusterGrantController } from '../grants';
import type { ClusterConnection, ConfiguredClusters } from '../kubernetes';
import { createRequestId } from '../requests/requestId';
import type { Sessions } from '../sessions';
import { createSessions } from '../sessions';
import { ManualContact } from '../testUtils/ManualContact';
import { TestAuthority } from '../testUtils/TestAuthority';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { aNewRequest } from '../testUtils/requests';
import type { FakeBrowser } from '../testUtils/SessionHost';
import {
  actAsTerminal,
  BASE_PATH,
  ORIGIN,
  resize,
  screenOf,
  SessionHost,
  type,
} from '../testUtils/SessionHost';

const NAMESPACE = 'platform';
const SLEEPS = { command: ['sleep', '86400'] };

/** For clusters without an image that has no shell: one that nobody finds. */
const HIDDEN_SHELL = {
  command: ['/bin/sleep', '86400'],
  env: [{ name: 'PATH', value: '/nowhere' }],
};

const clock = new SystemClock();
jest.setTimeout(60_000);

describe('sessions in a real cluster, with the rights of the chart', () => {
  const app = `sessions-${randomUUID().slice(0, 8)}`;
  const logger = mockServices.logger.mock();
  const made: StoredRequest[] = [];
  let cluster: RealCluster;
  let clusters: ConfiguredClusters;
  let connection: ClusterConnection;
  let stores: TestStores;
  let controller: ClusterGrantController;
  let cutter: StreamCutter;
  let sessions: Sessions;
  let host: SessionHost;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    const { shell, distroless } = cluster.cluster.info.images;
    await cluster.apply(aPod(`${app}-shell`, app, shell, SLEEPS));
    await cluster.apply(
      distroless
        ? aPod(`${app}-bare`, app, distroless, {})
        : aPod(`${app}-bare`, app, shell, HIDDEN_SHELL),
    );
    clusters = cluster.clusters();
    stores = await openTestStores({ clock, installationId: randomUUID() });
    controller = new ClusterGrantController({
      clusters,
      store: stores.requests,
      changes: stores.requests,
      replica: randomUUID(),
      audit: stores.audit,
      installationId: stores.installationId,
      clock,
      logger,
    });
    sessions = createSessions({
      ...stores,
      refusals: new RefusalTrail({ audit: stores.audit, clock }),
      clusters,
      grants: controller,
      contact: new ManualContact(clock),
      authority: new TestAuthority(),
      options: {
        sessions: {
          maxPerUser: 10,
          maxPerRequest: 10,
          idleSeconds: 600,
          allowedOrigins: [ORIGIN],
        },
        recording: { enabled: true, maxBytesPerSession: 64 * 1024 * 1024 },
      },
      clock,
      logger,
      replica: randomUUID(),
      version: '1.2.3',
      basePath: BASE_PATH,
    });
    cutter = new StreamCutter({
      changes: stores.requests,
      store: stores.requests,
      sessions: sessions.live,
      tokens: controller,
      clock,
      logger,
    });
    cutter.start();
    controller.start();
    await sessions.start();
    host = await SessionHost.start(sessions.router);
    connection = await cluster.ready(clusters);
    await cluster.kubectl([
      'wait',
      'pod',
      `--namespace=${NAMESPACE}`,
      `--selector=app=${app}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
  });

  afterAll(async () => {
    await cluster?.kubectl([
      'delete',
      'pods',
      `--namespace=${NAMESPACE}`,
      `--selector=app=${app}`,
      '--wait=false',
    ]);
    try {
      await Promise.all(made.map(takeBack));
    } finally {
      await sessions?.stop();
      await host?.close();
      await cutter?.stop();
      await controller?.stop();
      await clusters?.stop();
      await stores?.close();
      await cluster?.close();
    }
  });

  async function takeBack({ id, requester }: StoredRequest): Promise<void> {
    await new RequestEndings({ store: stores.requests })
      .end(id, { reason: 'cancelled', actor: requester })
      .catch(() => 'has ended already');
    await eventually(async () => {
      const { observed } = (await stores.requests.get(id)) as StoredRequest;
      if (observed.removal.state !== 'removed') {
        throw new Error(`The grant of ${id} is not gone yet`);
      }
    });
  }

  /** A request whose grant stands. */
  async function granted(): Promise<StoredRequest> {
    const request = await stores.requests.create(
      aNewRequest({
        id: createRequestId(Date.now(), randomBytes(10)),
        terms: {
          requester: `user:default/ada-${made.length}`,
          clusterUid: connection.uid,
          targets: [{ namespace: NAMESPACE, podSelector: `app=${app}` }],
        },
      }),
    );
    made.push(request);
    await stores.requests.change(request.id, ({ digest }) => ({
      entries: [
        {
          kind: 'decided',
          actor: 'user:default/olga',
          verdict: 'approve',
          digest,
        },
      ],
    }));
    return eventually(async () => {
      const now = (await stores.requests.get(request.id)) as StoredRequest;
      expect(now.observed.grantedAt).toBeDefined();
      return now;
    });
  }

  async function openTerminal(
    request: StoredRequest,
    place: Partial<OpenSession> = {},
  ): Promise<FakeBrowser & { id: string }> {
    const ticket = await sessions.opener.open({
      caller: {
        userRef: request.requester,
        ownershipRefs: [request.requester],
        credentials: mockCredentials.user(request.requester),
      },
      request,
      session: {
        namespace: NAMESPACE,
        pod: `${app}-shell`,
        container: 'app',
        columns: 80,
        rows: 24,
        ...place,
      },
    });
    const browser = await host.connect(ticket);
    actAsTerminal(browser);
    return { ...browser, id: ticket.sessionId };
  }

  /** A terminal whose shell has asked for input; shells throw away what is typed before. */
  async function openShell(
    request: StoredRequest,
  ): Promise<FakeBrowser & { id: string }> {
    const browser = await openTerminal(request);
    await shows(browser, /[#$] /);
    return browser;
  }

  async function shows(browser: FakeBrowser, text: RegExp): Promise<void> {
    await eventually(() => expect(screenOf(browser)).toMatch(text));
  }

  it('runs a shell that computes, knows its size and follows the window', async () => {
    const browser = await openShell(await granted());
    type(browser, 'echo $((6*7)); stty size; echo "TERM is $TERM"\r');
    await shows(browser, /\r\n42\r\n/);
    await shows(browser, /\r\n24 80\r\n/);
    await shows(browser, /\r\nTERM is xterm-256color\r\n/);
    resize(browser, 132, 43);
    // The kubelet handles sizes beside what is typed, so that the next line may still run in the old one.
    type(browser, 'until stty size | grep "43 132"; do sleep 0.1; done\r');
    await shows(browser, /\r\n43 132\r\n/);
    type(browser, 'exit 3\r');
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(browser.seen.message('exit')).toEqual({ type: 'exit', code: 3 });
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.normal);
  });

  it('marks what the shell starts, so that it can be told from the container’s own', async () => {
    const request = await granted();
    const browser = await openShell(request);
    const session = (await stores.sessions.listByRequest(request.id)).find(
      ({ id }) => id === browser.id,
    );
    type(
      browser,
      'setsid sh -c \'echo "[$KUBERNETES_ACCESS_SESSION]"; cat /proc/self/limits\'\r',
    );
    await shows(browser, new RegExp(`\\[${browser.id}\\]`));
    await shows(
      browser,
      new RegExp(`Max file locks +${session!.mark} +${session!.mark}`),
    );
    type(
      browser,
      'clear; cat /proc/1/limits; ulimit -x unlimited; echo done\r',
    );
    await shows(browser, /Max file locks +unlimited/);
    await shows(browser, /\r\ndone\r\n/);
    expect(screenOf(browser)).toMatch(/not permitted/);
  });

  it('carries 5 MB of output without losing a byte, recorded', async () => {
    const request = await granted();
    const browser = await openShell(request);
    const before = screenOf(browser).length;
    type(
      browser,
      'stty -onlcr -echo; head -c 5242880 /dev/zero | tr "\\0" x; echo; echo END\r',
    );
    await eventually(() => expect(screenOf(browser)).toMatch(/END\n/), 30_000);
    const text = screenOf(browser).slice(before);
    const runs = text.split(/[^x]/).map(({ length }) => length);
    expect(Math.max(...runs)).toBe(5 * 1024 * 1024);
    browser.socket.close(1000);
    await eventually(async () => {
      const [row] = await stores.sessions.listByRequest(request.id);
      expect(row.state).toBe('closed');
      expect(row.bytesOut).toBe(browser.seen.channel(CHANNEL.stdout).length);
    });
    const segments = await stores.recordings.read(browser.id);
    const cast = segments
      .map(({ data }) => gunzipSync(data).toString('utf8'))
      .join('');
    const shown = cast
      .split('\n')
      .filter(line => line.startsWith('['))
      .map(line => JSON.parse(line))
      .filter(([, kind]) => kind === 'o')
      .map(([, , output]) => output)
      .join('');
    expect(shown).toBe(screenOf(browser));
    for (const { data, digest } of segments) {
      expect(createHash('sha256').update(data).digest('hex')).toBe(digest);
    }
  });

  it('takes a paste of 1 MB in one frame and loses nothing', async () => {
    const browser = await openShell(await granted());
    type(browser, 'stty raw -echo; echo READY; head -c 1000000 | md5sum\r');
    await shows(browser, /READY/);
    const paste = randomBytes(500_000).toString('hex');
    type(browser, paste);
    const digest = createHash('md5').update(paste).digest('hex');
    await eventually(() => expect(screenOf(browser)).toContain(digest), 30_000);
  });

  it('takes a paste of 10 MB in many frames, whole and in order', async () => {
    const browser = await openShell(await granted());
    const paste = Buffer.from(
      Array.from({ length: 1_250_000 }, (_, i) =>
        String(i).padStart(8, '0'),
      ).join(''),
    );
    type(
      browser,
      `stty raw -echo; echo READY; head -c ${paste.length} | sha256sum\r`,
    );
    await shows(browser, /READY/);
    for (let at = 0; at < paste.length; at += 100_000) {
      type(browser, paste.subarray(at, at + 100_000).toString());
    }
    const digest = createHash('sha256').update(paste).digest('hex');
    await eventually(() => expect(screenOf(browser)).toContain(digest), 50_000);
  });

  it('keeps characters whole that are split across frames, both ways', async () => {
    const browser = await openShell(await granted());
    const text = 'grüße-🙂-日本';
    type(browser, 'stty -echo\r');
    await shows(browser, /[#$] $/);
    for (const byte of Buffer.from(`echo "[${text}]"\r`)) {
      browser.socket.send(Buffer.of(CHANNEL.stdin, byte));
    }
    await eventually(() => expect(screenOf(browser)).toContain(`[${text}]`));
  });

  it('lets one flood without keeping another one’s keys from arriving', async () => {
    const request = await granted();
    const flooded = await openShell(request);
    const quiet = await openShell(request);
    type(
      flooded,
      'while true; do head -c 1000000 /dev/zero | tr "\\0" x; done\r',
    );
    await shows(flooded, /x{1000}/);
    for (let n = 1; n <= 5; n++) {
      const typedAt = performance.now();
      type(quiet, `echo $((${n}+100))\r`);
      await shows(quiet, new RegExp(`\r\n${n + 100}\r\n`));
      expect(performance.now() - typedAt).toBeLessThan(10_000);
    }
    flooded.socket.terminate();
  });

  it('goes on through a storm of window sizes, and ends up with the last', async () => {
    const browser = await openShell(await granted());
    for (let columns = 20; columns <= 500; columns++) {
      resize(browser, columns, 40);
    }
    type(browser, 'until stty size | grep "40 500"; do sleep 0.1; done\r');
    await shows(browser, /\r\n40 500\r\n/);
    expect(browser.seen.closed).toBeUndefined();
  });

  it('says that the pod was deleted, not that the shell ended', async () => {
    const name = `${app}-doomed`;
    const { shell } = cluster.cluster.info.images;
    await cluster.apply(aPod(name, app, shell, SLEEPS));
    await cluster.kubectl([
      'wait',
      'pod',
      name,
      `--namespace=${NAMESPACE}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
    const browser = await openTerminal(await granted(), { pod: name });
    await shows(browser, /[#$] /);
    await cluster.kubectl([
      'delete',
      'pod',
      name,
      `--namespace=${NAMESPACE}`,
      '--wait=false',
    ]);
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.podGone);
    expect(browser.seen.message('ending')?.message).toMatch(
      new RegExp(`The pod ${name} (was|is being) deleted`),
    );
    expect(browser.seen.message('exit')).toBeUndefined();
  });

  it('says that the container was restarted, when it was', async () => {
    const name = `${app}-mortal`;
    const { shell } = cluster.cluster.info.images;
    const mortal = {
      command: ['sh', '-c', 'until test -e /tmp/die; do sleep 0.2; done'],
    };
    await cluster.apply(aPod(name, app, shell, mortal));
    await cluster.kubectl([
      'wait',
      'pod',
      name,
      `--namespace=${NAMESPACE}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
    const browser = await openTerminal(await granted(), { pod: name });
    await shows(browser, /[#$] /);
    type(browser, 'touch /tmp/die\r');
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.podGone);
    expect(browser.seen.message('ending')?.message).toMatch(
      /The container app of .* (was restarted|has ended)/,
    );
  });

  it('is cut within moments when the request is revoked, while output is running', async () => {
    const request = await granted();
    const browser = await openShell(request);
    type(browser, 'while true; do echo running; done\r');
    await shows(browser, /running\r\nrunning/);
    const revokedAt = performance.now();
    await new RequestEndings({ store: stores.requests }).end(request.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    expect(sessions.live.requestIds()).not.toContain(request.id);
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(performance.now() - revokedAt).toBeLessThan(2_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.revoked);
    await expect(openTerminal(request)).rejects.toThrow();
  });

  it('says in plain words that a container has no shell', async () => {
    const browser = await openTerminal(await granted(), {
      pod: `${app}-bare`,
    });
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.noShell);
    expect(browser.seen.message('ending')?.message).toContain('no shell');
  });
});

function aPod(name: string, label: string, image: string, container: object) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: label } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [
        { name: 'app', image, imagePullPolicy: 'IfNotPresent', ...container },
      ],
    },
  };
}
