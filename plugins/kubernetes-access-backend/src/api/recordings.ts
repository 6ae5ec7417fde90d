import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { StoredSession } from '../database/types';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import { sendText } from './sendText';
import type { ApiOptions } from './types';

/** What terminals showed. Whoever reads it is on record beforehand. */
export function addRecordingRoutes(api: Api, options: ApiOptions): void {
  const { audit, gate, recordings, sessionStore, views } = options;

  api.get('/requests/:id/sessions/:session/recording', async (req, res) => {
    const caller = await callerOf(req, options);
    const request = await views.find(caller, req.params.id);
    if (!(await gate.mayReadRecordings(caller, request))) {
      throw new NotAllowedError(
        'What was recorded is for the requester, auditors and admins',
      );
    }
    const session = await find(request.id, req.params.session);
    const recording = await recordings.open(session);
    await audit.append([
      {
        eventId: 'recording-read',
        actor: caller.userRef,
        outcome: 'succeeded',
        requestId: request.id,
        meta: {
          session: session.id,
          segments: recording.segments,
          state: recording.check.state,
        },
      },
    ]);
    res.setHeader(
      'Content-Disposition',
      `attachment; filename="${session.id}.cast"`,
    );
    res.setHeader('X-Content-Type-Options', 'nosniff');
    await sendText(res, 'application/x-asciicast', recording.text());
  });

  /** Only among the sessions of the request that the caller was found to see. */
  async function find(requestId: string, id: string): Promise<StoredSession> {
    const sessions = await sessionStore.listByRequest(requestId);
    const session = sessions.find(one => one.id === id);
    if (!session) {
      throw new NotFoundError('This request has no such session');
    }
    if (!session.recorded) {
      throw new NotFoundError('This session was not recorded');
    }
    return session;
  }
}
