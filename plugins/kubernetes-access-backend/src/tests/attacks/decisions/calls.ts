import type { StoredRequest } from '../../../database/types';
import { anAsk } from '../../../testUtils/TestApi';
import type { ActionName } from './decisionTable';

/** What is sent for an action. */
export const CALLS: Record<
  ActionName,
  (request: StoredRequest) => [method: string, path: string, body?: object]
> = {
  read: ({ id }) => ['GET', `/requests/${id}`],
  review: ({ id }) => ['GET', `/requests/${id}/review`],
  ask: () => ['POST', '/requests', anAsk()],
  approve: ({ id, digest }) => ['POST', `/requests/${id}/approve`, { digest }],
  deny: ({ id, digest }) => [
    'POST',
    `/requests/${id}/deny`,
    { digest, comment: 'Use staging.' },
  ],
  cancel: ({ id }) => ['POST', `/requests/${id}/cancel`, {}],
  revoke: ({ id }) => ['POST', `/requests/${id}/revoke`, {}],
  listPods: ({ id }) => ['GET', `/requests/${id}/pods`],
  openSession: ({ id }) => [
    'POST',
    `/requests/${id}/sessions`,
    {
      namespace: 'payments',
      pod: 'payments-api-1',
      container: 'api',
      columns: 80,
      rows: 24,
    },
  ],
  // The session that every request of the scene has, see RequestScene.
  playRecording: ({ id }) => [
    'GET',
    `/requests/${id}/sessions/${id}/recording`,
  ],
};
