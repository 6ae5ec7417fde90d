import type { ChartRelease, Kubectl } from './ChartRelease';
import type { Draft, GrantDrafts } from './grant';
import { anAccessRequest, aRequestId } from './grant';
import { execOn } from './objects';

const RBAC = 'rbac.authorization.k8s.io';

/** A release of the chart with a namespace to grant in, a pod `wanted` there, and its back end's real credential. */
export interface Scene {
  release: ChartRelease;
  open: string;
  asBackEnd: Kubectl;
  asAdmin: Kubectl;
  grant: GrantDrafts;
  /** Makes an object as the back end. */
  create(draft: object): Promise<string>;
}

/** What somebody tries; `slug` sets its objects apart from those of others. */
export type Attempt = (scene: Scene, slug: string) => Promise<unknown>;

/** What a policy has to refuse to the back end, what it says then, and the attempt. RBAC alone allows each. */
export const FORBIDDEN: ReadonlyArray<[string, string, Attempt]> = [
  [
    'a Role under another name',
    'changes only what is named as a grant is',
    ({ grant, open, create }, slug) =>
      create(named(grant.role(slug, open), `mine-${slug}`)),
  ],
  [
    'a Role without labels',
    'carries its labels',
    ({ grant, open, create }, slug) =>
      create(without(grant.role(slug, open), 'labels')),
  ],
  [
    'a Role that nothing owns',
    'belongs to the AccessRequest',
    ({ grant, open, create }, slug) =>
      create(without(grant.role(slug, open), 'ownerReferences')),
  ],
  [
    'a Role in the name of another request',
    'belongs to the AccessRequest',
    ({ grant, open, create }, slug) => {
      const name = grant.name(slug).replace(grant.id, aRequestId());
      return create(named(grant.role(slug, open), name));
    },
  ],
  [
    'a Role for every pod',
    'names the pods',
    role({ resourceNames: undefined }),
  ],
  ['a Role for an empty list', 'names the pods', role({ resourceNames: [] })],
  [
    'a Role for 201 pods',
    'at most 200 pods',
    role({ resourceNames: Array.from({ length: 201 }, (_, i) => `p${i}`) }),
  ],
  [
    'a Role to watch pods',
    'nothing else',
    role({ resources: ['pods'], verbs: ['get', 'watch'] }),
  ],
  [
    'a Role to make RoleBindings',
    'nothing else',
    role({
      apiGroups: [RBAC],
      resources: ['rolebindings'],
      verbs: ['create'],
    }),
  ],
  [
    'a Role that grows after it was made',
    'names the pods',
    async ({ grant, open, create, asBackEnd }, slug) => {
      await create(grant.role(slug, open));
      const [rule] = execOn('wanted');
      await asBackEnd(
        ['replace', '--filename=-'],
        grant.role(slug, open, [{ ...rule, resourceNames: undefined }]),
      );
    },
  ],
  [
    'the removal of a Role that is not of a grant',
    'changes only what is named as a grant is',
    async ({ grant, open, asAdmin, asBackEnd }, slug) => {
      const theirs = named(grant.role(slug, open), `theirs-${slug}`);
      await asAdmin(['create', '--filename=-'], theirs);
      await asBackEnd(['delete', 'role', `theirs-${slug}`, `-n=${open}`]);
    },
  ],
  [
    'a RoleBinding for everybody',
    'to nobody else',
    binding({ kind: 'Group', name: 'system:authenticated', apiGroup: RBAC }),
  ],
  [
    'a RoleBinding for a user',
    'to nobody else',
    binding({ kind: 'User', name: 'mallory', apiGroup: RBAC }),
  ],
  [
    'a RoleBinding for a ServiceAccount elsewhere',
    'to nobody else',
    async (scene, slug) => {
      const { grant, open } = scene;
      const name = grant.name(slug);
      await binding({ kind: 'ServiceAccount', name, namespace: open })(
        scene,
        slug,
      );
    },
  ],
  [
    'a RoleBinding for a second ServiceAccount',
    'to nobody else',
    async ({ grant, open, create }, slug) => {
      const draft = grant.roleBinding(slug, open);
      const [own] = draft.subjects as object[];
      await create(grant.role(slug, open));
      await create({ ...draft, subjects: [own, { ...own, name: 'default' }] });
    },
  ],
  [
    'a RoleBinding to the Role of another grant',
    'binds its own Role',
    async ({ grant, open, create }, slug) => {
      const draft = grant.roleBinding(slug, open);
      await create(grant.role(`${slug}-other`, open));
      await create(referringTo(draft, 'Role', grant.name(`${slug}-other`)));
    },
  ],
  [
    "a RoleBinding to the back end's own Role",
    'binds its own Role',
    async ({ grant, open, create, release }, slug) =>
      create(
        referringTo(
          grant.roleBinding(slug, open),
          'Role',
          `${release.namespace}-kubernetes-access:target`,
        ),
      ),
  ],
  [
    'a RoleBinding to a ClusterRole',
    'never a ClusterRole',
    async ({ grant, open, create }, slug) =>
      create(
        referringTo(
          grant.roleBinding(slug, open),
          'ClusterRole',
          // With rights that the back end holds.
          'system:public-info-viewer',
        ),
      ),
  ],
  [
    'the removal of a RoleBinding that is not of a grant',
    'changes only what is named as a grant is',
    async ({ grant, open, asAdmin, asBackEnd }, slug) => {
      const theirs = named(grant.roleBinding(slug, open), `theirs-${slug}`);
      await asAdmin(['create', '--filename=-'], theirs);
      await asBackEnd([
        'delete',
        'rolebinding',
        `theirs-${slug}`,
        `-n=${open}`,
      ]);
    },
  ],
  [
    'a ServiceAccount under another name',
    'changes only what is named as a grant is',
    ({ grant, create }, slug) =>
      create(named(grant.serviceAccount(slug), `mine-${slug}`)),
  ],
  [
    'a ServiceAccount without labels',
    'carries its labels',
    ({ grant, create }, slug) =>
      create(without(grant.serviceAccount(slug), 'labels')),
  ],
  [
    'a ServiceAccount whose token is mounted',
    'never mounted',
    ({ grant, create }, slug) =>
      create({
        ...grant.serviceAccount(slug),
        automountServiceAccountToken: true,
      }),
  ],
  [
    'a ServiceAccount with a Secret',
    'has no Secrets',
    ({ grant, create }, slug) =>
      create({
        ...grant.serviceAccount(slug),
        secrets: [{ name: 'password' }],
      }),
  ],
  [
    'a ServiceAccount with a Secret to pull images',
    'has no Secrets',
    ({ grant, create }, slug) =>
      create({
        ...grant.serviceAccount(slug),
        imagePullSecrets: [{ name: 'password' }],
      }),
  ],
  [
    'the removal of a ServiceAccount that is not of a grant',
    'changes only what is named as a grant is',
    ({ asBackEnd, release }) =>
      asBackEnd([
        'delete',
        'serviceaccount',
        'default',
        `--namespace=${release.grantNamespace}`,
      ]),
  ],
  [
    'a token for 16 minutes',
    'at most 15 minutes',
    token({ expirationSeconds: 960 }),
  ],
  ['a token for the usual hour', 'at most 15 minutes', token({})],
  [
    'a token for two audiences',
    'for the API server',
    token({ expirationSeconds: 600, audiences: ['vault', 'api'] }),
  ],
  [
    'a token of a ServiceAccount that is not of a grant',
    'mints tokens of grants only',
    async ({ asBackEnd, asAdmin, release }, slug) => {
      const namespace = `--namespace=${release.grantNamespace}`;
      await asAdmin(['create', 'serviceaccount', slug, namespace]);
      await asBackEnd(['create', 'token', slug, namespace, '--duration=600s']);
    },
  ],
  [
    'a Lease under another name',
    'only the Lease of its installation',
    ({ create, release }, slug) =>
      create({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: slug, namespace: release.grantNamespace },
        spec: { holderIdentity: 'me' },
      }),
  ],
  [
    'an AccessRequest under another name',
    'is named after its request',
    async ({ create, asAdmin }, slug) => {
      await create(unheld(named(anAccessRequest(), `ar-chart-${slug}`)));
      await asAdmin(['delete', 'accessrequest', `ar-chart-${slug}`]);
    },
  ],
  [
    'an AccessRequest without labels',
    'carries its labels',
    async ({ create, asAdmin }) => {
      const draft = without(anAccessRequest(), 'labels');
      await create(unheld(draft));
      await asAdmin(['delete', 'accessrequest', draft.metadata.name]);
    },
  ],
  [
    'a change of an AccessRequest that is of no installation',
    'only AccessRequests of an installation',
    async ({ asAdmin, asBackEnd }, slug) => {
      const name = `chart-theirs-${slug}`;
      const theirs = unheld(without(named(anAccessRequest(), name), 'labels'));
      await asAdmin(['create', '--filename=-'], theirs);
      try {
        await asBackEnd(['label', 'accessrequest', name, 'some=label']);
      } finally {
        await asAdmin(['delete', 'accessrequest', name]);
      }
    },
  ],
  [
    'a status of an AccessRequest that is of no installation',
    'only AccessRequests of an installation',
    async ({ asAdmin, release }, slug) => {
      const name = `chart-status-${slug}`;
      const theirs = unheld(without(named(anAccessRequest(), name), 'labels'));
      await asAdmin(['create', '--filename=-'], theirs);
      try {
        await release.patchStatusAsBackEnd(name, { phase: 'Active' });
      } finally {
        await asAdmin(['delete', 'accessrequest', name]);
      }
    },
  ],
  [
    'the removal of an AccessRequest that is of no installation',
    'only AccessRequests of an installation',
    async ({ asAdmin, asBackEnd }, slug) => {
      const name = `chart-gone-${slug}`;
      const theirs = unheld(without(named(anAccessRequest(), name), 'labels'));
      await asAdmin(['create', '--filename=-'], theirs);
      try {
        await asBackEnd(['delete', 'accessrequest', name]);
      } finally {
        await asAdmin(['delete', 'accessrequest', name, '--ignore-not-found']);
      }
    },
  ],
  [
    'a command of its own in a pod',
    'only ends what sessions left behind',
    exec('--', 'sh', '-c', 'cat /etc/passwd'),
  ],
  [
    'what looks like the reaper and is not',
    'only ends what sessions left behind',
    exec('--', 'sh', '-s', '--', '1', '; id'),
  ],
  [
    'an exec that names no container',
    'container has to be named',
    async ({ asBackEnd, open }) =>
      // Not an upgrade: the API server says so once admission has let it pass.
      asBackEnd([
        'get',
        `--raw=/api/v1/namespaces/${open}/pods/wanted/exec?stdout=true&command=sh&command=-s&command=--&command=1`,
      ]).catch(error => {
        if (!/pgrade/.test(error.message)) {
          throw error;
        }
      }),
  ],
];

