import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../controller';
import { leaseName } from '../grants';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { connectSqlite } from '../testUtils/engines';
import { GRANT_NAMESPACE, GrantScene } from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

/** A back end on a file of a database. */
interface Running {
  stores: TestStores;
  replica: TestReplica;
}

describe('a database that is not the one by which a real cluster was looked after', () => {
  let scene: GrantScene;
  let folder: string;
  let installationId: string;
  let running: Running[] = [];
  const installations: string[] = [];

  beforeAll(async () => {
    scene = await GrantScene.set();
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ka-restored-'));
    installationId = randomUUID();
    installations.push(installationId);
  });

  afterEach(async () => {
    for (const each of [...running]) {
      await stop(each);
    }
    await rm(folder, { recursive: true, force: true });
  });

  afterAll(async () => {
    await scene?.clear();
    await scene?.removeLeases(...installations);
  });

  async function start(file: string): Promise<Running> {
    const stores = await openTestStores({
      clock: new SystemClock(),
      knex: connectSqlite(join(folder, file)),
      installationId,
    });
    const replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
    });
    const started = { stores, replica };
    running.push(started);
    return started;
  }

  async function stop(each: Running): Promise<void> {
    running = running.filter(other => other !== each);
    await each.replica.stop();
    await each.stores.close();
  }

  async function copy(from: string, to: string): Promise<void> {
    await copyFile(join(folder, from), join(folder, to));
  }

  async function leading({ replica }: Running): Promise<void> {
    await eventually(() => expect(replica.leads).toBe(true), 30_000);
  }

  /** Waits until the Lease carries the newest that is on record there. */
  async function remembered({ stores }: Running): Promise<void> {
    const newest = await stores.requests.newestEntry();
    await eventually(async () => {
      const { metadata } = await scene.cluster.getJson<{
        metadata: { annotations?: Record<string, string> };
      }>([
        'lease',
        leaseName(installationId),
        `--namespace=${GRANT_NAMESPACE}`,
      ]);
      expect(metadata.annotations).toMatchObject({
        'kubernetes-access.io/recorded-until': newest?.at,
        'kubernetes-access.io/recorded-entry': `${newest?.requestId}/${newest?.sequence}`,
      });
    });
  }

  async function accept(): Promise<void> {
    await scene.cluster.kubectl([
      'annotate',
      'lease',
      leaseName(installationId),
      `--namespace=${GRANT_NAMESPACE}`,
      'kubernetes-access.io/recorded-until-',
    ]);
  }

  async function closed({ replica }: Running): Promise<void> {
    await eventually(() =>
      expect(replica.clusters.health()).toEqual([
        expect.objectContaining({
          state: 'suspended',
          message: expect.stringContaining("Cluster 'Test' is closed"),
        }),
      ]),
    );
  }

  it('is refused when it was put back to an older state: nothing is deleted and nobody gets in, until somebody accepts the loss', async () => {
    const before = await start('now.sqlite');
    const kept = await scene.grant(before.stores);
    await stop(before);
    await copy('now.sqlite', 'backup.sqlite');

    const until = await start('now.sqlite');
    const lost = await scene.grant(until.stores);
    await remembered(until);
    await stop(until);
    const uids = await scene.uids(lost.id);
    expect(uids).toHaveLength(4);

    const after = await start('backup.sqlite');
    await closed(after);
    const { replica, stores } = after;
    expect(replica.clusters.byUid(kept.terms.clusterUid)).toBeUndefined();
    expect(() => replica.clusters.byName('test')).toThrow(/is closed/);
    await expect(replica.controller.token(kept)).rejects.toThrow();
    await expect(
      replica.controller.ensurePod(
        kept,
        kept.terms.targets[0].namespace,
        scene.pods[0],
      ),
    ).rejects.toThrow(/is closed/);
    // It has looked at the cluster more than once by then.
    await new Promise(resolve => setTimeout(resolve, 2_000));
    expect(replica.writes).toEqual([]);
    expect(await scene.uids(lost.id)).toEqual(uids);
    expect(replica.logger.error).toHaveBeenCalledTimes(1);
    expect(replica.logger.error).toHaveBeenCalledWith(
      expect.stringContaining(
        `kubectl annotate lease ${leaseName(installationId)}`,
      ),
    );

    await accept();
    await leading(after);
    expect(replica.clusters.health()[0].state).toBe('ready');
    await eventually(async () => {
      expect(await scene.objects(lost.id)).toEqual([]);
      expect(
        await scene.cluster.kubectl([
          'get',
          'accessrequest',
          lost.resourceName,
          '--ignore-not-found',
        ]),
      ).toBe('');
    });
    expect(await replica.controller.token(kept)).toMatch(/^ey/);
    expect(await scene.uids(kept.id)).toHaveLength(4);
    await scene.revoke(stores, kept.id);
    await scene.removed(stores, kept.id);
  });

  it('does not give back what was revoked a moment before the part that was lost', async () => {
    const before = await start('now.sqlite');
    const { id } = await scene.grant(before.stores);
    await before.stores.knex.raw('vacuum into ?', [
      join(folder, 'standby.sqlite'),
    ]);
    await scene.revoke(before.stores, id);
    await scene.removed(before.stores, id);
    await remembered(before);
    // The process dies with its database, and another takes over with the one that lags behind.
    before.replica.stall();

    const after = await start('standby.sqlite');
    await closed(after);
    await new Promise(resolve => setTimeout(resolve, 8_000));
    expect(after.replica.writes).toEqual([]);
    expect(await scene.objects(id)).toEqual([]);
  });

  it('is refused when it is empty although the cluster was looked after before', async () => {
    const before = await start('now.sqlite');
    const { id } = await scene.grant(before.stores);
    await remembered(before);
    await stop(before);
    const after = await start('new.sqlite');
    await closed(after);
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(after.replica.writes).toEqual([]);
    expect(await scene.objects(id)).toHaveLength(3);
  });

  it('is refused from one moment to the next when it is put back under a running back end', async () => {
    const member = await start('now.sqlite');
    const { id } = await scene.grant(member.stores);
    await remembered(member);
    await leading(member);
    const { knex } = member.stores;
    await knex('record_entries').where({ request_id: id }).delete();
    await knex('request_people').where({ request_id: id }).delete();
    await knex('requests').where({ id }).delete();
    await closed(member);
    expect(member.replica.leads).toBe(false);
    expect(await scene.objects(id)).toHaveLength(3);
  });

  it('is accepted after a restart when nothing is missing', async () => {
    const before = await start('now.sqlite');
    const { id } = await scene.grant(before.stores);
    await remembered(before);
    await stop(before);
    const after = await start('now.sqlite');
    await leading(after);
    expect(await scene.objects(id)).toHaveLength(3);
    await scene.revoke(after.stores, id);
    await scene.removed(after.stores, id);
  });

  describe('as the copy of another one, such as a staging system’s,', () => {
    it('stands by while the original runs, and is refused as soon as people use that', async () => {
      const original = await start('now.sqlite');
      await scene.grant(original.stores);
      await remembered(original);
      const { stores } = original;
      await stores.knex.raw('vacuum into ?', [join(folder, 'copy.sqlite')]);
      const clone = await start('copy.sqlite');
      expect(clone.replica.leads).toBe(false);

      const { id } = await scene.grant(stores);
      await remembered(original);
      await closed(clone);

      // People use the copy as well; newer entries than the original's do not make it the original.
      await scene.ask(clone.stores);
      original.replica.stall();
      await new Promise(resolve => setTimeout(resolve, 8_000));
      expect(clone.replica.leads).toBe(false);
      expect(clone.replica.writes).toEqual([]);
      expect(await scene.objects(id)).toHaveLength(3);

      await original.replica.resume();
      await leading(original);
      await scene.revoke(stores, id);
      await scene.removed(stores, id);
    });

    it('takes nothing away from the original when it gets hold of the cluster', async () => {
      const original = await start('now.sqlite');
      const standing = await scene.grant(original.stores);
      await remembered(original);
      const { stores } = original;
      await stores.knex.raw('vacuum into ?', [join(folder, 'copy.sqlite')]);
      const uids = await scene.uids(standing.id);
      original.replica.stall();
      const clone = await start('copy.sqlite');
      await leading(clone);
      await scene.ask(clone.stores);
      await remembered(clone);

      await original.replica.resume();
      await closed(original);
      expect(await scene.uids(standing.id)).toEqual(uids);
      expect(original.replica.leads).toBe(false);
    });
  });
});
