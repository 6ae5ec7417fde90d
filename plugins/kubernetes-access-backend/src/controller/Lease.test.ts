import { mockServices } from '@backstage/backend-test-utils';
import { apiError, FakeKubeClient } from '../testUtils/FakeKubeClient';
import { ManualClock } from '../testUtils/ManualClock';
import { Lease } from './Lease';
import type { LeaseObject } from './leaseObject';
import type { LeaseReview } from './leaseOptions';

const PATH = '/apis/coordination.k8s.io/v1/namespaces/grants/leases';
const NAME = 'the-lease';

/** One process that wants the lease. */
interface Candidate {
  lease: Lease;
  client: Line;
  clock: ManualClock;
  /** What happened to it, in order. */
  story: string[];
}

/** A way to the API server that can be slow, or gone. */
class Line {
  calls = 0;
  #held: Array<() => void> | undefined;
  #isCut = false;

  constructor(readonly server: FakeKubeClient) {}

  /** From now on calls hang. */
  stall(): void {
    this.#held = [];
  }

  /** Lets go what hangs. */
  flow(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach(go => go());
  }

  cut(): void {
    this.#isCut = true;
  }

  mend(): void {
    this.#isCut = false;
  }

  get = <T extends LeaseObject>(path: string): Promise<T> =>
    this.#pass(() => this.server.get<T>(path));
  create = <T>(path: string, body: object): Promise<T> =>
    this.#pass(() => this.server.create<T>(path, body));
  replace = <T>(path: string, body: object): Promise<T> =>
    this.#pass(() => this.server.replace<T>(path, body));

  async #pass<T>(call: () => Promise<T>): Promise<T> {
    this.calls += 1;
    if (this.#isCut) {
      throw new Error('connection refused');
    }
    const held = this.#held;
    if (held) {
      await new Promise<void>(resolve => held.push(resolve));
    }
    return call();
  }
}

