import { ANNOTATIONS } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { LeaseReview, Verdict } from '../controller';
import type { EntryMark, RequestStore } from '../database/types';

type RecordReader = Pick<RequestStore, 'get' | 'newestEntry'>;

/** How an entry is named in an annotation: the id of its request and its place on that one's record. */
const ENTRY_PATTERN = /^([0-9a-z]{1,40})\/(\d{1,6})$/;

/**
 * Compares the record with what the Lease of a cluster says about it.
 *
 * The cluster remembers the newest entry of the record by which it was looked after last. A database that does not
 * have that entry was put back to an older state, or is the copy of another one: by its record, grants that people
 * decided on would be strays, and others that were revoked would stand. It must not touch anything.
 *
 * @param describe - says it to people, given until when the cluster knows the record
 */
export function reviewRecord(
  record: RecordReader,
  describe: (recordedUntil: string) => string,
): LeaseReview {
  return async (annotations): Promise<Verdict> => {
    const newest = await record.newestEntry();
    const until = annotations[ANNOTATIONS.recordedUntil];
    const entry = annotations[ANNOTATIONS.recordedEntry];
    if (
      isInstant(until) &&
      !(isAtLeast(newest, until) && (await hasEntry(record, entry, until)))
    ) {
      return { refusal: describe(until) };
    }
    return { annotations: newest ? marksOf(newest) : {} };
  };
}

function marksOf(newest: EntryMark): Record<string, string> {
  return {
    [ANNOTATIONS.recordedUntil]: newest.at,
    [ANNOTATIONS.recordedEntry]: `${newest.requestId}/${newest.sequence}`,
  };
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text));
}

function isAtLeast(newest: EntryMark | undefined, until: string): boolean {
  return newest !== undefined && Date.parse(newest.at) >= Date.parse(until);
}

/** An annotation that names no entry says nothing; the instant alone has to do then. */
async function hasEntry(
  record: RecordReader,
  name: string | undefined,
  at: string,
): Promise<boolean> {
  const [, requestId, sequence] = ENTRY_PATTERN.exec(name ?? '') ?? [];
  if (!requestId) {
    return true;
  }
  const request = await record.get(requestId);
  return request?.entries[Number(sequence)]?.at === at;
}
