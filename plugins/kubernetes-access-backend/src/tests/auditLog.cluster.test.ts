import { readFile } from 'node:fs/promises';
import type { AuditRecord } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { TestBackend } from '../testUtils/TestBackend';

jest.setTimeout(240_000);

/** What we need of an event of the API server's audit log. */
interface ClusterAuditEvent {
  auditID: string;
  stage: string;
  verb: string;
  userAgent: string;
  user: { username: string; extra?: Record<string, string[]> };
  objectRef?: { resource: string; subresource?: string; name?: string };
  responseStatus?: { code: number };
  annotations?: Record<string, string>;
}

const CREDENTIAL = 'authentication.kubernetes.io/credential-id';
const ISSUED = 'authentication.kubernetes.io/issued-credential-id';

describe("the API server's own audit log", () => {
  let cluster: RealCluster;
  let backend: TestBackend;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    backend = await TestBackend.start({
      kubernetesAccess: {
        clusters: [
          {
            name: 'test',
            title: 'Test cluster',
            kubeconfig: { file: cluster.kubeconfig },
          },
        ],
        defaults: { minDuration: '1s' },
        auditors: ['group:default/audit'],
      },
    });
  });

  afterAll(async () => {
    await backend?.stop();
    await cluster?.close();
  });

  async function clusterEvents(
    matches: (event: ClusterAuditEvent) => boolean,
  ): Promise<ClusterAuditEvent[]> {
    const file = cluster.cluster.info.auditLog;
    if (!file) {
      throw new Error(
        'The API server of this cluster writes no audit log: start it with `dev-cluster.js up --audit-log`',
      );
    }
    const text = await readFile(file, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n'))
      .split('\n')
      .map((line): ClusterAuditEvent => JSON.parse(line))
      .filter(matches);
  }

  async function ourEvents(chain: string): Promise<AuditRecord[]> {
    const { text } = await backend.get('kim', `/audit/events?chain=${chain}`);
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line));
  }

  async function active() {
    await eventually(async () => {
      const { body } = await backend.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets?.[0]?.problem).toBeUndefined();
      expect(body.targets[0].pods).not.toEqual([]);
    });
    const asked = await backend.ask('ada');
    await backend.approve('olga', asked);
    await eventually(async () =>
      expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
    );
    return asked.id;
  }

  it('names the person, the request and the session of each terminal, and joins ours', async () => {
    const request = await active();
    const { body } = await backend.get('ada', `/requests/${request}/pods`);
    const [{ namespace, name: pod }] = body.items;
    const ticket = await backend.ticket('ada', request, {
      namespace,
      pod,
      container: 'app',
    });
    const terminal = backend.connect(ticket);
    await eventually(() =>
      expect(terminal.messages).toEqual([
        expect.objectContaining({ type: 'ready' }),
      ]),
    );
    terminal.type('echo $((6*7))\n');
    await terminal.expectOutput(/^42\r?$/m);
    await backend.post('olga', `/requests/${request}/revoke`);
    await terminal.closed;
    await eventually(async () =>
      expect((await backend.see('ada', request)).removal).toMatchObject({
        state: 'removed',
      }),
    );

    const opened = (await ourEvents(request)).find(
      ({ eventId }) => eventId === 'session-open',
    )!;
    expect(opened.meta).toMatchObject({ session: ticket.sessionId });
    const { auditId, tokenId } = opened.meta;

    const execs = await clusterEvents(
      ({ userAgent, user, objectRef }) =>
        objectRef?.subresource === 'exec' &&
        userAgent.includes(ticket.sessionId) &&
        user.username.includes(':kubernetes-access-grants:'),
    );
    expect(execs.length).toBeGreaterThan(0);
    for (const exec of execs) {
      expect(exec).toMatchObject({
        auditID: auditId,
        user: {
          username: expect.stringMatching(
            `^system:serviceaccount:kubernetes-access-grants:.*ada.*${request}`,
          ),
          extra: { [CREDENTIAL]: [tokenId] },
        },
        objectRef: { resource: 'pods', name: pod },
      });
      expect(exec.userAgent).toMatch(
        `(user=user:default/ada; request=${request}; session=${ticket.sessionId})`,
      );
    }

    const minted = await clusterEvents(
      ({ annotations }) => annotations?.[ISSUED] === tokenId,
    );
    expect(minted).toEqual([
      expect.objectContaining({
        verb: 'create',
        user: expect.objectContaining({
          username: expect.stringContaining(':kubernetes-access:'),
        }),
        objectRef: expect.objectContaining({
          resource: 'serviceaccounts',
          subresource: 'token',
          name: execs[0].user.username.split(':').at(-1),
        }),
      }),
    ]);

    const reaped = await eventually(async () => {
      const event = (await ourEvents(request)).find(
        ({ eventId }) => eventId === 'session-reap',
      );
      expect(event).toBeDefined();
      return event!;
    });
    const reaps = await clusterEvents(({ auditID }) =>
      (reaped.meta.auditIds as string[]).includes(auditID),
    );
    expect(reaps.length).toBeGreaterThan(0);
    for (const reap of reaps) {
      expect(reap.user.username).toContain(':kubernetes-access:');
      expect(reap.objectRef).toMatchObject({ subresource: 'exec', name: pod });
      expect(reap.userAgent).toContain(`session=${ticket.sessionId}`);
    }
  });
});
