import { FakeKubeClient } from '../testUtils/FakeKubeClient';
import { NotLeadingError } from './errors';
import { FencedKubeClient } from './FencedKubeClient';
import type { CallOptions } from './types';

const PODS = '/api/v1/namespaces/payments/pods';

describe('FencedKubeClient', () => {
  let server: FakeKubeClient;
  let leftMs: number;
  let client: FencedKubeClient;

  beforeEach(() => {
    server = new FakeKubeClient();
    server.put(PODS, { metadata: { name: 'api-1' } });
    leftMs = 10_000;
    client = new FencedKubeClient(server, {
      get leftMs() {
        return leftMs;
      },
    });
  });

  const writes: Array<[string, () => Promise<unknown>]> = [
    ['create', () => client.create(PODS, { metadata: { name: 'api-2' } })],
    ['replace', () => client.replace(`${PODS}/api-1`, { metadata: {} })],
    ['patch', () => client.patch(`${PODS}/api-1`, 'merge', { metadata: {} })],
    ['delete', () => client.delete(`${PODS}/api-1`)],
  ];

  it.each(writes)(
    'passes on a %s while this process leads',
    async (_, write) => {
      await write();
      expect(server.writes).toHaveLength(1);
    },
  );

  it.each(writes)('refuses a %s when it does not', async (_, write) => {
    leftMs = 0;
    await expect(write()).rejects.toThrow(NotLeadingError);
    expect(server.writes).toEqual([]);
  });

  it('reads at any time', async () => {
    leftMs = 0;
    const { items } = await client.list(PODS);
    expect(items).toHaveLength(1);
    await client.get(`${PODS}/api-1`);
  });

  it('asks anew before each write', async () => {
    await client.delete(`${PODS}/api-1`);
    leftMs = 0;
    await expect(client.delete(`${PODS}/api-1`)).rejects.toThrow(
      /does not look after the cluster any more/,
    );
  });

  it('gives a write no more time than this process has left', async () => {
    const seen: CallOptions[] = [];
    server.delete = async (_path, options = {}) => {
      seen.push(options);
    };
    await client.delete(PODS, { uid: 'u', lane: 'removal' });
    leftMs = 1_200.4;
    await client.delete(PODS, { timeoutMs: 500 });
    await client.delete(PODS);
    expect(seen).toEqual([
      { uid: 'u', lane: 'removal', timeoutMs: 10_000 },
      { timeoutMs: 500 },
      { timeoutMs: 1_201 },
    ]);
  });
});
