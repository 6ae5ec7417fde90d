import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RecordingReader, Watches } from '../../recordings';
import { aRequestId } from '../../testUtils/requests';
import { aNewSession } from '../../testUtils/sessions';
import { eventually } from '../../testUtils/sockets';
import { policyOf } from '../../testUtils/policies';
import type { Person } from '../../testUtils/TestApi';
import { TestApi } from '../../testUtils/TestApi';

describe('looking at a session while it is open', () => {
  let api: TestApi;
  let asked: AccessRequestDetail;
  let session: string;
  let isAllowed: boolean;

  beforeEach(async () => {
    isAllowed = true;
    await begin();
  });

  async function begin(signedInUntil?: Date) {
    api = await TestApi.start({
      signedInUntil,
      permissions: policyOf(
        ({ permission }) =>
          isAllowed || permission !== 'kubernetes-access.recording.read',
      ),
    });
    asked = await api.ask();
    session = aRequestId();
    await api.stores.sessions.create(
      aNewSession({
        id: session,
        requestId: asked.id,
        clusterUid: 'cluster-uid',
        recorded: true,
      }),
      { hash: 'a'.repeat(64), expiresAt: new Date(api.clock.now() + 30_000) },
      [],
    );
    await api.stores.sessions.redeem(session, 'a'.repeat(64), 'replica-1');
    await show(0, 'before');
  }

  afterEach(() => api.stop());

  /** Stores what the terminal shows, and says so in the trail unless told otherwise. */
  async function show(sequence: number, text: string, isVouched = true) {
    const { recordings, audit } = api.stores;
    const header = sequence ? '' : '{"version":2,"width":80,"height":24}\n';
    const data = gzipSync(`${header}[${sequence},"o","${text}"]\n`);
    const digest = createHash('sha256').update(data).digest('hex');
    await recordings.append({ sessionId: session, sequence, data, digest });
    const said = isVouched ? digest : digest.replace(/./g, '0');
    await audit.append([
      {
        eventId: 'recording-segment',
        actor: 'system',
        outcome: 'succeeded',
        requestId: asked.id,
        meta: { session, first: sequence, digests: [said] },
      },
    ]);
  }

  const close = () =>
    api.stores.sessions.markClosed(
      session,
      { reason: 'The shell ended.', bytesIn: 0, bytesOut: 0 },
      [],
    );

  /** Begins to look on, and keeps what is seen. */
  function watch(person: Person) {
    const seen = { text: '', status: 0, isOver: false, isBroken: false };
    const over = (isBroken: boolean) => {
      seen.isOver = true;
      seen.isBroken ||= isBroken;
    };
    api
      .get(
        person,
        `/requests/${asked.id}/sessions/${session}/recording?follow=true`,
      )
      .buffer(true)
      .parse((res, done) => {
        seen.status = (res as unknown as { statusCode: number }).statusCode;
        res.setEncoding('utf8');
        res.on('data', piece => {
          seen.text += piece;
        });
        res.on('end', () => done(null, ''));
        res.on('aborted', () => over(true));
      })
      .then(
        () => over(false),
        () => over(true),
      );
    return seen;
  }

  const seconds = (count: number) => api.clock.advance(count * 1_000);

  /** Lets time pass until something is so. */
  async function passUntil(condition: () => Promise<boolean>) {
    while (!(await condition())) {
      await seconds(1);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }

  it.each(['ada', 'pia', 'kim'] as const)(
    'shows %s what was there and what comes, until it closes',
    async person => {
      const seen = watch(person);
      await eventually(() => seen.text.includes('before'));
      await show(1, 'later');
      await passUntil(async () => seen.text.includes('later'));
      expect(seen.isOver).toBe(false);
      await close();
      await passUntil(async () => seen.isOver);
      expect(seen).toMatchObject({ status: 200, isBroken: false });
      expect(seen.text.match(/before/g)).toHaveLength(1);
      const reads = (await api.stores.audit.read(asked.id)).filter(
        ({ eventId }) => eventId === 'recording-read',
      );
      expect(reads).toMatchObject([
        {
          actor: `user:default/${person}`,
          outcome: 'succeeded',
          meta: { session, followed: true },
        },
      ]);
    },
  );

  it.each([
    ['olga', 403],
    ['sam', 404],
    ['guest', 404],
  ] as const)('shows %s nothing', async (person, status) => {
    const seen = watch(person);
    await eventually(() => seen.isOver);
    expect(seen.status).toBe(status);
    expect(seen.text).not.toContain('before');
  });

  it('is over within seconds for whoever may no longer', async () => {
    const seen = watch('kim');
    await eventually(() => seen.text.includes('before'));
    isAllowed = false;
    await seconds(6);
    await eventually(() => seen.isOver);
    expect(seen.isBroken).toBe(true);
    await show(1, 'later');
    await seconds(2);
    expect(seen.text).not.toContain('later');
    await passUntil(async () =>
      (
        await api.stores.audit.read(asked.id)
      ).some(
        ({ eventId, outcome, actor }) =>
          eventId !== 'recording-segment' &&
          outcome === 'refused' &&
          actor === 'user:default/kim',
      ),
    );
  });

  it('is over within seconds for an auditor who has left the auditors', async () => {
    const seen = watch('kim');
    await eventually(() => seen.text.includes('before'));
    const kim = api.entities.find(
      ({ kind, metadata }) => kind === 'User' && metadata.name === 'kim',
    );
    kim!.relations = [];
    await seconds(6);
    await eventually(() => seen.isOver);
    expect(seen.isBroken).toBe(true);
  });

  it('is over within seconds for whoever has a sign-in that is over', async () => {
    const until = new Date(api.clock.now() + 60_000);
    await api.stop();
    await begin(until);
    const seen = watch('kim');
    await eventually(() => seen.text.includes('before'));
    await seconds(50);
    expect(seen.isOver).toBe(false);
    await seconds(16);
    await eventually(() => seen.isOver);
    expect(seen.isBroken).toBe(true);
  });

  it('shows no more of what piles up to a slow reader who may no longer', async () => {
    for (let sequence = 1; sequence < 20; sequence++) {
      await show(sequence, `later ${sequence}`);
    }
    const [found] = await api.stores.sessions.listByRequest(asked.id);
    const recording = await new RecordingReader({
      store: api.stores.recordings,
      archive: api.stores.archive,
    }).open(found);
    const slowly = new Watches({ clock: api.clock }).begin({
      isOpen: async () => true,
      mayStill: async () => {
        throw new Error('not for you');
      },
    });
    const pieces = recording.follow(slowly);
    let text = '';
    while (!text.includes('before')) {
      text += (await pieces.next()).value;
    }
    // The reader takes nothing for a while, and is then let go on.
    await seconds(5);
    await expect(pieces.next()).rejects.toThrow('not for you');
    expect(text).not.toContain('later');
  });

  it('says in the end what the audit trail knows better', async () => {
    const seen = watch('kim');
    await eventually(() => seen.text.includes('before'));
    await show(1, 'later', false);
    await passUntil(async () => seen.text.includes('later'));
    await close();
    await passUntil(async () => seen.isOver);
    expect(seen.text).toContain(
      'Part 2 was changed after it had been recorded, and is left out.',
    );
  });

  it('keeps a silent connection alive', async () => {
    const seen = watch('kim');
    await eventually(() => seen.text.includes('before'));
    await passUntil(async () => /\n\n/.test(seen.text));
    expect(seen.isOver).toBe(false);
    await close();
    await passUntil(async () => seen.isOver);
  });

  it('asks nothing more once the watcher has gone', async () => {
    const call = api.get(
      'kim',
      `/requests/${asked.id}/sessions/${session}/recording?follow=true`,
    );
    call.then(
      () => {},
      () => {},
    );
    await eventually(() => api.clock.pending > 0);
    const look = jest.spyOn(api.stores.sessions, 'listByRequest');
    call.abort();
    await passUntil(async () => api.clock.pending === 0);
    look.mockClear();
    await seconds(10);
    expect(look).not.toHaveBeenCalled();
  });

  it('is offered in the list of open sessions to those who may', async () => {
    await api.stores.sessions.markOpen(session, 'replica-1', []);
    const offered = async (person: Person) =>
      (await api.get(person, '/sessions')).body.items.map(
        (item: { session: { playable: boolean } }) => item.session.playable,
      );
    expect(await offered('kim')).toEqual([true]);
    expect(await offered('ada')).toEqual([true]);
    expect(await offered('olga')).toEqual([false]);
    isAllowed = false;
    expect(await offered('kim')).toEqual([false]);
  });
});