function role(rule: {
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  verbs?: string[];
}): Attempt {
  const [execRule] = execOn('wanted');
  return ({ grant, open, create }, slug) =>
    create(grant.role(slug, open, [{ ...execRule, ...rule }]));
}

function binding(subject: object): Attempt {
  return async ({ grant, open, create }, slug) => {
    await create(grant.role(slug, open));
    await create({ ...grant.roleBinding(slug, open), subjects: [subject] });
  };
}

function token(spec: object): Attempt {
  return async ({ grant, create, asBackEnd }, slug) => {
    await create(grant.serviceAccount(slug));
    const { grantNamespace } = grant;
    const name = grant.name(slug);
    await asBackEnd(
      [
        'create',
        '--filename=-',
        `--raw=/api/v1/namespaces/${grantNamespace}/serviceaccounts/${name}/token`,
      ],
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
    );
  };
}

function exec(...args: string[]): Attempt {
  return ({ asBackEnd, open }) =>
    asBackEnd(['exec', 'wanted', `--namespace=${open}`, ...args]).catch(
      error => {
        // It ran, and was not found or content.
        if (!/command terminated/.test(error.message)) {
          throw error;
        }
      },
    );
}

function referringTo(draft: Draft, kind: string, name: string): Draft {
  return { ...draft, roleRef: { apiGroup: RBAC, kind, name } };
}

function without(draft: Draft, field: 'labels' | 'ownerReferences'): Draft {
  return { ...draft, metadata: { ...draft.metadata, [field]: undefined } };
}

function named(draft: Draft, name: string): Draft {
  return { ...draft, metadata: { ...draft.metadata, name } };
}

/** So that it goes without a back end. */
function unheld(draft: Draft): Draft {
  return { ...draft, metadata: { ...draft.metadata, finalizers: undefined } };
}
