import type { TrailFinding } from './TrailVerifier';
import type { StoredAuditEvent } from './types';

/** An entry of a request's record as it is stored. */
export interface RecordedEntry {
  request: string;
  digest: string;
  /** For people. */
  kind: string;
  actor: string;
  at: string;
}

/** Holds the records of requests, by which access is given, against what the audit trail vouches for. */
export class RecordLedger {
  /** Entries, by request and digest, with the event that vouches for each. */
  readonly #vouched = new Map<string, { chain: string; sequence: number }>();
  readonly #findings: TrailFinding[] = [];

  /** Takes from a verified event which entries were committed with it. */
  learn({ chain, sequence, meta }: StoredAuditEvent): void {
    if (Array.isArray(meta.entries)) {
      meta.entries.forEach(digest =>
        this.#vouched.set(`${chain}/${digest}`, { chain, sequence }),
      );
    }
  }

  found({ request, digest, kind, actor, at }: RecordedEntry): void {
    if (!this.#vouched.delete(`${request}/${digest}`)) {
      this.#findings.push({
        chain: request,
        kind: 'record-added',
        message: `The record says '${kind}' by ${actor} at ${at}, which the trail knows nothing of.`,
      });
    }
  }

  /** What a request opens is not what was asked for. */
  termsChanged(request: string): void {
    this.#findings.push({
      chain: request,
      kind: 'record-changed',
      message: 'What the request is for is not what was asked for.',
    });
  }

  finish(): TrailFinding[] {
    return [
      ...this.#findings,
      ...[...this.#vouched.values()].map(
        ({ chain, sequence }): TrailFinding => ({
          chain,
          kind: 'record-missing',
          message: `Event ${sequence} speaks of an entry of the record that is not there as it was.`,
        }),
      ),
    ];
  }
}
