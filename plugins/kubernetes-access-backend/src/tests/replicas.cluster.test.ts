import { randomUUID } from 'node:crypto';
import { SystemClock } from '../controller';
import { DatabaseChangeFeed } from '../database/DatabaseChangeFeed';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase } from '../testUtils/engines';
import { GrantScene, SCENE_NAMESPACE } from '../testUtils/GrantScene';
import { eventually } from '../testUtils/RealCluster';
import { TestReplica } from '../testUtils/TestReplica';

jest.setTimeout(240_000);

/** A replica with its own connections to the database that all share. */
interface Member {
  replica: TestReplica;
  stores: TestStores;
  stop(): Promise<void>;
}

describe('several replicas on one database, in a real cluster', () => {
  const installationId = randomUUID();
  let scene: GrantScene;
  let database: TestDatabase;
  let running: Member[] = [];

  beforeAll(async () => {
    scene = await GrantScene.set();
    database = await createTestDatabase('postgres');
  });

  afterEach(async () => {
    await Promise.all(running.map(member => member.stop()));
    running = [];
  });

  afterAll(async () => {
    await scene?.clear();
    await scene?.removeLeases(installationId);
    await database?.close();
  });

  async function join(): Promise<Member> {
    const clock = new SystemClock();
    const knex = database.connect();
    const stores = await openTestStores({ clock, knex, installationId });
    const feed = new DatabaseChangeFeed({
      knex,
      store: stores.requests,
      installationId,
      replica: randomUUID(),
      clock,
      logger: console,
    });
    await feed.start();
    const replica = await TestReplica.start({
      cluster: scene.cluster,
      stores,
      installationId,
      changes: feed,
    });
    const member = {
      replica,
      stores,
      stop: async () => {
        await replica.stop();
        await feed.stop();
        await stores.close();
      },
    };
    running.push(member);
    return member;
  }

  async function leading({ replica }: Member): Promise<void> {
    await eventually(() => expect(replica.leads).toBe(true), 30_000);
  }

  /** One that leads, and one that stands by. */
  async function two(): Promise<[Member, Member]> {
    const leader = await join();
    await leading(leader);
    return [leader, await join()];
  }

  it('has one of them look after the cluster, whichever of them hears what people do', async () => {
    const [leader, follower] = await two();
    const { id } = await scene.grant(follower.stores);
    expect(await scene.objects(id)).toHaveLength(3);
    await scene.revoke(follower.stores, id);
    await scene.removed(follower.stores, id);
    expect(leader.replica.writes).not.toEqual([]);
    expect(follower.replica.writes).toEqual([]);
    expect(follower.replica.leads).toBe(false);
  });

  it('hands the cluster over at once when one stops in an orderly way', async () => {
    const [leader, follower] = await two();
    const { id } = await scene.grant(leader.stores);
    await leader.stop();
    running = [follower];
    await leading(follower);
    await scene.revoke(follower.stores, id);
    await scene.removed(follower.stores, id);
    expect(follower.replica.leads).toBe(true);
  });

  it('does no harm when one stands still between planning and writing while another takes over', async () => {
    const [leader, follower] = await two();
    const { id } = await scene.ask(leader.stores);
    await scene.shown(leader.stores, id);
    const stalled = leader.replica.stallAt({
      when: 'after',
      verb: 'list',
      path: new RegExp(`/namespaces/${SCENE_NAMESPACE}/pods$`),
    });
    await scene.approve(follower.stores, id);
    await stalled;

    // It has planned a grant, and gets no time to make it.
    await leading(follower);
    await scene.granted(follower.stores, id);
    await scene.revoke(follower.stores, id);
    await scene.removed(follower.stores, id);
    const { observed, revision } = await scene.see(follower.stores, id);
    const written = leader.replica.writes.length;

    await leader.replica.resume();
    // Long enough for everything that it had in hand.
    await new Promise(resolve => setTimeout(resolve, 3_000));
    expect(leader.replica.writes.slice(written)).toEqual([]);
    expect(leader.replica.leads).toBe(false);
    expect(await scene.objects(id)).toEqual([]);
    expect(await scene.see(follower.stores, id)).toMatchObject({
      observed,
      revision,
    });
  });

  /** Everything is over while the leader has one write left that it has begun and not sent. */
  async function lateWriteOf(collection: string) {
    const [leader, follower] = await two();
    const { id } = await scene.ask(leader.stores);
    await scene.shown(leader.stores, id);
    const stalled = leader.replica.stallAt({
      when: 'before',
      verb: 'create',
      path: new RegExp(`/${collection}$`),
    });
    await scene.approve(leader.stores, id);
    await stalled;
    await leading(follower);
    await scene.granted(follower.stores, id);
    await scene.revoke(follower.stores, id);
    await scene.removed(follower.stores, id);
    await leader.replica.resume();
    return { id, leader, follower };
  }

  it.each(['serviceaccounts', 'roles'])(
    'undoes a write to the %s that was on its way when another took over, and arrives after everything was removed',
    async collection => {
      const { id, leader, follower } = await lateWriteOf(collection);
      await eventually(async () => {
        const events = await follower.stores.audit.read(id);
        expect(events.map(({ eventId }) => eventId)).toContain('grant-repair');
      });
      expect(await scene.objects(id)).toEqual([]);
      expect(leader.replica.leads).toBe(false);
    },
  );

  it('leaves it to Kubernetes to refuse the binding that arrives late, to a Role that is no more', async () => {
    const { id, leader } = await lateWriteOf('rolebindings');
    await eventually(() =>
      expect(leader.replica.writes.join()).toMatch(/create .*\/rolebindings/),
    );
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(await scene.objects(id)).toEqual([]);
  });

  it.each(['serviceaccounts', 'roles', 'rolebindings'])(
    'finishes a grant that one left half made when it died before the %s',
    async collection => {
      const [leader, follower] = await two();
      const { id } = await scene.ask(leader.stores);
      await scene.shown(leader.stores, id);
      const dead = leader.replica.stallAt({
        when: 'before',
        verb: 'create',
        path: new RegExp(`/${collection}$`),
      });
      await scene.approve(leader.stores, id);
      await dead;
      expect((await scene.objects(id)).length).toBeLessThan(3);

      const request = await scene.granted(follower.stores, id);
      expect(follower.replica.leads).toBe(true);
      expect(await scene.objects(id)).toHaveLength(3);
      expect(await scene.mayExec(request, scene.pods[0])).toBe(true);
    },
  );

  it.each(['rolebindings', 'roles', 'serviceaccounts'])(
    'finishes a removal in which one died after the %s',
    async collection => {
      const [leader, follower] = await two();
      const { id } = await scene.grant(leader.stores);
      const dead = leader.replica.stallAt({
        when: 'after',
        verb: 'delete',
        path: new RegExp(`/${collection}/`),
      });
      await scene.revoke(leader.stores, id);
      await dead;

      await scene.removed(follower.stores, id);
      expect(follower.replica.leads).toBe(true);
    },
  );

  it('opens terminals on a replica that stands by, also to a pod that has just appeared', async () => {
    const [leader, follower] = await two();
    const request = await scene.grant(leader.stores);
    const { controller } = follower.replica;
    expect(await controller.token(request)).toMatch(/^ey/);
    await controller.ensurePod(request, SCENE_NAMESPACE, scene.pods[0]);

    const appeared = `${scene.app}-late`;
    await scene.addPod(appeared);
    await controller.ensurePod(request, SCENE_NAMESPACE, appeared);
    expect(await scene.mayExec(request, appeared)).toBe(true);

    await expect(
      controller.ensurePod(request, SCENE_NAMESPACE, 'some-other-pod'),
    ).rejects.toThrow(/is not one that request/);
    expect(follower.replica.writes).toEqual([]);
  });

  it('says what is up when nobody adds the pod', async () => {
    const [leader, follower] = await two();
    const request = await scene.grant(leader.stores);
    leader.replica.stall();
    const appeared = `${scene.app}-lonely`;
    await scene.addPod(appeared);
    await expect(
      follower.replica.controller.ensurePod(request, SCENE_NAMESPACE, appeared),
    ).rejects.toThrow(/has not added the pod .* yet; try again/);
    // And then the one that stands by takes over.
    await leading(follower);
    await follower.replica.controller.ensurePod(
      request,
      SCENE_NAMESPACE,
      appeared,
    );
  });

  it('notices at the expiry of a grant that the one who looked after it is gone', async () => {
    const [leader, follower] = await two();
    const { id } = await scene.grant(leader.stores, 3);
    leader.replica.stall();
    await scene.removed(follower.stores, id);
    expect(follower.replica.leads).toBe(true);
  });
});
