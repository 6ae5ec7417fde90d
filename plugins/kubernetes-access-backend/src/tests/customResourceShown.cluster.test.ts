import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  CLOSE_CODES,
  OUTSIDE_ACTOR,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { TestBackend } from '../testUtils/TestBackend';

jest.setTimeout(240_000);

const LATER = '2037-01-01T00:00:00.000Z';

describe('what people see when somebody writes into AccessRequests', () => {
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
        auditors: ['group:default/audit'],
      },
    });
    await connected();
  });

  afterAll(async () => {
    await backend?.stop();
    await cluster?.close();
  });

  async function connected(): Promise<void> {
    await eventually(async () => {
      const { body } = await backend.get(
        'ada',
        '/entities/component/default/payments-api/access',
      );
      expect(body.targets?.[0]?.problem).toBeUndefined();
    });
  }

  async function forge(id: string, status: object): Promise<void> {
    await eventually(() =>
      cluster.kubectl([
        'patch',
        'accessrequest',
        `ar-${id}`,
        '--subresource=status',
        '--type=merge',
        `--patch=${JSON.stringify({ status })}`,
      ]),
    );
  }

  async function place(id: string) {
    const { body } = await backend.get('ada', `/requests/${id}/pods`);
    const [{ namespace, name }] = body.items;
    return { namespace, pod: name, container: 'app' };
  }

  async function activeWithTerminal() {
    const asked = await backend.ask('ada');
    await backend.approve('olga', asked);
    await eventually(async () =>
      expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
    );
    const terminal = backend.connect(
      await backend.ticket('ada', asked.id, await place(asked.id)),
    );
    await eventually(() =>
      expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
    );
    return { id: asked.id, terminal };
  }

  it('is the record: a forged approval opens nothing', async () => {
    const { id } = await backend.ask('ada');
    const [pod] = (
      await cluster.kubectl([
        'get',
        'pods',
        '--namespace=payments',
        '--output=jsonpath={.items[*].metadata.name}',
      ])
    ).split(' ');

    await forge(id, {
      phase: 'Active',
      startsAt: new Date().toISOString(),
      grantedAt: new Date().toISOString(),
      expiresAt: LATER,
    });

    expect(await backend.see('ada', id)).toMatchObject({ phase: 'Pending' });
    const refused = await backend.post('ada', `/requests/${id}/sessions`, {
      namespace: 'payments',
      pod,
      container: 'app',
      columns: 80,
      rows: 24,
    });
    expect(refused.status).toBe(409);
    expect(await cluster.grantObjects(id)).toEqual([]);
    await eventually(async () => {
      const { status } = await cluster.getJson<AccessRequestResource>([
        'accessrequest',
        `ar-${id}`,
      ]);
      expect(status?.message).toMatch(/^Do not believe this status/);
    });
    await backend.post('ada', `/requests/${id}/cancel`);
    expect((await backend.see('ada', id)).phase).toBe('Cancelled');
  });

  it('is the record: a forged end ends nothing, and a forged delay delays nothing', async () => {
    const { id, terminal } = await activeWithTerminal();
    const { expiresAt } = await backend.see('ada', id);

    await forge(id, { expiresAt: LATER });
    await forge(id, { phase: 'Revoked' });

    await eventually(async () => {
      const { status } = await cluster.getJson<AccessRequestResource>([
        'accessrequest',
        `ar-${id}`,
      ]);
      expect(status?.expiresAt).toBe(expiresAt);
      expect(status?.message).toContain('The request is Active.');
    });
    expect(await backend.see('ada', id)).toMatchObject({
      phase: 'Active',
      expiresAt,
    });
    terminal.type('echo $((6*7))\n');
    await terminal.expectOutput(/^42\r?$/m);
    await backend.post('olga', `/requests/${id}/revoke`, {});
    expect((await terminal.closed).code).toBe(CLOSE_CODES.revoked);
  });

  it.each(['deleted without its finalizer', 'replaced by force'])(
    'is that the access has ended when one is %s, and the terminal is cut',
    async how => {
      const { id, terminal } = await activeWithTerminal();
      const name = `ar-${id}`;
      const { metadata, ...rest } =
        await cluster.getJson<AccessRequestResource>(['accessrequest', name]);

      if (how === 'replaced by force') {
        await cluster.kubectl(['replace', '--force', '--filename=-'], {
          ...rest,
          metadata: { name, labels: metadata.labels },
        });
      } else {
        await cluster.kubectl([
          'patch',
          'accessrequest',
          name,
          '--type=merge',
          '--patch={"metadata":{"finalizers":null,"labels":null}}',
        ]);
        await cluster.kubectl(['delete', 'accessrequest', name]);
      }

      expect((await terminal.closed).code).toBe(CLOSE_CODES.revoked);
      await eventually(async () => {
        expect(await backend.see('ada', id)).toMatchObject({
          phase: 'Revoked',
          endedBy: OUTSIDE_ACTOR,
          removal: { state: 'removed' },
        });
        expect(await cluster.grantObjects(id)).toEqual([]);
      }, 30_000);
    },
  );
});
