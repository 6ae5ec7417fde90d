import { CONTRACT_VERSION } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { clusterFromEnvironment } from '@kubernetes-access/dev-cluster';
import { AccessRequests } from './support/AccessRequests';
import type { Kubectl } from './support/ChartRelease';
import { ChartRelease } from './support/ChartRelease';
import {
  aLease,
  aPod,
  aRole,
  aRoleBinding,
  aSecret,
  aServiceAccount,
  execOn,
} from './support/objects';
import { anAccessRequest, GrantDrafts } from './support/grant';
import { refusalOf } from './support/refusal';
import { eventually } from './support/eventually';

jest.setTimeout(240_000);

const NAME = 'chart-rights';
const OPEN = `${NAME}-open`;
const CLOSED = `${NAME}-closed`;
const GRANTS = `${NAME}-grants`;

const FORBIDDEN = 'is forbidden: User "system:serviceaccount:chart-rights:';
const NOT_HELD = 'attempting to grant RBAC permissions not currently held';

describe('the identity of the back end in a cluster', () => {
  let cluster: Cluster;
  let requests: AccessRequests;
  let release: ChartRelease;
  let asBackEnd: Kubectl;

  beforeAll(async () => {
    cluster = await clusterFromEnvironment();
    requests = await AccessRequests.in(cluster);
    release = new ChartRelease(cluster, NAME);
    await release.makeNamespace(OPEN);
    await release.makeNamespace(CLOSED);
    await release.install({ targetNamespaces: [OPEN] });
    asBackEnd = await release.asBackEnd();
    await release.asAdmin(['create', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        aSecret('password', OPEN),
        aPod('wanted', OPEN, cluster.info),
        aPod('other', OPEN, cluster.info),
      ],
    });
    await release.asAdmin([
      'wait',
      'pods',
      '--all',
      `--namespace=${OPEN}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
  });

  afterAll(async () => {
    await requests.removeAll();
    await release.remove();
  });

  /** Makes an object as the back end. */
  const create = (object: object) =>
    asBackEnd(['create', '--filename=-', '--output=name'], object);

  describe('can do its work:', () => {
    it('keeps AccessRequests and says where they stand', async () => {
      const draft = anAccessRequest();
      const { name } = draft.metadata;
      const one = ['accessrequest', name];
      await create(draft);
      const released = { metadata: { finalizers: null } };

      await release.patchStatusAsBackEnd(name, { phase: 'Pending' });
      const listed = await asBackEnd(['get', 'accessrequests']);
      await asBackEnd(['delete', ...one, '--wait=false']);
      await asBackEnd([
        'patch',
        ...one,
        '--type=merge',
        `--patch=${JSON.stringify(released)}`,
      ]);

      expect(listed).toContain(name);
      await eventually('the request is gone', async () =>
        (await refusalOf(asBackEnd(['get', ...one]))).includes('not found'),
      );
    });

    it('knows the cluster, the contract and who owns a namespace', async () => {
      const uid = await asBackEnd([
        'get',
        'namespace',
        'kube-system',
        '--output=jsonpath={.metadata.uid}',
      ]);
      const contract = await asBackEnd([
        'get',
        'customresourcedefinition',
        'accessrequests.kubernetes-access.io',
        '--output=jsonpath={.metadata.annotations.kubernetes-access\\.io/contract}',
      ]);

      expect(uid).toMatch(/^[0-9a-f-]{36}$/);
      expect(contract).toBe(CONTRACT_VERSION);
      await asBackEnd(['get', 'namespace', OPEN]);
      await asBackEnd(['get', 'namespace', GRANTS]);
    });

    it('makes a grant that reaches the named pod and nothing else, and takes it away', async () => {
      const grant = await GrantDrafts.of(asBackEnd, GRANTS);
      const name = grant.name('ada');
      await create(grant.serviceAccount('ada'));
      await create(grant.role('ada', OPEN));
      await create(grant.roleBinding('ada', OPEN));
      const token = await asBackEnd([
        'create',
        'token',
        name,
        `--namespace=${GRANTS}`,
        '--duration=600s',
      ]);
      const asAda = await release.withToken(token.trim());
      const exec = (pod: string) =>
        asAda(['exec', pod, `--namespace=${OPEN}`, '--', 'echo', 'hello']);

      expect(await eventually('the grant works', () => exec('wanted'))).toBe(
        'hello\n',
      );
      expect(await refusalOf(exec('other'))).toContain('is forbidden');
      expect(
        await refusalOf(asAda(['get', 'pods', `--namespace=${OPEN}`])),
      ).toContain('is forbidden');

      await asBackEnd(['delete', 'rolebinding', name, `--namespace=${OPEN}`]);
      expect(await refusalOf(exec('wanted'))).toContain('is forbidden');
      await asBackEnd(['delete', 'role', name, `--namespace=${OPEN}`]);
      await asBackEnd(['delete', 'serviceaccount', name, `-n=${GRANTS}`]);
      await grant.remove(asBackEnd);
    });

    it('agrees with its replicas on who looks after the grants', async () => {
      const name = 'kubernetes-access-0b8ff5a4-9f5e-4d0e-8e0e-2f6f0a3c9d11';
      const lease = ['lease', name, `--namespace=${GRANTS}`];
      await create(aLease(name, GRANTS, 'one'));
      const held = JSON.parse(
        await asBackEnd(['get', ...lease, '--output=json']),
      );
      await asBackEnd(['replace', '--filename=-'], {
        ...held,
        spec: { ...held.spec, holderIdentity: 'two' },
      });

      expect(
        await asBackEnd([
          'get',
          ...lease,
          '--output=jsonpath={.spec.holderIdentity}',
        ]),
      ).toBe('two');
      // What it says of the record outlives the back end: only people take it away.
      expect(await refusalOf(asBackEnd(['delete', ...lease]))).toContain(
        FORBIDDEN,
      );
      expect(
        await refusalOf(asBackEnd(['get', 'leases', `-n=${GRANTS}`])),
      ).toContain(FORBIDDEN);
    });

    it.each([
      ['RoleBindings', 'rolebindings', OPEN],
      ['Roles', 'roles', OPEN],
      ['ServiceAccounts of grants', 'serviceaccounts', GRANTS],
    ])('is told when somebody changes %s', async (_, resource, namespace) => {
      const answer = await asBackEnd([
        'auth',
        'can-i',
        'watch',
        resource,
        `--namespace=${namespace}`,
      ]);

      expect(answer.trim()).toBe('yes');
    });

    it('sees which pods match', async () => {
      const pods = await asBackEnd([
        'get',
        'pods',
        `--namespace=${OPEN}`,
        '--output=name',
      ]);

      expect(pods.split('\n').filter(Boolean).sort()).toEqual([
        'pod/other',
        'pod/wanted',
      ]);
    });
  });

  describe('can do nothing else:', () => {
    it.each([
      ['a Secret', ['get', 'secret', 'password', `-n=${OPEN}`]],
      ['the Secrets of a namespace', ['get', 'secrets', `-n=${OPEN}`]],
      ['all Secrets', ['get', 'secrets', '--all-namespaces']],
      [
        'its own token',
        ['get', 'secret', 'kubernetes-access-backend-token', `-n=${NAME}`],
      ],
      ['ConfigMaps', ['get', 'configmaps', `-n=${OPEN}`]],
      ['the list of namespaces', ['get', 'namespaces']],
      ['a namespace that is not named', ['get', 'namespace', CLOSED]],
      ['pods elsewhere', ['get', 'pods', `-n=${CLOSED}`]],
      ['pods of kube-system', ['get', 'pods', '-n=kube-system']],
      ['all pods', ['get', 'pods', '--all-namespaces']],
      ['nodes', ['get', 'nodes']],
      ['other CustomResourceDefinitions', ['get', 'customresourcedefinitions']],
      ['ClusterRoles', ['get', 'clusterroles']],
      ['ServiceAccounts elsewhere', ['get', 'serviceaccounts', `-n=${OPEN}`]],
      ['Leases elsewhere', ['get', 'lease', 'any', `-n=${OPEN}`]],
      ['Leases of Kubernetes', ['get', 'lease', 'any', '-n=kube-system']],
      ['Leases of nodes', ['get', 'lease', 'any', '-n=kube-node-lease']],
      ['Leases beside its own identity', ['get', 'lease', 'any', `-n=${NAME}`]],
    ])('does not read %s', async (_, args) => {
      expect(await refusalOf(asBackEnd(args))).toContain(FORBIDDEN);
    });

    it.each([
      ['as somebody else', ['get', 'pods', `-n=${OPEN}`, '--as=system:admin']],
      [
        'as a group',
        ['get', 'pods', `-n=${OPEN}`, '--as=a', '--as-group=system:masters'],
      ],
      [
        'as the ServiceAccount of another',
        [
          'get',
          'pods',
          `-n=${OPEN}`,
          '--as=system:serviceaccount:kube-system:default',
        ],
      ],
    ])('does not act %s', async (_, args) => {
      expect(await refusalOf(asBackEnd(args))).toContain('cannot impersonate');
    });

    it.each([
      ['deletes a pod', ['delete', 'pod', 'other', `-n=${OPEN}`]],
      [
        'labels a pod',
        ['label', 'pod', 'other', `-n=${OPEN}`, 'app=payments-api'],
      ],
      [
        'adds a container to a pod',
        ['debug', 'other', `-n=${OPEN}`, '--image=busybox', '--', 'sh'],
      ],
      ['attaches to a pod', ['attach', 'other', `-n=${OPEN}`]],
      ['forwards a port', ['port-forward', 'pod/other', `-n=${OPEN}`, '0:80']],
      ['evicts pods', ['drain', 'localhost', '--force']],
      [
        'names the owners of a namespace',
        ['annotate', 'namespace', OPEN, 'kubernetes-access.io/owners=user:x/y'],
      ],
      [
        'changes the contract',
        [
          'annotate',
          'customresourcedefinition',
          'accessrequests.kubernetes-access.io',
          'kubernetes-access.io/contract=2',
          '--overwrite',
        ],
      ],
      [
        'reaches through to a kubelet',
        ['get', '--raw', '/api/v1/nodes/localhost/proxy/pods'],
      ],
      [
        'deletes all requests at once',
        [
          'delete',
          '--raw',
          '/apis/kubernetes-access.io/v1alpha1/accessrequests',
        ],
      ],
    ])('never %s', async (_, args) => {
      expect(await refusalOf(asBackEnd(args))).toContain(FORBIDDEN);
    });

    it.each([
      ['pods', () => aPod('mine', OPEN, cluster.info)],
      ['pods that run as a grant', () => aPod('mine', GRANTS, cluster.info)],
      ['Secrets', () => aSecret('mine', OPEN)],
      ['Secrets in the grant namespace', () => aSecret('mine', GRANTS)],
      ['ServiceAccounts elsewhere', () => aServiceAccount('mine', OPEN)],
      [
        'Leases of the control plane',
        () => aLease('mine', 'kube-system', 'me'),
      ],
      ['ServiceAccounts beside its own', () => aServiceAccount('mine', NAME)],
      ['Roles elsewhere', () => aRole('mine', CLOSED, execOn('wanted'))],
      [
        'Roles in kube-system',
        () => aRole('mine', 'kube-system', execOn('wanted')),
      ],
      [
        'Roles in the grant namespace',
        () => aRole('mine', GRANTS, execOn('wanted')),
      ],
      ['Roles beside its own', () => aRole('mine', NAME, execOn('wanted'))],
    ])('makes no %s', async (_, object) => {
      expect(await refusalOf(create(object()))).toContain(FORBIDDEN);
    });

    it.each([
      ['its own identity', 'kubernetes-access-backend', NAME],
      ['a controller of Kubernetes', 'namespace-controller', 'kube-system'],
      ['a workload', 'default', OPEN],
    ])('mints no token for %s', async (_, name, namespace) => {
      expect(
        await refusalOf(
          asBackEnd(['create', 'token', name, `--namespace=${namespace}`]),
        ),
      ).toContain(FORBIDDEN);
    });
  });

  describe('cannot grant what it does not hold:', () => {
    it.each([
      [
        'Secrets',
        [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
      ],
      ['everything', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]],
      [
        'all that can be done to pods',
        [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }],
      ],
      [
        'the deletion of a pod',
        [
          {
            apiGroups: [''],
            resources: ['pods'],
            resourceNames: ['wanted'],
            verbs: ['delete'],
          },
        ],
      ],
      [
        'to attach to a pod',
        [
          {
            apiGroups: [''],
            resources: ['pods/attach'],
            resourceNames: ['wanted'],
            verbs: ['create'],
          },
        ],
      ],
      [
        'to escalate',
        [
          {
            apiGroups: ['rbac.authorization.k8s.io'],
            resources: ['roles'],
            verbs: ['escalate', 'bind'],
          },
        ],
      ],
    ])('no Role with %s', async (_, rules) => {
      const refusal = await refusalOf(create(aRole('mine', OPEN, rules)));

      expect(refusal).toContain(NOT_HELD);
    });

    it('does not widen its own Role', async () => {
      const own = JSON.parse(
        await release.asAdmin([
          'get',
          'role',
          `${NAME}-kubernetes-access:target`,
          `--namespace=${OPEN}`,
          '--output=json',
        ]),
      );
      own.rules.push({
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['get'],
      });

      const refusal = await refusalOf(
        asBackEnd(['replace', '--filename=-'], own),
      );

      expect(refusal).toContain(NOT_HELD);
    });

    it.each(['cluster-admin', 'system:auth-delegator'])(
      'does not bind the ClusterRole %s',
      async name => {
        const binding = aRoleBinding(
          'mine',
          OPEN,
          { kind: 'ClusterRole', name },
          GRANTS,
        );

        expect(await refusalOf(create(binding))).toContain(NOT_HELD);
      },
    );

    it('makes nothing that holds in the whole cluster', async () => {
      const refusal = await refusalOf(
        create({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata: { name: 'mine' },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: 'view',
          },
          subjects: [
            { kind: 'ServiceAccount', name: 'default', namespace: GRANTS },
          ],
        }),
      );

      expect(refusal).toContain(FORBIDDEN);
    });
  });

  describe('the grant namespace', () => {
    it.each([
      ['pod', () => aPod('guest', GRANTS, cluster.info)],
      ['Secret', () => aSecret('guest', GRANTS)],
    ])('takes no %s, not even from an administrator', async (_, object) => {
      const refusal = await refusalOf(
        release.asAdmin(['create', '--filename=-'], object()),
      );

      expect(refusal).toContain('exceeded quota: nothing-but-service-accounts');
    });
  });
});

describe('the identity of the back end where all namespaces are open', () => {
  const name = 'chart-all';
  let release: ChartRelease;
  let grant: GrantDrafts;
  let asBackEnd: Kubectl;

  beforeAll(async () => {
    const cluster = await clusterFromEnvironment();
    release = new ChartRelease(cluster, name);
    await release.makeNamespace(`${name}-open`);
    // Also without the second lock: nothing else keeps these rights from where access is never granted.
    await release.install({
      allNamespaces: true,
      'admissionPolicies.enabled': false,
    });
    asBackEnd = await release.asBackEnd();
    grant = await GrantDrafts.of(asBackEnd, release.grantNamespace);
  });

  afterAll(async () => {
    await grant.remove(release.asAdmin);
    await release.remove();
  });

  const createRole = (namespace: string) =>
    asBackEnd(['create', '--filename=-'], grant.role('mine', namespace));

  it('grants in a namespace that nobody named', async () => {
    expect(await createRole(`${name}-open`)).toContain('created');
  });

  it.each(['kube-system', 'kube-public', name, `${name}-grants`])(
    'grants nothing in %s',
    async namespace => {
      const refusal = await eventually('the policy is in force', async () => {
        const words = await refusalOf(createRole(namespace));
        return words.includes('ValidatingAdmissionPolicy') ? words : undefined;
      });

      expect(refusal).toContain(
        `access is never granted in the namespace ${namespace}`,
      );
    },
  );
});
