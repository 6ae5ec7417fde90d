import {
  activeRequest,
  deniedRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import type { Queue } from './queue';
import { EMPTY_QUEUE, queueReducer } from './queue';

const mayDecide = {
  decide: true,
  cancel: false,
  revoke: false,
  openSession: false,
};

function waiting(id: string) {
  return waitingRequest({ id, actions: mayDecide });
}

function ids(queue: Queue) {
  return queue.cards.map(({ id }) => id);
}

describe('the queue of a decider', () => {
  const first = queueReducer(EMPTY_QUEUE, {
    type: 'look',
    waiting: [waiting('a'), waiting('b')],
  });

  it('shows what waits, in order', () => {
    expect(ids(first)).toEqual(['a', 'b']);
    expect(first.moving).toEqual([]);
  });

  it('puts what comes later at the end', () => {
    const next = queueReducer(first, {
      type: 'look',
      waiting: [waiting('c'), waiting('a'), waiting('b')],
    });
    expect(ids(next)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the card of a request that somebody else decided, and asks how it went', () => {
    const next = queueReducer(first, { type: 'look', waiting: [waiting('b')] });
    expect(ids(next)).toEqual(['a', 'b']);
    expect(next.moving).toEqual(['a']);
  });

  it('shows how it went, in its place, and asks no more', () => {
    const lost = queueReducer(first, { type: 'look', waiting: [waiting('b')] });
    const settled = queueReducer(lost, {
      type: 'settle',
      request: deniedRequest({ id: 'a' }),
    });
    expect(settled.cards.map(({ phase }) => phase)).toEqual([
      'Denied',
      'Pending',
    ]);
    const later = queueReducer(settled, {
      type: 'look',
      waiting: [waiting('b')],
    });
    expect(later.moving).toEqual([]);
  });

  it('follows what was approved until it has ended', () => {
    const settled = queueReducer(first, {
      type: 'settle',
      request: activeRequest({ id: 'a' }),
    });
    expect(settled.moving).toEqual([]);
    const later = queueReducer(settled, {
      type: 'look',
      waiting: [waiting('b')],
    });
    expect(later.moving).toEqual(['a']);
  });

  it('forgets what does not exist for the reader any more', () => {
    const lost = queueReducer(first, { type: 'look', waiting: [] });
    const next = queueReducer(lost, { type: 'drop', id: 'a' });
    expect(ids(next)).toEqual(['b']);
    expect(next.moving).toEqual(['b']);
  });
});
