import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * The cards that a decider has before them. A card that has been shown stays in its place until the page is left, also
 * when its request no longer waits: nothing moves under the pointer, and one sees how it went.
 */
export interface Queue {
  /** In the order in which they appeared. */
  cards: AccessRequest[];
  /** Those that no longer wait and have not ended: how they stand has to be asked for one by one. */
  moving: string[];
}

export const EMPTY_QUEUE: Queue = { cards: [], moving: [] };

export type QueueAction =
  /** These wait now. */
  | { type: 'look'; waiting: AccessRequest[] }
  /** This is how a request stands. */
  | { type: 'settle'; request: AccessRequest }
  /** It does not exist for the reader any more. */
  | { type: 'drop'; id: string };

export function queueReducer(queue: Queue, action: QueueAction): Queue {
  switch (action.type) {
    case 'look':
      return look(queue, action.waiting);
    case 'settle':
      return {
        cards: queue.cards.map(card =>
          card.id === action.request.id ? action.request : card,
        ),
        moving: queue.moving.filter(id => id !== action.request.id),
      };
    case 'drop':
      return {
        cards: queue.cards.filter(({ id }) => id !== action.id),
        moving: queue.moving.filter(id => id !== action.id),
      };
    default:
      return queue;
  }
}

function look(queue: Queue, waiting: AccessRequest[]): Queue {
  const now = new Map(waiting.map(request => [request.id, request]));
  const known = new Set(queue.cards.map(({ id }) => id));
  const cards = queue.cards.map(card => now.get(card.id) ?? card);
  return {
    cards: [...cards, ...waiting.filter(({ id }) => !known.has(id))],
    moving: cards
      .filter(card => !isTerminal(card.phase) && !now.has(card.id))
      .map(({ id }) => id),
  };
}
