import { mockCredentials } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import type { StoredRequest } from '../database/types';
import { openSessionHarness, PLACE } from '../testUtils/sessionHarness';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

describe('SessionService', () => {
  let harness: Harness;
  let replica: Awaited<ReturnType<Harness['startReplica']>>;
  const tokens: string[] = [];
  let prepared: number;

  beforeEach(async () => {
    harness = await openSessionHarness();
    tokens.length = 0;
    prepared = 0;
    harness.connection.prepareExec = () => {
      prepared += 1;
    };
    replica = await harness.startReplica('replica-2', {
      grants: {
        token: async ({ id }) => {
          tokens.push(id);
          return `token of ${id}`;
        },
        ensurePod: async () => {},
        forget: () => {},
      },
    });
  });

  afterEach(async () => {
    await harness.close();
  });

  const open = (request: StoredRequest, permitted?: Promise<unknown>) =>
    replica.sessions.opener.open({
      caller: {
        userRef: request.requester,
        ownershipRefs: [request.requester],
        credentials: mockCredentials.user(request.requester),
      },
      request,
      session: PLACE,
      permitted,
    });

  const denied = async () => {
    throw new NotAllowedError('The policy says no');
  };

  it('makes no ticket for whom the framework does not let, whatever else is true', async () => {
    const request = await harness.activeRequest();
    await expect(open(request, denied())).rejects.toThrow('The policy says no');
    expect(await harness.stores.sessions.listByRequest(request.id)).toEqual([]);
  });

  it('tells them nothing else either, nor puts it on the record of the request', async () => {
    const request = await harness.activeRequest();
    await harness.commitEnd(request);
    const ended = await harness.stores.requests.get(request.id);
    const before = await harness.stores.audit.read(request.id);
    await expect(open(ended!, denied())).rejects.toThrow('The policy says no');
    expect(await harness.stores.audit.read(request.id)).toEqual(before);
  });

  it('has token and connection under way before the ticket is there', async () => {
    const request = await harness.activeRequest();
    await open(request);
    expect(tokens).toEqual([request.id]);
    expect(prepared).toBe(1);
  });

  it('prepares nothing for what the record does not allow', async () => {
    const request = await harness.activeRequest();
    await harness.commitEnd(request);
    const ended = await harness.stores.requests.get(request.id);
    await expect(open(ended!)).rejects.toThrow('revoked');
    expect(tokens).toEqual([]);
    expect(prepared).toBe(0);
  });
});
