import {
  AuthenticationError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import type { Request } from 'express';
import type { StoredRequest, StoredSession } from '../database/types';
import type { Caller } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import { sendText } from './sendText';
import type { ApiOptions } from './types';

/** What terminals showed. Whoever reads it is on record beforehand. */
export function addRecordingRoutes(api: Api, options: ApiOptions): void {
  const { audit, clock, gate, recordings, sessionStore, views, watches } =
    options;

  api.get('/requests/:id/sessions/:session/recording', async (req, res) => {
    const { caller, request } = await readerOf(req, req.params.id);
    const session = await find(request.id, req.params.session);
    const isFollowed = req.query.follow === true && session.state !== 'closed';
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
          ...(isFollowed ? { followed: true } : {}),
        },
      },
    ]);
    res.setHeader(
      'Content-Disposition',
      `attachment; filename="${session.id}.cast"`,
    );
    res.setHeader('X-Content-Type-Options', 'nosniff');
    // nginx would keep it until there is more.
    res.setHeader('X-Accel-Buffering', 'no');
    await sendText(
      res,
      'application/x-asciicast',
      isFollowed
        ? recording.follow(
            watches.begin({
              isOpen: () => isOpen(session),
              mayStill: () => readerOf(req, req.params.id),
            }),
          )
        : recording.text(),
    );
  });

  /** Asks anew each time that it is called. */
  async function readerOf(
    req: Pick<Request, 'headers'>,
    id: string,
  ): Promise<{ caller: Caller; request: StoredRequest }> {
    const caller = {
      ...(await callerOf(req, options)),
      answers: new Map(),
    };
    const { expiresAt } = caller.credentials;
    // Seen when they came; who looks on for long outlasts it.
    if (expiresAt && clock.now() >= expiresAt.getTime()) {
      throw new AuthenticationError('The sign-in is over; sign in again');
    }
    const request = await views.find(caller, id);
    if (!(await gate.mayReadRecordings(caller, request))) {
      throw new NotAllowedError(
        'What was recorded is for the requester, auditors and admins',
      );
    }
    return { caller, request };
  }

  async function isOpen({ requestId, id }: StoredSession): Promise<boolean> {
    const { state } = await find(requestId, id);
    return state !== 'closed';
  }

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