describe('Lease', () => {
  let server: FakeKubeClient;
  let candidates: Candidate[];
  const logger = mockServices.logger.mock();

  beforeEach(() => {
    jest.clearAllMocks();
    server = new FakeKubeClient();
    candidates = [];
  });

  afterEach(async () => {
    candidates.forEach(({ client }) => client.flow());
    await Promise.all(candidates.map(({ lease }) => lease.stop()));
  });

  function candidate(
    holder: string,
    options: { review?: LeaseReview; random?: () => number } = {},
  ): Candidate {
    const clock = new ManualClock();
    const client = new Line(server);
    const story: string[] = [];
    const lease = new Lease({
      client,
      path: PATH,
      namespace: 'grants',
      name: NAME,
      holder,
      clock,
      logger,
      random: options.random ?? (() => 0),
      review: options.review,
      onAcquire: () => story.push('acquired'),
      onLose: why => story.push(`lost: ${why}`),
      onRefusal: refusal => {
        if (refusal) {
          story.push(`refused: ${refusal}`);
        } else if (story.some(event => event.startsWith('refused'))) {
          story.push('welcome');
        }
      },
    });
    const made = { lease, client, clock, story };
    candidates.push(made);
    lease.start();
    return made;
  }

  /** Time passes for everybody, in steps so small that nobody is far ahead of the others. */
  async function pass(
    seconds: number,
    who: Candidate[] = candidates,
  ): Promise<void> {
    for (let step = 0; step < seconds * 2; step++) {
      for (const { clock } of who) {
        await clock.advance(500);
      }
    }
  }

  function stored(): LeaseObject {
    return server.objects.get(`${PATH}/${NAME}`) as LeaseObject;
  }

  /** Writes to the Lease as somebody else does. */
  async function overwrite(spec: LeaseObject['spec']): Promise<void> {
    await server.replace(`${PATH}/${NAME}`, { ...stored(), spec });
  }

  function holders(): Candidate[] {
    return candidates.filter(({ lease }) => lease.isHeld);
  }

  it('goes to the first who asks, and to nobody else while that one renews', async () => {
    const one = candidate('one');
    await pass(1);
    const [two, three] = [candidate('two'), candidate('three')];
    await pass(120);
    expect(one.story).toEqual(['acquired']);
    expect([two.story, three.story]).toEqual([[], []]);
    expect(holders()).toEqual([one]);
    expect(two.lease.holder).toBe('one');
    expect(stored().spec).toMatchObject({
      holderIdentity: 'one',
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
      renewTime: expect.stringMatching(/^\d{4}-.*T.*\.\d{6}Z$/),
    });
  });

  it('goes to exactly one of many who ask at the same moment', async () => {
    ['one', 'two', 'three'].forEach(name => candidate(name));
    await pass(30);
    expect(holders()).toHaveLength(1);
    expect(candidates.flatMap(({ story }) => story)).toEqual(['acquired']);
  });

  it('goes to the next one at once when it is given back', async () => {
    const one = candidate('one');
    await pass(1);
    const two = candidate('two');
    await pass(1);
    await one.lease.stop();
    expect(one.lease.isHeld).toBe(false);
    await one.lease.release();
    await pass(2, [two]);
    expect(two.story).toEqual(['acquired']);
    expect(stored().spec?.leaseTransitions).toBe(1);
  });

  it('goes to the next one after its duration when the holder dies without a word', async () => {
    const one = candidate('one');
    await pass(1);
    const two = candidate('two');
    await pass(6);
    one.client.cut();
    const diedAt = two.clock.monotonic();
    while (!two.lease.isHeld) {
      await pass(1);
    }
    const waited = two.clock.monotonic() - diedAt;
    expect(waited).toBeGreaterThanOrEqual(10_000);
    expect(waited).toBeLessThanOrEqual(15_000 + 2_000 + 500);
  });

  it('is over for a holder that cannot renew well before anybody else takes it', async () => {
    const [one, two] = [candidate('one'), candidate('two')];
    await pass(6);
    one.client.cut();
    let both = 0;
    let gap = 0;
    for (let step = 0; step < 60; step++) {
      await pass(0.5);
      both += holders().length > 1 ? 1 : 0;
      gap += holders().length === 0 ? 1 : 0;
    }
    expect(both).toBe(0);
    expect(gap).toBeGreaterThan(0);
    expect(one.story).toEqual([
      'acquired',
      'lost: it could not be renewed in time',
    ]);
    expect(holders()).toEqual([two]);
  });

  it('is over for a holder that stood still, from the first moment in which it runs again', async () => {
    const one = candidate('one');
    await pass(1);
    const two = candidate('two');
    // Its timers do not run, its calls do not return: a process that got no time for a minute.
    one.client.stall();
    await pass(60, [two]);
    expect(two.lease.isHeld).toBe(true);
    // What it asks first after the pause, before a timer of its own has run.
    jest.spyOn(one.clock, 'monotonic').mockReturnValue(61_000);
    expect(one.lease.isHeld).toBe(false);
    jest.restoreAllMocks();
    await pass(60, [one]);
    one.client.flow();
    await pass(3);
    expect(one.lease.isHeld).toBe(false);
    expect(one.story).toContain('lost: it could not be renewed in time');
    expect(holders()).toEqual([two]);
    expect(stored().spec?.holderIdentity).toBe('two');
  });

  it('does not take it back with a renewal that arrives late', async () => {
    const one = candidate('one');
    await pass(1);
    const two = candidate('two');
    one.client.stall();
    // The renewal is on its way, and stays there.
    await pass(6, [one, two]);
    await pass(30, [two]);
    one.client.flow();
    await pass(1);
    expect(holders()).toEqual([two]);
    expect(stored().spec?.holderIdentity).toBe('two');
  });

  it('counts from before a renewal was sent, however late its answer comes', async () => {
    const one = candidate('one');
    await pass(1);
    one.client.stall();
    await pass(8);
    one.client.flow();
    await pass(0.5);
    expect(one.story).toEqual(['acquired']);
    expect(one.lease.leftMs).toBe(10_000 - 4_500);
  });

  it('survives an API server that is away for a moment, and comes back to the same holder after a long one', async () => {
    const one = candidate('one');
    await pass(6);
    one.client.cut();
    await pass(5);
    one.client.mend();
    await pass(10);
    expect(one.story).toEqual(['acquired']);
    one.client.cut();
    await pass(60);
    expect(one.lease.isHeld).toBe(false);
    one.client.mend();
    await pass(4);
    expect(one.story).toEqual([
      'acquired',
      'lost: it could not be renewed in time',
      'acquired',
    ]);
  });

  it('says once that the API server is away, however long that is', async () => {
    const one = candidate('one');
    one.client.cut();
    await pass(60);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('connection refused'),
    );
  });

  it.each([
    ['forward', 3600_000],
    ['back', -3600_000],
  ])(
    'does not care when the wall clock of a process steps %s',
    async (_, step) => {
      const one = candidate('one');
      await pass(1);
      const two = candidate('two');
      await pass(6);
      one.clock.step(step);
      await pass(20);
      two.clock.step(-step);
      await pass(60);
      expect(one.story).toEqual(['acquired']);
      expect(two.story).toEqual([]);
    },
  );

  it('knows at its next renewal that somebody else wrote himself into it', async () => {
    const one = candidate('one');
    await pass(1);
    await overwrite({
      holderIdentity: 'thief',
      leaseDurationSeconds: 15,
      renewTime: '2026-01-15T12:00:00.000000Z',
    });
    await pass(5);
    expect(one.story).toEqual(['acquired', 'lost: thief holds it now']);
    // And a thief who does not renew has it no longer than others would.
    await pass(18);
    expect(one.lease.isHeld).toBe(true);
  });

  it('is not put off by somebody who writes beside it without renewing', async () => {
    await server.create(PATH, {
      metadata: { name: NAME },
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 15 },
    });
    const one = candidate('one');
    for (let count = 0; count < 18; count++) {
      await pass(1);
      const { metadata, ...rest } = stored();
      await server.replace(`${PATH}/${NAME}`, {
        ...rest,
        metadata: { ...metadata, annotations: { note: String(count) } },
      });
    }
    await pass(2);
    expect(one.lease.isHeld).toBe(true);
  });

  it('keeps what others wrote beside it', async () => {
    const one = candidate('one');
    await pass(1);
    const { metadata, ...rest } = stored();
    await server.replace(`${PATH}/${NAME}`, {
      ...rest,
      metadata: { ...metadata, annotations: { theirs: 'kept' } },
    });
    await pass(11);
    expect(one.story).toEqual(['acquired']);
    expect(stored().metadata.annotations).toEqual({ theirs: 'kept' });
  });

  it.each([
    ['no spec', undefined],
    ['an empty spec', {}],
    ['nobody in it', { holderIdentity: '' }],
    ['null for everything', { holderIdentity: null, renewTime: null }],
    ['something odd as holder', { holderIdentity: 7 as unknown as string }],
  ])('takes one that somebody made with %s', async (_, spec) => {
    await server.create(PATH, { metadata: { name: NAME }, spec });
    const one = candidate('one');
    await pass(1);
    expect(one.lease.isHeld).toBe(true);
  });

  it.each([
    ['ten years', 315_360_000],
    ['no time', 0],
    ['less than no time', -5],
    ['no number', 'soon' as unknown as number],
  ])(
    'does not wait for ever for a holder that claims %s',
    async (_, seconds) => {
      await server.create(PATH, {
        metadata: { name: NAME },
        spec: {
          holderIdentity: 'dead',
          leaseDurationSeconds: seconds,
          renewTime: '2999-01-01T00:00:00.000000Z',
          leaseTransitions: 'many' as unknown as number,
        },
      });
      const one = candidate('one');
      await pass(10);
      expect(one.lease.isHeld).toBe(false);
      await pass(55);
      expect(one.lease.isHeld).toBe(true);
    },
  );

  it('makes it anew when somebody deleted it', async () => {
    const one = candidate('one');
    await pass(1);
    await server.delete(`${PATH}/${NAME}`);
    await pass(5);
    expect(one.story).toEqual(['acquired']);
    expect(stored().spec?.holderIdentity).toBe('one');
  });

  it('gives back nothing that somebody else has taken', async () => {
    const one = candidate('one');
    await pass(1);
    await overwrite({ holderIdentity: 'thief', leaseDurationSeconds: 15 });
    await one.lease.stop();
    await one.lease.release();
    expect(stored().spec?.holderIdentity).toBe('thief');
  });

  it('is not taken by a process that was stopped while it asked', async () => {
    const one = candidate('one');
    one.client.stall();
    const stopped = one.lease.stop();
    one.client.flow();
    await stopped;
    expect(one.story).toEqual([]);
    expect(one.lease.isHeld).toBe(false);
    await one.lease.release();
    expect(stored()?.spec?.holderIdentity ?? '').toBe('');
  });

  it('spreads what its candidates ask over time', async () => {
    candidate('one');
    await pass(1);
    const early = candidate('two', { random: () => 0 });
    const late = candidate('three', { random: () => 0.99 });
    await pass(60);
    expect(early.client.calls).toBeGreaterThan(late.client.calls);
    expect(late.client.calls).toBeGreaterThan(60 / 2.4 - 2);
  });

  it('leaves no timer behind', async () => {
    const one = candidate('one');
    await pass(1);
    await one.lease.stop();
    expect(one.clock.pending).toBe(0);
  });

  describe('with a review', () => {
    it('carries what the review says', async () => {
      let count = 0;
      candidate('one', {
        review: async () => ({ annotations: { seen: String(count++) } }),
      });
      await pass(1);
      expect(stored().metadata.annotations).toEqual({ seen: '0' });
      await pass(5);
      expect(stored().metadata.annotations).toEqual({ seen: '1' });
    });

    it('carries soon what has changed, without being written at every change', async () => {
      let count = 0;
      const one = candidate('one', {
        review: async () => ({ annotations: { seen: String(count) } }),
      });
      await pass(1);
      const before = one.client.calls;
      for (count = 1; count < 200; count++) {
        one.lease.renewSoon();
        await one.clock.advance(10);
      }
      await one.clock.advance(200);
      expect(stored().metadata.annotations).toEqual({ seen: '200' });
      expect(one.client.calls - before).toBeLessThanOrEqual(12);
      await pass(1);
      expect(one.client.calls - before).toBeLessThanOrEqual(12);
    });

    it('is not written by one who does not hold it, whatever has changed there', async () => {
      candidate('one');
      await pass(1);
      const two = candidate('two');
      await pass(1);
      const before = two.client.calls;
      two.lease.renewSoon();
      await two.clock.advance(300);
      expect(two.client.calls).toBe(before);
    });

    it('is not taken by one who may not, until he may', async () => {
      const one = candidate('one', {
        review: async ({ forbidden }) =>
          forbidden ? { refusal: 'not you' } : { annotations: {} },
      });
      await server.create(PATH, {
        metadata: { name: NAME, annotations: { forbidden: 'yes' } },
      });
      await pass(60);
      expect(one.story).toEqual(['refused: not you']);
      const { metadata, ...rest } = stored();
      await server.replace(`${PATH}/${NAME}`, {
        ...rest,
        metadata: { ...metadata, annotations: {} },
      });
      await pass(3);
      expect(one.story).toEqual(['refused: not you', 'welcome', 'acquired']);
    });

    it('is lost by a holder who may no longer have it, and left to be looked at', async () => {
      let isRefused = false;
      const one = candidate('one', {
        review: async () =>
          isRefused
            ? { refusal: 'not any more' }
            : { annotations: { seen: 'yes' } },
      });
      await pass(1);
      isRefused = true;
      await pass(6);
      expect(one.story).toEqual([
        'acquired',
        'refused: not any more',
        'lost: it may not hold it any more',
      ]);
      expect(stored().metadata.annotations).toEqual({ seen: 'yes' });
    });

    it('survives one review that gets no answer', async () => {
      let isSilent = false;
      const one = candidate('one', {
        review: async () => {
          if (isSilent) {
            isSilent = false;
            await new Promise(() => {});
          }
          return { annotations: {} };
        },
      });
      await pass(1);
      isSilent = true;
      await pass(30);
      expect(one.story).toEqual(['acquired']);
    });

    it('is lost in time, and taken again, by one whose review got no answer', async () => {
      let isSilent = false;
      const one = candidate('one', {
        review: async () => {
          if (isSilent) {
            await new Promise(() => {});
          }
          return { annotations: {} };
        },
      });
      await pass(1);
      isSilent = true;
      await pass(30);
      expect(one.lease.isHeld).toBe(false);
      isSilent = false;
      await pass(10);
      expect(one.story).toEqual([
        'acquired',
        'lost: it could not be renewed in time',
        'acquired',
      ]);
      await one.lease.stop();
      expect(one.clock.pending).toBe(0);
    });

    it('is lost in time by one who cannot tell whether he may', async () => {
      let isAway = false;
      const one = candidate('one', {
        review: async () => {
          if (isAway) {
            throw apiError(500, 'InternalError', 'the database is away');
          }
          return { annotations: {} };
        },
      });
      await pass(1);
      isAway = true;
      await pass(12);
      expect(one.lease.isHeld).toBe(false);
    });
  });
});
