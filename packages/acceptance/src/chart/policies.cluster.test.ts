import type { Cluster } from '@kubernetes-access/dev-cluster';
import { clusterFromEnvironment } from '@kubernetes-access/dev-cluster';
import { AccessRequests } from './support/AccessRequests';
import type { Kubectl } from './support/ChartRelease';
import { ChartRelease } from './support/ChartRelease';
import { eventually } from './support/eventually';
import type { Scene } from './support/forbidden';
import { FORBIDDEN } from './support/forbidden';
import { anAccessRequest, GrantDrafts } from './support/grant';
import { aPod, aSecret, execOn } from './support/objects';
import { refusalOf } from './support/refusal';

jest.setTimeout(240_000);

const RELEASED = '--patch={"metadata":{"finalizers":null}}';

/** Installs the chart beside the others and brings a pod into its target namespace. */
async function setUp(
  cluster: Cluster,
  name: string,
  isLocked: boolean,
): Promise<Scene> {
  const release = new ChartRelease(cluster, name);
  const open = `${name}-open`;
  await release.makeNamespace(open);
  await release.install({
    targetNamespaces: [open],
    'admissionPolicies.enabled': isLocked,
  });
  const { asAdmin } = release;
  await asAdmin(['create', '--filename=-'], aPod('wanted', open, cluster.info));
  await asAdmin([
    'wait',
    'pod/wanted',
    `--namespace=${open}`,
    '--for=condition=Ready',
    '--timeout=60s',
  ]);
  const asBackEnd = await release.asBackEnd();
  if (isLocked) {
    await inForce(release, asBackEnd);
  }
  return {
    release,
    open,
    asBackEnd,
    asAdmin,
    grant: await GrantDrafts.of(asBackEnd, release.grantNamespace),
    create: draft => asBackEnd(['create', '--filename=-'], draft),
  };
}

/** Of all policies, the one about tokens is written last. */
async function inForce(release: ChartRelease, asBackEnd: Kubectl) {
  const account = ['not-of-a-grant', `--namespace=${release.grantNamespace}`];
  await release.asAdmin(['create', 'serviceaccount', ...account]);
  await eventually('the policies are in force', async () =>
    asBackEnd(['create', 'token', ...account, '--duration=600s']).then(
      () => undefined,
      (error: Error) => /denied request/.test(error.message),
    ),
  );
}

async function tearDown(scene: Scene | undefined): Promise<void> {
  if (scene) {
    await scene.grant.remove(scene.asAdmin);
    await scene.release.remove();
  }
}

