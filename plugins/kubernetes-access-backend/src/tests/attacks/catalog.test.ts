import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { readKubernetesAccessOptions } from '../../config';
import {
  aComponent,
  aGroup,
  aUser,
  demoCatalog,
} from '../../testUtils/catalog';
import { anApproval, aNewRequest } from '../../testUtils/requests';
import type { Person, TestApiOptions } from '../../testUtils/TestApi';
import { anAsk, TestApi } from '../../testUtils/TestApi';

/** Ada and Sam are the storefront team, and want into the pods of payments, which Olga and Omar own. */
describe('with what the catalog says', () => {
  let api: TestApi;

  let isAsNew = false;

  async function start(options?: TestApiOptions) {
    await api?.stop();
    api = await TestApi.start(options);
    isAsNew = options === undefined;
  }

  /** To start takes long: a test that has stored nothing leaves the API to the next one. */
  beforeEach(async () => {
    const stored = isAsNew && (await api.stores.requests.list({ limit: 1 }));
    if (!stored || stored.items.length > 0) {
      await start();
      return;
    }
    api.entities.splice(0, api.entities.length, ...demoCatalog());
    api.putNamespace('payments', 'group:default/payments');
  });

  afterAll(async () => {
    await api.stop();
  });

  /** Replaces what the catalog says of a name, or adds it. */
  function says(...entities: Entity[]) {
    for (const entity of entities) {
      forget(entity.kind, entity.metadata.name);
      api.entities.push(entity);
    }
  }

  function forget(kind: string, name: string) {
    const index = api.entities.findIndex(
      entity => entity.kind === kind && entity.metadata.name === name,
    );
    if (index >= 0) {
      api.entities.splice(index, 1);
    }
  }

  const ask = (person: Person, name: string) =>
    api.post(
      person,
      '/requests',
      anAsk({ entityRef: `component:default/${name}` }),
    );

  const target = (asked: AccessRequestDetail) => asked.targets;

  /** The component with annotations of its own. */
  function annotated(
    name: string,
    owner: string,
    annotations: Record<string, string>,
  ): Entity {
    const component = aComponent(name, 'storefront', owner);
    component.metadata.annotations = {
      ...component.metadata.annotations,
      ...annotations,
    };
    return component;
  }

  const OURS = 'storefront-web';
  const NAMESPACE = 'backstage.io/kubernetes-namespace';
  const SELECTOR = 'backstage.io/kubernetes-label-selector';
  const CLUSTER = 'backstage.io/kubernetes-cluster';
  const ID = 'backstage.io/kubernetes-id';

  describe('edited before asking', () => {
    it.each<[string, () => Entity, number, RegExp]>([
      [
        "the namespace is another team's",
        () => annotated(OURS, 'storefront', { [NAMESPACE]: 'payments' }),
        403,
        /does not name group:default\/storefront as an owner/,
      ],
      [
        "the id and the namespace are another team's",
        () =>
          annotated(OURS, 'storefront', {
            [NAMESPACE]: 'payments',
            [ID]: 'payments-api',
          }),
        403,
        /does not name group:default\/storefront/,
      ],
      [
        'the namespace is excluded',
        () => annotated(OURS, 'storefront', { [NAMESPACE]: 'kube-system' }),
        403,
        /Nobody gets access to the namespace kube-system/,
      ],
      [
        "the namespace is that of the grants' own accounts",
        () =>
          annotated(OURS, 'storefront', {
            [NAMESPACE]: 'kubernetes-access-grants',
          }),
        403,
        /Nobody gets access to the namespace kubernetes-access-grants/,
      ],
      [
        "the namespace is the back end's own",
        () =>
          annotated(OURS, 'storefront', { [NAMESPACE]: 'kubernetes-access' }),
        403,
        /Nobody gets access to the namespace kubernetes-access/,
      ],
      ...[
        '../payments',
        'payments/pods',
        'payments%2f..',
        'PAYMENTS',
        'pay ments',
        'payments\nstorefront',
        'payments?x=y',
        'pаyments', // with a Cyrillic letter
        'x'.repeat(64),
        '.',
        '-',
        '',
      ].map((namespace): [string, () => Entity, number, RegExp] => [
        `the namespace is ${JSON.stringify(namespace)}`,
        () => annotated(OURS, 'storefront', { [NAMESPACE]: namespace }),
        400,
        /kubernetes-namespace/,
      ]),
      ...[
        '',
        ' ',
        ',',
        'app notin (x)',
        '!app',
        'app!=x',
        'app=x,',
        'app=x,,tier=y',
        'app in (x),(y)',
        'app in (x',
        'app=x)',
        'app=x\n',
        'app=x&fieldSelector=y',
        'app in (x,y),tier in ((z))',
        'app=../../payments',
        '*',
        'app=*',
        `app in (${'x,'.repeat(600)}y)`,
        `app=${'x'.repeat(64)}`,
      ]
        .filter(selector => selector !== 'app=x\n')
        .map((selector): [string, () => Entity, number, RegExp] => [
          `the selector is ${JSON.stringify(selector.slice(0, 30))}`,
          () => annotated(OURS, 'storefront', { [SELECTOR]: selector }),
          400,
          /label.selector/i,
        ]),
      ...[
        'payments-api,app',
        'a in (b)',
        '',
        'x,!backstage.io/kubernetes-id',
      ].map((id): [string, () => Entity, number, RegExp] => [
        `the id is ${JSON.stringify(id)}`,
        () => annotated(OURS, 'storefront', { [ID]: id }),
        400,
        /kubernetes-id/,
      ]),
      ...['prod', 'DEMO', 'demo/../demo', 'demo,prod', '\u0000'].map(
        (cluster): [string, () => Entity, number, RegExp] => [
          `the cluster is ${JSON.stringify(cluster)}`,
          () => annotated(OURS, 'storefront', { [CLUSTER]: cluster }),
          400,
          /no cluster of that name is connected/,
        ],
      ),
    ])('nothing is given when %s', async (_, entity, status, message) => {
      says(entity());
      const response = await ask('ada', OURS);
      expect(response.body.error?.message).toMatch(message);
      expect(response.status).toBe(status);
      expect((await api.get('pia', '/requests?scope=all')).body.items).toEqual(
        [],
      );
    });

    it('only the owners whom the namespace names can approve, whoever else is written into the file', async () => {
      says(aComponent('payments-api', 'payments', 'payments', 'storefront'));
      const asked = await api.ask();
      expect(asked.approvers).toEqual({
        owners: ['group:default/payments'],
        users: ['user:default/olga', 'user:default/omar'],
      });
      expect((await api.approve('sam', asked)).status).toBe(404);
    });

    it('an annotation that names approvers is nothing to us', async () => {
      says(
        annotated(OURS, 'storefront', {
          'kubernetes-access.io/approvers': 'user:default/ada',
          'kubernetes-access.io/owners': 'group:default/storefront',
          [NAMESPACE]: 'payments',
        }),
      );
      expect((await ask('ada', OURS)).status).toBe(403);
    });
  });

  describe('an owner that is none authorises nobody', () => {
    const component = (...refs: string[]): Entity => ({
      ...aComponent('payments-api', 'payments'),
      relations: refs.map(targetRef => ({ type: 'ownedBy', targetRef })),
    });

    it.each<[string, Entity, RegExp]>([
      [
        'no owner',
        component(),
        /Nobody can approve this: the entity has no owner/,
      ],
      ['an empty owner', component(''), /has no owner/],
      ['white space', component('  '), /has no owner/],
      ['what is no ref', component(':::', '/'), /has no owner/],
      [
        'a group that does not exist',
        component('group:default/gone'),
        /does not name group:default\/gone/,
      ],
      [
        'a component',
        component('component:default/payments-api'),
        /does not name/,
      ],
      [
        'a group of the same name elsewhere',
        component('group:evil/payments'),
        /does not name group:evil\/payments/,
      ],
    ])('%s', async (_, entity, message) => {
      says(entity);
      const response = await ask('ada', 'payments-api');
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(message);
    });

    it.each([
      ['', 'an empty annotation'],
      [' , ,', 'commas'],
      ['*', 'a star'],
      ['group:default/*', 'a star in a ref'],
      ['payments storefront', 'words'],
      ['group:default/gone', 'somebody who does not exist'],
    ])('a namespace with %j (%s) consents to nobody', async owners => {
      api.putNamespace('payments', owners);
      const response = await ask('ada', 'payments-api');
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(/does not name/);
    });

    it('a group without members, where the catalog is trusted', async () => {
      await start({ options: { targetTrust: 'catalog' } });
      says(component('group:default/gone'));
      const response = await ask('ada', 'payments-api');
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(/Nobody but you/);
    });
  });

  describe('groups within groups', () => {
    /** `company` is above `payments`, which is above `payments-core`. */
    async function startNested(members: {
      company?: string[];
      payments?: string[];
      core?: string[];
    }) {
      await start({
        entities: [
          ...demoCatalog().filter(
            ({ metadata: { name } }) =>
              !['payments', 'ada', 'sam'].includes(name),
          ),
          aGroup('company', {
            members: members.company,
            children: ['payments'],
          }),
          aGroup('payments', {
            members: members.payments,
            parents: ['company'],
            children: ['payments-core'],
          }),
          aGroup('payments-core', {
            members: members.core,
            parents: ['payments'],
          }),
          aUser('ada', 'payments-core'),
          aUser('zoe', 'company'),
          aUser('sam', 'payments-core'),
        ],
      });
    }

    it('who is only in the group above the owners is no owner', async () => {
      await startNested({ company: ['zoe'], payments: ['olga'] });
      const asked = await api.ask();
      expect(asked.approvers.users).toEqual(['user:default/olga']);
      expect((await api.approve('zoe', asked)).status).toBe(404);
    });

    it('who is in a group below the owners is one, but not for their own request', async () => {
      await startNested({ payments: ['olga'], core: ['ada', 'sam'] });
      const asked = await api.ask();
      expect(asked.approvers.users).toEqual([
        'user:default/olga',
        'user:default/sam',
      ]);
      const own = await api.approve('ada', asked);
      expect([own.status, own.body.error.message]).toEqual([
        403,
        'Nobody decides on their own request.',
      ]);
      expect((await api.approve('sam', asked)).body.phase).toBe('Approved');
    });

    it('who is in several of them is one person', async () => {
      await startNested({
        company: ['sam'],
        payments: ['sam', 'olga'],
        core: ['sam', 'ada'],
      });
      const asked = await api.ask();
      expect(asked.approvers.users).toEqual([
        'user:default/olga',
        'user:default/sam',
      ]);
    });

    it('the only owner finds nobody, and says so', async () => {
      await startNested({ payments: ['ada'], core: ['ada'] });
      const response = await ask('ada', 'payments-api');
      expect(response.status).toBe(403);
      expect(response.body.error.message).toMatch(
        /Nobody but you could approve this/,
      );
    });

    it('the only owner is not among the fallback approvers who decide instead', async () => {
      await start({
        options: {
          fallbackApprovers: [
            'group:default/storefront',
            'group:default/platform',
          ],
        },
      });
      says(
        aGroup('payments', { members: ['ada'] }),
        aUser('ada', 'payments', 'storefront'),
      );
      const asked = await api.ask();
      expect(asked.approvers.users).toEqual([
        'user:default/pia',
        'user:default/sam',
      ]);
      expect((await api.approve('ada', asked)).status).toBe(403);
      expect((await api.approve('pia', asked)).status).toBe(200);
    });

    it('a name in other letters is the same person', async () => {
      const group = aGroup('payments', { members: ['olga'] });
      group.relations!.push(
        { type: 'hasMember', targetRef: 'User:Default/ADA' },
        { type: 'hasMember', targetRef: 'user:ada' },
      );
      says(group, aUser('ada', 'payments'));
      const asked = await api.ask();
      expect(asked.approvers.users).toEqual(['user:default/olga']);
      expect((await api.approve('ada', asked)).status).toBe(403);
    });
  });

  describe('edited after asking', () => {
    it('the reach stays what was asked for', async () => {
      const before = await api.ask();
      says(
        annotated('payments-api', 'payments', {
          [NAMESPACE]: 'storefront',
          [SELECTOR]: 'app',
        }),
      );
      const { body } = await api.approve('olga', before);
      expect(target(body)).toEqual(target(before));
      says(annotated('payments-api', 'payments', { [NAMESPACE]: 'legacy' }));
      await api.grant(before.id);
      const pods = await api.get('ada', `/requests/${before.id}/pods`);
      expect(pods.body.items.map((pod: { name: string }) => pod.name)).toEqual([
        'payments-api-1',
      ]);
    });

    it('to their own team, the new owners cannot approve, nor see it', async () => {
      const asked = await api.ask();
      says(aComponent('payments-api', 'payments', 'storefront'));
      expect((await api.approve('sam', asked)).status).toBe(404);
      const former = await api.approve('olga', asked);
      expect(former.status).toBe(403);
      expect(former.body.error.message).toMatch(
        /not an owner of this entity now/,
      );
    });

    it('with their own team beside the owners, only the owners from before approve', async () => {
      const asked = await api.ask();
      says(aComponent('payments-api', 'payments', 'payments', 'storefront'));
      api.putNamespace(
        'payments',
        'group:default/payments,group:default/storefront',
      );
      expect((await api.approve('sam', asked)).status).toBe(404);
      expect((await api.approve('olga', asked)).status).toBe(200);
    });

    it('an approver who is moved into the team and out of it again gains nothing', async () => {
      says(
        aUser('sam', 'payments'),
        aGroup('payments', { members: ['olga', 'sam'] }),
      );
      const asked = await api.ask();
      says(
        aUser('sam', 'storefront'),
        aGroup('payments', { members: ['olga'] }),
      );
      expect((await api.approve('sam', asked)).status).toBe(404);
    });

    it('and deleted, nobody decides, and its requester can still withdraw it', async () => {
      const asked = await api.ask();
      forget('Component', 'payments-api');
      const approved = await api.approve('olga', asked);
      expect(approved.status).toBe(403);
      expect(approved.body.error.message).toMatch(
        /The entity component:default\/payments-api is not in the catalog any more/,
      );
      expect(
        (await api.post('ada', `/requests/${asked.id}/cancel`)).status,
      ).toBe(200);
    });

    it('and deleted, the fallback approvers do not inherit it', async () => {
      await start({
        options: {
          fallbackApprovers: ['group:default/platform'],
          targetTrust: 'catalog',
        },
      });
      says(
        aGroup('payments', { members: ['olga'] }),
        aUser('olga', 'payments'),
      );
      const asked = await api.ask({}, 'olga');
      expect(asked.approvers.users).toEqual(['user:default/pia']);
      forget('Component', 'payments-api');
      expect((await api.approve('pia', asked)).status).toBe(403);
    });

    it('and made anew by another team under the same name, neither they nor the former owners approve', async () => {
      const asked = await api.ask();
      forget('Component', 'payments-api');
      const anew = aComponent('payments-api', 'storefront', 'storefront');
      anew.metadata.uid = 'another';
      says(anew);
      expect((await api.approve('sam', asked)).status).toBe(404);
      expect((await api.approve('olga', asked)).status).toBe(403);
    });

    it('and renamed, what is asked stays with the old name and nobody approves it', async () => {
      const asked = await api.ask();
      forget('Component', 'payments-api');
      says(aComponent('payments-api-2', 'payments', 'payments'));
      expect((await api.approve('olga', asked)).status).toBe(403);
      // The new name is another entity, and its pods are others.
      expect((await ask('ada', 'payments-api-2')).status).toBe(201);
    });

    it('the approver sees what the digest stands for, not what the catalog says now', async () => {
      const asked = await api.ask();
      says(
        annotated('payments-api', 'payments', { [SELECTOR]: 'app=everything' }),
      );
      const seen = await api.get('olga', `/requests/${asked.id}`);
      expect([seen.body.digest, target(seen.body)]).toEqual([
        asked.digest,
        target(asked),
      ]);
    });
  });

  describe('a namespace that is excluded since', () => {
    it('is approved for nobody, and what was approved before opens nothing', async () => {
      await start({ options: { excludedNamespaces: ['payments'] } });
      const { requests } = api.stores;
      const { id, digest } = await requests.create(
        aNewRequest({ terms: { clusterUid: api.clusterUid } }),
        () => {},
      );
      const approved = await api.approve('olga', { id, digest });
      expect([approved.status, approved.body.error.message]).toEqual([
        403,
        'Nobody gets access to the namespace payments in this way any more.',
      ]);
      await requests.change(id, () => ({
        entries: [anApproval({ digest })],
      }));
      await api.grant(id);
      const pods = await api.get('ada', `/requests/${id}/pods`);
      const session = await api.post('ada', `/requests/${id}/sessions`, {
        namespace: 'payments',
        pod: 'payments-api-1',
        container: 'api',
        columns: 80,
        rows: 24,
      });
      for (const { status, body } of [pods, session]) {
        expect([status, body.error.message]).toEqual([
          403,
          'Nobody gets access to the namespace payments in this way.',
        ]);
      }
    });
  });

  describe('which does not answer', () => {
    const notFound = Object.assign(
      new Error('Request failed with 404 Not Found'),
      { name: 'ResponseError', statusCode: 404 },
    );
    const unreachable = Object.assign(new TypeError('fetch failed'), {
      cause: new Error('connect ECONNREFUSED 10.0.0.7:7007'),
    });

    it.each<[string, Error]>([
      ['says that there is nothing', notFound],
      ['cannot be reached', unreachable],
    ])(
      'as it should but %s: nothing is done, and nothing told of it',
      async (_, error) => {
        const asked = await api.ask();
        api.catalogError = error;
        for (const response of [
          await api.approve('olga', asked),
          await api.post('sam', '/requests', anAsk()),
          await api.get('sam', `/requests/${asked.id}`),
        ]) {
          expect(response.status).toBe(503);
          expect(JSON.stringify(response.body.error)).not.toMatch(/404|10\.0/);
          expect(response.body.error.message).toMatch(/nothing was done/);
        }
        api.catalogError = undefined;
        const { body } = await api.get('pia', '/requests?scope=all');
        expect(body.items).toMatchObject([{ id: asked.id, phase: 'Pending' }]);
      },
    );
  });

  describe('with two approvals', () => {
    beforeEach(async () => {
      const { defaults } = readKubernetesAccessOptions(
        mockServices.rootConfig(),
      );
      await start({ options: { defaults: { ...defaults, approvals: 2 } } });
      says(
        aGroup('payments', { members: ['olga', 'omar', 'sam'] }),
        aUser('sam', 'payments'),
      );
    });

    it('who loses ownership between the two loses their approval', async () => {
      const asked = await api.ask();
      expect((await api.approve('olga', asked)).body.phase).toBe('Pending');
      says(aUser('olga'), aGroup('payments', { members: ['omar', 'sam'] }));
      const second = await api.approve('omar', asked);
      expect(second.status).toBe(409);
      expect(second.body.error.message).toMatch(
        /olga has approved this but is not an owner any more/,
      );
      expect((await api.get('ada', `/requests/${asked.id}`)).body.phase).toBe(
        'Pending',
      );
    });

    it('who comes back has approved, once', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      says(aUser('olga'), aGroup('payments', { members: ['omar', 'sam'] }));
      says(
        aUser('olga', 'payments'),
        aGroup('payments', { members: ['olga', 'omar', 'sam'] }),
      );
      expect((await api.approve('olga', asked)).status).toBe(409);
      expect((await api.approve('omar', asked)).body.phase).toBe('Approved');
    });

    it('who has approved can take it back by ending the request', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      const { body } = await api.post('olga', `/requests/${asked.id}/revoke`);
      expect(body).toMatchObject({
        phase: 'Revoked',
        endedBy: 'user:default/olga',
      });
    });

    it('one denies alone', async () => {
      const { id, digest } = await api.ask();
      await api.approve('olga', { id, digest });
      const { body } = await api.post('omar', `/requests/${id}/deny`, {
        digest,
        comment: 'Use staging.',
      });
      expect(body.phase).toBe('Denied');
    });

    it('the second is held to the consent of the namespace as it is then', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      api.putNamespace('payments', 'group:default/storefront');
      expect((await api.approve('omar', asked)).status).toBe(403);
    });
  });
});
