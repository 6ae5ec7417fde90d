import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LABELS } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { buildResource } from '../grants/buildResource';
import { GrantScene, SCENE_NAMESPACE } from '../testUtils/GrantScene';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { aNewRequest } from '../testUtils/requests';
import { openTestStores } from '../testUtils/database';
import { TestBackend } from '../testUtils/TestBackend';
import { TestReplica } from '../testUtils/TestReplica';
import { SystemClock } from '../controller';

jest.setTimeout(240_000);

const BACK_END =
  'system:serviceaccount:kubernetes-access:kubernetes-access-backend';

/** Held only because Kubernetes lets nobody pass on what they do not hold, or by which the policies know a back end. */
const HELD_TO_PASS_ON = [
  'accessrequests: reconcile',
  'pods/exec: create',
  'pods/log: get',
];

interface Rule {
  resources: string[];
  verbs: string[];
}

interface AuditEvent {
  verb: string;
  /** ISO 8601, in UTC. */
  requestReceivedTimestamp: string;
  user: { username: string };
  objectRef?: { resource: string; subresource?: string };
}

describe('the rights of the back end', () => {
  let cluster: RealCluster;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
  });

  afterAll(() => cluster?.close());

  /** Everything that the chart gives it, as `resource: verb`. */
  async function held(): Promise<string[]> {
    const roles = await Promise.all(
      [
        ['clusterrole', 'kubernetes-access:backend'],
        ['role', 'kubernetes-access:grants', '-n=kubernetes-access-grants'],
        ['role', 'kubernetes-access:target', `-n=${SCENE_NAMESPACE}`],
      ].map(args => cluster.getJson<{ rules: Rule[] }>(args)),
    );
    return unique(
      roles
        .flatMap(({ rules }) => rules)
        .flatMap(({ resources, verbs }) =>
          resources.flatMap(resource =>
            verbs.map(verb => `${resource}: ${verb}`),
          ),
        ),
    );
  }

  /** Everything that it has tried since then, by the API server's own account. */
  async function used(since: string): Promise<string[]> {
    const file = cluster.cluster.info.auditLog;
    if (!file) {
      throw new Error(
        'The API server of this cluster writes no audit log: start it with `dev-cluster.js up --audit-log`',
      );
    }
    const text = await readFile(file, 'utf8');
    return unique(
      text
        .slice(0, text.lastIndexOf('\n'))
        .split('\n')
        .map((line): AuditEvent => JSON.parse(line))
        .filter(
          ({ user, requestReceivedTimestamp }) =>
            user.username === BACK_END && requestReceivedTimestamp >= since,
        )
        .flatMap(({ verb, objectRef }) =>
          objectRef
            ? [
                `${[objectRef.resource, objectRef.subresource]
                  .filter(Boolean)
                  .join('/')}: ${verb}`,
              ]
            : [],
        ),
    );
  }

  /** A grant that follows its pods, and a resource that somebody forged. */
  async function lookAfterGrants(): Promise<void> {
    const installationId = randomUUID();
    const scene = await GrantScene.set();
    const stores = await openTestStores({
      clock: new SystemClock(),
      engine: 'sqlite',
      installationId,
    });
    const replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
    });
    try {
      const request = await scene.grant(stores);
      await scene.addPod(`${scene.app}-more`);
      await replica.controller.ensurePod(
        request,
        SCENE_NAMESPACE,
        `${scene.app}-more`,
      );
      const forged = buildResource(aNewRequest(), installationId);
      const name = `eve-${randomUUID()}`;
      scene.willMake(name);
      await scene.cluster.kubectl(['create', '--filename=-'], {
        ...forged,
        metadata: {
          ...forged.metadata,
          name,
          labels: { ...forged.metadata.labels, [LABELS.open]: 'true' },
        },
      });
      await eventually(async () =>
        expect(
          await scene.cluster.kubectl([
            'get',
            'accessrequest',
            name,
            '--ignore-not-found',
          ]),
        ).toBe(''),
      );
      await scene.revoke(stores, request.id);
      await scene.removed(stores, request.id);
    } finally {
      await replica.stop();
      await stores.close();
      await scene.clear();
      await scene.removeLeases(installationId);
    }
  }

  /** A terminal, and the end of what it left behind. */
  async function workInATerminal(): Promise<void> {
    const backend = await TestBackend.start({
      kubernetesAccess: {
        clusters: [
          {
            name: 'test',
            title: 'Test cluster',
            kubeconfig: { file: cluster.kubeconfig },
          },
        ],
      },
    });
    try {
      await eventually(async () => {
        const { body } = await backend.get(
          'ada',
          '/entities/component/default/payments-api/access',
        );
        expect(body.targets?.[0]?.problem).toBeUndefined();
      });
      const asked = await backend.ask('ada');
      await backend.approve('olga', asked);
      await eventually(async () =>
        expect((await backend.see('ada', asked.id)).phase).toBe('Active'),
      );
      const { body } = await backend.get('ada', `/requests/${asked.id}/pods`);
      const [{ namespace, name: pod }] = body.items;
      const terminal = backend.connect(
        await backend.ticket('ada', asked.id, {
          namespace,
          pod,
          container: 'app',
        }),
      );
      await eventually(() =>
        expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
      );
      await backend.post('ada', `/requests/${asked.id}/cancel`);
      await terminal.closed;
      await eventually(async () => {
        const { removal, sessions } = await backend.see('ada', asked.id);
        expect(removal).toMatchObject({ state: 'removed' });
        expect(sessions[0].processes?.state).toBeDefined();
      }, 30_000);
    } finally {
      await backend.stop();
    }
  }

  it('are all used, but for what is held to be passed on, and none is asked for that it does not have', async () => {
    const since = new Date().toISOString();
    await lookAfterGrants();
    await workInATerminal();

    await eventually(async () => {
      const [all, done] = [await held(), await used(since)];
      const unused = all.filter(right => !done.includes(right));
      expect(unused).toEqual(HELD_TO_PASS_ON);
      expect(done.filter(right => !all.includes(right))).toEqual([]);
    });
  });
});

function unique(values: string[]): string[] {
  return [...new Set(values)].sort();
}