describe('the second lock', () => {
  let cluster: Cluster;
  let locked: Scene;
  let unlocked: Scene;

  beforeAll(async () => {
    cluster = await clusterFromEnvironment();
    await AccessRequests.in(cluster);
    locked = await setUp(cluster, 'chart-locked', true);
    unlocked = await setUp(cluster, 'chart-unlocked', false);
  });

  afterAll(async () => {
    await tearDown(locked);
    await tearDown(unlocked);
  });

  describe('refuses the back end what its rights would allow:', () => {
    it.each(FORBIDDEN)('%s', async (name, words, attempt) => {
      const slug = `f${FORBIDDEN.findIndex(([other]) => other === name)}`;

      const refusal = await refusalOf(attempt(locked, slug));

      expect(refusal).toContain(words);
      expect(refusal).toContain("ValidatingAdmissionPolicy 'chart-locked-");
      // Without the lock it is done: the test tries what it says.
      await attempt(unlocked, slug);
    });
  });

  describe('lets the back end do its work:', () => {
    it('a grant that reaches its pod, follows it, and goes', async () => {
      const { grant, open, create, asBackEnd, release } = locked;
      const slug = 'works';
      const name = grant.name(slug);
      await create(grant.serviceAccount(slug));
      await create(grant.role(slug, open, []));
      await create(grant.roleBinding(slug, open));
      await asBackEnd(['replace', '--filename=-'], grant.role(slug, open));
      const token = await asBackEnd([
        'create',
        'token',
        name,
        `--namespace=${release.grantNamespace}`,
        '--duration=600s',
      ]);
      const asAda = await release.withToken(token.trim());

      const said = await eventually('the grant works', () =>
        asAda(['exec', 'wanted', `--namespace=${open}`, '--', 'echo', 'hello']),
      );

      expect(said).toBe('hello\n');
      await asBackEnd(['delete', 'rolebinding', name, `--namespace=${open}`]);
      await asBackEnd(['delete', 'role', name, `--namespace=${open}`]);
      await asBackEnd([
        'delete',
        'serviceaccount',
        name,
        `--namespace=${release.grantNamespace}`,
      ]);
    });

    it('a Role for 200 pods', async () => {
      const { grant, open, create } = locked;
      const pods = Array.from({ length: 200 }, (_, i) => `pod-${i}`);

      expect(await create(grant.role('many', open, execOn(...pods)))).toContain(
        'created',
      );
    });

    it('the removal of what took the name of a grant, whatever it looks like', async () => {
      const { grant, open, asAdmin, asBackEnd } = locked;
      const name = grant.name('planted');
      await asAdmin([
        'create',
        'role',
        name,
        `--namespace=${open}`,
        '--verb=get',
        '--resource=secrets',
      ]);

      expect(
        await asBackEnd(['delete', 'role', name, `--namespace=${open}`]),
      ).toContain('deleted');
    });

    it('the status, the labels and the end of an AccessRequest', async () => {
      const { asBackEnd, create } = locked;
      const draft = anAccessRequest();
      const one = ['accessrequest', draft.metadata.name];
      await create(draft);

      await locked.release.patchStatusAsBackEnd(draft.metadata.name, {
        phase: 'Pending',
      });
      await asBackEnd(['patch', ...one, '--type=merge', RELEASED]);
      expect(await asBackEnd(['delete', ...one])).toContain('deleted');
    });

    it('the removal of an AccessRequest that was made by hand in the name of an installation', async () => {
      const { asAdmin, asBackEnd } = locked;
      const { metadata, ...draft } = anAccessRequest();
      const name = 'chart-by-hand';
      await asAdmin(['create', '--filename=-'], {
        ...draft,
        metadata: { ...metadata, name, finalizers: [] },
      });

      expect(await asBackEnd(['delete', 'accessrequest', name])).toContain(
        'deleted',
      );
    });

    it('its Lease', async () => {
      const { release, asBackEnd, create } = locked;
      const lease = {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          name: 'kubernetes-access-6f1d0a52-9d0e-4c5e-8a07-3f5c1b0f7f11',
          namespace: release.grantNamespace,
        },
        spec: { holderIdentity: 'one' },
      };
      await create(lease);

      expect(
        await asBackEnd(['replace', '--filename=-'], {
          ...lease,
          spec: { holderIdentity: 'another' },
        }),
      ).toContain('replaced');
    });

    it.each(['sh', 'bash', 'busybox sh'])(
      'the end of what sessions left behind, by %s',
      async shell => {
        const { asBackEnd, open } = locked;

        const said = await asBackEnd([
          'exec',
          'wanted',
          `--namespace=${open}`,
          '--container=app',
          '--',
          ...shell.split(' '),
          ...['-s', '--', '1234567', 'session-1', '600', 'all', 'a1'],
          // Not every container has every shell, which is found out after admission.
        ]).catch((error: Error) => error.message);

        expect(said).not.toContain('denied request');
        expect(said).not.toContain('forbidden');
      },
    );
  });

  describe('holds also where somebody has given the back end every right:', () => {
    const DRY = '--dry-run=server';

    beforeAll(async () => {
      for (const { release, asAdmin } of [locked, unlocked]) {
        await asAdmin([
          'create',
          'clusterrolebinding',
          `${release.namespace}-everything`,
          '--clusterrole=cluster-admin',
          `--serviceaccount=${release.namespace}:kubernetes-access-backend`,
        ]);
      }
    });

    afterAll(async () => {
      for (const { release, asAdmin } of [locked, unlocked]) {
        await asAdmin([
          'delete',
          'clusterrolebinding',
          `${release.namespace}-everything`,
        ]);
      }
    });

    it.each<[string, string, (scene: Scene) => [string[], object?]]>([
      [
        'a ClusterRoleBinding',
        'clusterrolebindings',
        () => [
          [
            'create',
            'clusterrolebinding',
            'mine',
            '--clusterrole=view',
            '--user=me',
            DRY,
          ],
        ],
      ],
      [
        'a ClusterRole',
        'clusterroles',
        () => [
          [
            'create',
            'clusterrole',
            'mine',
            '--verb=get',
            '--resource=secrets',
            DRY,
          ],
        ],
      ],
      [
        'the owners of a namespace',
        'namespaces',
        ({ open }) => [
          [
            'annotate',
            'namespace',
            open,
            'kubernetes-access.io/owners=me',
            DRY,
          ],
        ],
      ],
      [
        'a Secret',
        'secrets',
        ({ open }) => [['create', '--filename=-', DRY], aSecret('mine', open)],
      ],
      [
        'the removal of a pod',
        'pods',
        ({ open }) => [['delete', 'pod', 'wanted', `-n=${open}`, DRY]],
      ],
      [
        'a workload',
        'deployments',
        ({ open }) => [
          ['create', 'deployment', 'mine', '--image=x', `-n=${open}`, DRY],
        ],
      ],
      [
        'the contract',
        'customresourcedefinitions',
        () => [
          [
            'annotate',
            'customresourcedefinition',
            'accessrequests.kubernetes-access.io',
            'kubernetes-access.io/contract=0',
            '--overwrite',
            DRY,
          ],
        ],
      ],
    ])('%s', async (_, resource, command) => {
      expect(await refusalOf(locked.asBackEnd(...command(locked)))).toContain(
        `the back end never changes ${resource}`,
      );
      await unlocked.asBackEnd(...command(unlocked));
    });

    it.each(['attach', 'portforward'])('a connection by %s', async how => {
      const path = (namespace: string) =>
        `--raw=/api/v1/namespaces/${namespace}/pods/wanted/${how}?stdout=true&ports=80`;
      const refusal = await refusalOf(
        locked.asBackEnd(['get', path(locked.open)]),
      );

      expect(refusal).toContain(`the back end never changes pods/${how}`);
      expect(
        await refusalOf(unlocked.asBackEnd(['get', path(unlocked.open)])),
      ).not.toContain('denied request');
    });

    it('Roles and execs where nothing is ever granted', async () => {
      for (const namespace of [
        'kube-system',
        'chart-locked',
        'chart-locked-grants',
      ]) {
        const draft = locked.grant.role('excluded', namespace);

        expect(await refusalOf(locked.create(draft))).toContain(
          `access is never granted in the namespace ${namespace}`,
        );
      }
      await unlocked.asBackEnd(
        ['create', '--filename=-', DRY],
        unlocked.grant.role('excluded', 'kube-system'),
      );
    });

    it('ServiceAccounts and Leases outside of the grant namespace', async () => {
      const { grant, open, create } = locked;
      const account = grant.serviceAccount('elsewhere');

      expect(
        await refusalOf(
          create({
            ...account,
            metadata: { ...account.metadata, namespace: open },
          }),
        ),
      ).toContain('the ServiceAccounts of grants are in chart-locked-grants');
      expect(
        await refusalOf(
          create({
            apiVersion: 'coordination.k8s.io/v1',
            kind: 'Lease',
            metadata: { name: 'kubernetes-access-me', namespace: open },
          }),
        ),
      ).toContain('only the Lease of its installation');
    });
  });

  describe('holds grants to what they are for, also where somebody has bound more to them:', () => {
    /** The holder of a grant's token, in a namespace where all of the grants may do whatever its administrator may. */
    async function asHolder(scene: Scene): Promise<Kubectl> {
      const { grant, open, create, asAdmin, asBackEnd, release } = scene;
      const name = grant.name('holder');
      const already = /already exists/;
      for (const draft of [
        grant.serviceAccount('holder'),
        grant.role('holder', open),
        grant.roleBinding('holder', open),
      ]) {
        await create(draft).catch(ignore(already));
      }
      await asAdmin([
        'create',
        'rolebinding',
        'everything-for-grants',
        '--clusterrole=cluster-admin',
        `--group=system:serviceaccounts:${release.grantNamespace}`,
        `--namespace=${open}`,
      ]).catch(ignore(already));
      const token = await asBackEnd([
        'create',
        'token',
        name,
        `--namespace=${release.grantNamespace}`,
        '--duration=600s',
      ]);
      return release.withToken(token.trim());
    }

    const WRITES: Array<[string, string, (open: string) => string[]]> = [
      [
        'the removal of pods',
        'pods',
        open => ['delete', 'pod', 'wanted', `-n=${open}`, '--dry-run=server'],
      ],
      [
        'ConfigMaps',
        'configmaps',
        open => [
          'create',
          'configmap',
          'mine',
          `-n=${open}`,
          '--dry-run=server',
        ],
      ],
      [
        'tokens',
        'serviceaccounts/token',
        open => ['create', 'token', 'default', `-n=${open}`],
      ],
    ];

    it.each(WRITES)('%s', async (_, resource, command) => {
      const refusal = await refusalOf(
        (
          await asHolder(locked)
        )(command(locked.open)),
      );

      expect(refusal).toContain(`is to pods/exec, not to ${resource}`);
      await (
        await asHolder(unlocked)
      )(command(unlocked.open));
    });

    it.each(['attach', 'portforward'])('a connection by %s', async how => {
      const refusal = await refusalOf(
        (
          await asHolder(locked)
        )([
          'get',
          `--raw=/api/v1/namespaces/${locked.open}/pods/wanted/${how}?stdout=true&ports=80`,
        ]),
      );

      expect(refusal).toContain(`is to pods/exec, not to pods/${how}`);
    });

    it('and lets them exec, read logs, and ask what they may do', async () => {
      const asAda = await asHolder(locked);
      const where = `--namespace=${locked.open}`;

      expect(await asAda(['exec', 'wanted', where, '--', 'echo', 'hi'])).toBe(
        'hi\n',
      );
      await asAda(['logs', 'wanted', where]);
      expect(await asAda(['auth', 'can-i', 'get', 'pods', where])).toContain(
        'yes',
      );
    });
  });

  describe('leaves to back ends, and to who may do everything, what is theirs:', () => {
    let asOperator: Kubectl;

    /** Every verb of Kubernetes on everything, but not every verb. */
    beforeAll(async () => {
      const { release, asAdmin } = locked;
      await asAdmin(['create', '--filename=-'], {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'chart-locked-operator' },
        rules: [
          {
            apiGroups: ['*'],
            resources: ['*'],
            verbs: [
              'get',
              'list',
              'watch',
              'create',
              'update',
              'patch',
              'delete',
              'bind',
              'escalate',
            ],
          },
        ],
      });
      await asAdmin([
        'create',
        'serviceaccount',
        'operator',
        `--namespace=${release.namespace}`,
      ]);
      await asAdmin([
        'create',
        'clusterrolebinding',
        'chart-locked-operator',
        '--clusterrole=chart-locked-operator',
        `--serviceaccount=${release.namespace}:operator`,
      ]);
      const token = await asAdmin([
        'create',
        'token',
        'operator',
        `--namespace=${release.namespace}`,
      ]);
      asOperator = await release.withToken(token.trim());
    });

    afterAll(async () => {
      await locked.asAdmin([
        'delete',
        'clusterrole,clusterrolebinding',
        'chart-locked-operator',
      ]);
    });

    it('making an AccessRequest', async () => {
      const draft = anAccessRequest();

      expect(
        await refusalOf(asOperator(['create', '--filename=-'], draft)),
      ).toContain('access is asked for in Backstage');
    });

    it('saying where one stands', async () => {
      const refusal = await refusalOf(
        asOperator([
          'patch',
          'accessrequest',
          locked.grant.resourceName,
          '--subresource=status',
          '--type=merge',
          '--patch={"status":{"phase":"Approved"}}',
        ]),
      );

      expect(refusal).toContain(
        'only the back end says where a request stands',
      );
    });

    it.each([
      [
        'labels',
        '{"metadata":{"labels":{"kubernetes-access.io/open":"false"}}}',
      ],
      ['finalizer', '{"metadata":{"finalizers":null}}'],
    ])('changing the %s of one', async (_, patch) => {
      const refusal = await refusalOf(
        asOperator([
          'patch',
          'accessrequest',
          locked.grant.resourceName,
          '--type=merge',
          `--patch=${patch}`,
        ]),
      );

      expect(refusal).toContain('only the back end changes an AccessRequest');
    });

    it('tokens and ServiceAccounts of grants', async () => {
      const { grant, create, release } = locked;
      await create(grant.serviceAccount('coveted'));

      expect(
        await refusalOf(
          asOperator([
            'create',
            'token',
            grant.name('coveted'),
            `--namespace=${release.grantNamespace}`,
          ]),
        ),
      ).toContain('their tokens are made by the back end');
      expect(
        await refusalOf(
          asOperator(
            ['create', '--filename=-'],
            grant.serviceAccount('planted-account'),
          ),
        ),
      ).toContain('are made by the back end');
    });

    it('what a grant consists of', async () => {
      const { grant, open, create, release } = locked;
      await create(grant.role('widened', open));
      const words = 'is made and changed by the back end';

      expect(
        await refusalOf(
          asOperator(
            ['create', '--filename=-'],
            grant.role('planted-role', open),
          ),
        ),
      ).toContain(words);
      expect(
        await refusalOf(
          asOperator([
            'patch',
            'role',
            grant.name('widened'),
            `--namespace=${open}`,
            '--type=merge',
            '--patch={"rules":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}',
          ]),
        ),
      ).toContain(words);
      expect(
        await refusalOf(
          asOperator([
            'create',
            'clusterrolebinding',
            'more-for-a-grant',
            '--clusterrole=view',
            `--serviceaccount=${release.grantNamespace}:${grant.name(
              'widened',
            )}`,
          ]),
        ),
      ).toContain(words);
    });

    it('but deletes all of it: that ends access', async () => {
      const { grant, open, create, release } = locked;
      const slug = 'ended';
      await create(grant.serviceAccount(slug));
      await create(grant.role(slug, open));
      await create(grant.roleBinding(slug, open));
      const draft = anAccessRequest();
      await create({
        ...draft,
        metadata: {
          ...draft.metadata,
          finalizers: ['kubernetes-access.io/grant'],
        },
      });
      const name = grant.name(slug);

      await asOperator(['delete', 'rolebinding,role', name, `-n=${open}`]);
      await asOperator([
        'delete',
        'serviceaccount',
        name,
        `-n=${release.grantNamespace}`,
      ]);
      await asOperator([
        'delete',
        'accessrequest',
        draft.metadata.name,
        '--wait=false',
      ]);
      await locked.asAdmin([
        'patch',
        'accessrequest',
        draft.metadata.name,
        '--type=merge',
        RELEASED,
      ]);

      const kinds = 'rolebindings,roles,serviceaccounts,accessrequests';
      const left = await locked.asAdmin(['get', kinds, '-A', '--output=name']);
      expect(left).not.toContain(name);
      expect(left).not.toContain(draft.metadata.name);
    });

    it('and does not keep Kubernetes from cleaning up after an owner', async () => {
      const { asBackEnd, asAdmin, release, open } = locked;
      const drafts = await GrantDrafts.of(asBackEnd, release.grantNamespace);
      await locked.create(drafts.role('owned', open));
      const one = ['accessrequest', drafts.resourceName];
      await asAdmin(['patch', ...one, '--type=merge', RELEASED]);

      await asAdmin([
        'delete',
        ...one,
        '--cascade=foreground',
        '--timeout=30s',
      ]);

      const isGone = await eventually('the Role is gone', async () => {
        const left = await asAdmin(['get', 'roles', `-n=${open}`]);
        return !left.includes(drafts.name('owned'));
      });
      expect(isGone).toBe(true);
    });
  });
});

function ignore(words: RegExp) {
  return (error: Error) => {
    if (!words.test(error.message)) {
      throw error;
    }
  };
}
