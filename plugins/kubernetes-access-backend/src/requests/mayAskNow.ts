import type { RequestQuotas } from '../config';
import type { RequesterActivity } from '../database/types';
import type { RequestRefusal } from './mayRequest';

const HOUR_MS = 3_600_000;

/**
 * Whether somebody may ask for this now, after what they asked for lately: nobody keeps asking those who have said no,
 * nor keeps telling people of new requests.
 */
export function mayAskNow(
  activity: RequesterActivity,
  quotas: RequestQuotas,
): RequestRefusal | undefined {
  return afterDenial(activity, quotas) ?? withinAnHour(activity, quotas);
}

/** From when on the same may be asked for again. */
export function askAgainAt(deniedAt: string, quotas: RequestQuotas): string {
  return new Date(
    Date.parse(deniedAt) + quotas.pauseAfterDenialSeconds * 1000,
  ).toISOString();
}

function afterDenial(
  { deniedAt, now }: RequesterActivity,
  quotas: RequestQuotas,
): RequestRefusal | undefined {
  const from = deniedAt ? Date.parse(askAgainAt(deniedAt, quotas)) : 0;
  return now.getTime() < from
    ? {
        reason: 'denied-lately',
        message: `Your request for this was denied. You can ask again ${inMinutes(
          from - now.getTime(),
        )}; until then, talk to those who decide.`,
      }
    : undefined;
}

function withinAnHour(
  { askedAt, now }: RequesterActivity,
  { requestsPerHour }: RequestQuotas,
): RequestRefusal | undefined {
  if (askedAt.length < requestsPerHour) {
    return undefined;
  }
  const makesRoom = askedAt[askedAt.length - requestsPerHour];
  return {
    reason: 'too-many-asked',
    message: `You have asked ${
      askedAt.length
    } times within an hour, which is the limit, because people are told each time. You can ask again ${inMinutes(
      Date.parse(makesRoom) + HOUR_MS - now.getTime(),
    )}.`,
  };
}

function inMinutes(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`;
}
