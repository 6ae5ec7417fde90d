import type { ClusterConnection, Clusters } from '../kubernetes';
import { apiError, FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import {
  after,
  approvalOf,
  aStoredRequest,
  startOf,
  withEntries,
} from '../testUtils/stored';
import { GrantTokens } from './GrantTokens';
import { grantName } from './names';

const ACCOUNTS = '/api/v1/namespaces/grants/serviceaccounts';
const base = aStoredRequest({
  observed: {
    resourceUid: 'uid-1',
    grantedAt: after(62),
    removal: { state: 'none' },
  },
});
const active = withEntries(base, approvalOf(base), startOf(base));

describe('GrantTokens', () => {
  let clock: ManualClock;
  let client: FakeKubeClient;
  let tokens: GrantTokens;
  let isConnected: boolean;

  beforeEach(() => {
    clock = new ManualClock(after(100));
    client = new FakeKubeClient();
    isConnected = true;
    const connection = { client, grantNamespace: 'grants' } as unknown;
    tokens = new GrantTokens({
      clock,
      store: {
        now: async () => new Date(Date.parse(after(100)) + clock.monotonic()),
      },
      clusters: {
        byUid: () =>
          isConnected ? (connection as ClusterConnection) : undefined,
      } as unknown as Clusters,
    });
    client.put(ACCOUNTS, {
      metadata: { name: grantName(active.requester, active.id, 'uid-1') },
    });
  });

  const minted = () => client.writes.length;

  it('mints once and hands the same token out until a minute before its end', async () => {
    const first = await tokens.token(active);
    await clock.advance(9 * 60_000 - 1);
    expect(await tokens.token(active)).toBe(first);
    expect(minted()).toBe(1);
    await clock.advance(1);
    expect(await tokens.token(active)).not.toBe(first);
  });

  it.each([
    ['ahead', 2 * 3600_000],
    ['behind', -2 * 3600_000],
  ])('goes by the database’s clock when its own is hours %s', async (_, ms) => {
    clock.step(ms);
    await expect(tokens.token(active)).resolves.toBeDefined();
    await clock.advance((61 + 3600 - 100) * 1000);
    await expect(tokens.token(active)).rejects.toThrow('(Expired)');
  });

  it('does not mind a clock that is wrong, here or in the cluster', async () => {
    const first = await tokens.token(active);
    clock.step(-30 * 60_000);
    await clock.advance(60_000);
    clock.step(30 * 60_000);
    expect(await tokens.token(active)).toBe(first);
  });

  it('mints anew after it was told to forget', async () => {
    const first = await tokens.token(active);
    tokens.forget(active.id);
    expect(await tokens.token(active)).not.toBe(first);
  });

  it('hands nothing out at the instant at which the grant expires', async () => {
    await tokens.token(active);
    await clock.advance((61 + 3600 - 100) * 1000);
    await expect(tokens.token(active)).rejects.toThrow(/does not stand/);
  });

  it('hands nothing out before the grant stands', async () => {
    const approved = {
      ...active,
      observed: base.observed,
      entries: [active.entries[0], active.entries[1]],
    };
    await expect(tokens.token(approved)).rejects.toThrow(/does not stand/);
    expect(minted()).toBe(0);
  });

  it('tries again while the API server does not know the ServiceAccount yet', async () => {
    const allow = client.refuse(
      'create',
      /token$/,
      apiError(404, 'NotFound', 'no such account'),
    );
    const token = tokens.token(active);
    await clock.advance(50);
    allow();
    await clock.advance(150);
    expect(await token).toMatch(/^token-/);
  });

  it('says so when the cluster cannot be reached, and tries again the next time', async () => {
    isConnected = false;
    await expect(tokens.token(active)).rejects.toThrow(/cannot be reached/);
    isConnected = true;
    expect(await tokens.token(active)).toMatch(/^token-/);
  });
});
