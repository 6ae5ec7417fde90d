import {
  createBackendPlugin,
  coreServices,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import request from 'supertest';
import type { Caller } from './Caller';
import { aStoredRequest } from '../testUtils/stored';
import { registerPermissions } from './registerPermissions';
import { RequestGate } from './RequestGate';

function aCaller(userRef: string, ...groups: string[]): Caller {
  return {
    userRef,
    ownershipRefs: [userRef, ...groups],
    credentials: mockCredentials.user(userRef),
  };
}

const ada = aCaller('user:default/ada');
const olga = aCaller('user:default/olga', 'group:default/payments');
const sam = aCaller('user:default/sam');

function gateWith(policy: (permission: string) => boolean) {
  const asked: string[] = [];
  const permissions = mockServices.permissions.mock({
    authorize: async requests =>
      requests.map(({ permission }) => {
        asked.push(permission.name);
        return {
          result: policy(permission.name)
            ? AuthorizeResult.ALLOW
            : AuthorizeResult.DENY,
        };
      }),
  });
  const gate = new RequestGate({ permissions, admins: [], auditors: [] });
  return { gate, asked };
}

describe('RequestGate', () => {
  const theRequest = aStoredRequest();
  const pending = { phase: 'Pending' as const, approvedBy: [] };

  it('does not let the policy widen the floor', async () => {
    const { gate, asked } = gateWith(() => true);
    expect(gate.onFloor(sam, [theRequest])).toEqual([]);
    expect(await gate.may(ada, 'decide', theRequest)).toBe(false);
    expect(await gate.may(olga, 'openSession', theRequest)).toBe(false);
    expect(asked).toEqual([]);
  });

  it('lets the policy narrow it', async () => {
    const { gate } = gateWith(name => !name.endsWith('.approve'));
    const [actions] = await gate.actions(olga, [
      { request: theRequest, state: pending },
    ]);
    expect(actions.decide).toBe(false);
    expect(await gate.may(olga, 'decide', theRequest)).toBe(false);
  });

  it('shows revoking to whom the framework does not let decide, as the API lets them', async () => {
    const { gate } = gateWith(name => !name.endsWith('.approve'));
    const [actions] = await gate.actions(olga, [
      { request: theRequest, state: pending },
    ]);
    expect(actions).toMatchObject({ decide: false, revoke: true });
  });

  it('makes what may not be read not exist', async () => {
    const { gate } = gateWith(name => !name.endsWith('.read'));
    await expect(
      gate.requireVisible(olga, theRequest, theRequest.id),
    ).rejects.toThrow(`There is no request '${theRequest.id}'`);
  });

  it('finds for somebody who wants to act what they see, and says in the same answer whether they may', async () => {
    const { gate, asked } = gateWith(name => !name.endsWith('.approve'));
    expect(
      await gate.requireVisibleFor(olga, 'decide', theRequest, theRequest.id),
    ).toEqual({ request: theRequest, isAllowed: false });
    expect(asked).toHaveLength(2);
    // Whom the floor does not let act is not asked about.
    expect(
      await gate.requireVisibleFor(ada, 'decide', theRequest, theRequest.id),
    ).toEqual({ request: theRequest, isAllowed: false });
    expect(asked).toHaveLength(3);
  });

  it('finds nothing for strangers, nor what may not be read, whatever they want to do', async () => {
    const { gate } = gateWith(name => !name.endsWith('.read'));
    for (const caller of [sam, olga]) {
      await expect(
        gate.requireVisibleFor(caller, 'decide', theRequest, theRequest.id),
      ).rejects.toThrow(`There is no request '${theRequest.id}'`);
    }
  });

  it('lets nobody be kept from withdrawing what they asked', async () => {
    const { gate } = gateWith(() => false);
    expect(await gate.may(ada, 'cancel', theRequest)).toBe(true);
  });

  it('asks the framework once for many requests', async () => {
    const { gate, asked } = gateWith(() => true);
    const another = aStoredRequest();
    const items = [theRequest, another].map(one => ({
      request: one,
      state: pending,
    }));
    const actions = await gate.actions(olga, items);
    expect(actions.map(({ decide }) => decide)).toEqual([true, true]);
    expect(asked).toHaveLength(4);
  });

  it('lets no guest ask', async () => {
    const { gate } = gateWith(() => true);
    const guest = aCaller('user:default/guest');
    expect(await gate.mayCreate(guest, 'component:default/a')).toBe(false);
    expect(await gate.mayCreate(ada, 'component:default/a')).toBe(true);
  });
});

describe('registerPermissions', () => {
  it('answers the permission framework when a policy depends on conditions', async () => {
    const theRequest = aStoredRequest();
    const { server } = await startTestBackend({
      features: [
        createBackendPlugin({
          pluginId: 'kubernetes-access',
          register(env) {
            env.registerInit({
              deps: { registry: coreServices.permissionsRegistry },
              async init({ registry }) {
                registerPermissions(registry, {
                  get: async id =>
                    id === theRequest.id ? theRequest : undefined,
                  now: async () => new Date(theRequest.createdAt),
                });
              },
            });
          },
        }),
      ],
    });
    const conditionOn = (id: string, resourceRef: string, claim: string) => ({
      id,
      resourceRef,
      resourceType: 'kubernetes-access-request',
      conditions: {
        rule: 'IS_APPROVER',
        resourceType: 'kubernetes-access-request',
        params: { claims: [claim] },
      },
    });
    const apply = (authorization: string) =>
      request(server)
        .post(
          '/api/kubernetes-access/.well-known/backstage/permissions/apply-conditions',
        )
        .set('Authorization', authorization);
    // Nobody finds out about requests in this way.
    const byUser = await apply(mockCredentials.user.header()).send({
      items: [conditionOn('1', theRequest.id, 'group:default/payments')],
    });
    expect(byUser.status).toBe(403);
    const response = await apply(mockCredentials.service.header()).send({
      items: [
        conditionOn('1', theRequest.id, 'group:default/payments'),
        conditionOn('2', theRequest.id, 'group:default/storefront'),
        conditionOn('3', 'another', 'group:default/payments'),
      ],
    });
    expect(response.body).toEqual({
      items: [
        { id: '1', result: 'ALLOW' },
        { id: '2', result: 'DENY' },
        { id: '3', result: 'DENY' },
      ],
    });
  });
});
