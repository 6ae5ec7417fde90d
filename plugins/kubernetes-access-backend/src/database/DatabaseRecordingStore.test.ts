import { createHash } from 'node:crypto';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest, aRequestId } from '../testUtils/requests';
import { aNewSession } from '../testUtils/sessions';

describe.each(ENGINES)('DatabaseRecordingStore on %s', engine => {
  let stores: TestStores;
  const sessionId = aRequestId();

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock(), engine });
    const request = await stores.requests.create(aNewRequest());
    await stores.sessions.create(
      aNewSession({
        id: sessionId,
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
        mark: 2_147_483_647,
      }),
      { hash: 'a'.repeat(64), expiresAt: new Date() },
      [],
    );
  });
  afterEach(() => stores.close());

  const segment = (sequence: number, data: Buffer) => ({
    sessionId,
    sequence,
    data,
    digest: createHash('sha256').update(data).digest('hex'),
  });

  it('gives back every byte, in order', async () => {
    const allBytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const second = segment(1, Buffer.from('later'));
    const first = segment(0, allBytes);
    await stores.recordings.append(second);
    await stores.recordings.append(first);
    const read = await stores.recordings.read(sessionId);
    expect(read).toEqual([first, second]);
    expect(Buffer.isBuffer(read[0].data)).toBe(true);
  });

  it('takes several at once, or none of them', async () => {
    const segments = ['a', 'b', 'c'].map((text, sequence) =>
      segment(sequence, Buffer.from(text)),
    );
    await stores.recordings.append(...segments.slice(0, 2));
    const again = stores.recordings.append(segments[2], segments[0]);
    await expect(again.catch(() => 'refused')).resolves.toBe('refused');
    expect(await stores.recordings.read(sessionId)).toEqual(
      segments.slice(0, 2),
    );
  });

  it('takes no second segment of the same number', async () => {
    await stores.recordings.append(segment(0, Buffer.from('one')));
    const second = stores.recordings.append(segment(0, Buffer.from('two')));
    await expect(second.catch(() => 'refused')).resolves.toBe('refused');
  });
});
