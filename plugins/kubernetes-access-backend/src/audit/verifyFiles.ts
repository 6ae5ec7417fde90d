import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { AuditKey } from './mac';
import { readHeads } from './readHeads';
import type { SegmentDigest } from './RecordingLedger';
import type { TrailReport } from './TrailVerifier';
import { TrailVerifier } from './TrailVerifier';
import type { StoredAuditEvent } from './types';

const USAGE = `Verifies an export of the audit trail of Kubernetes Access, without Backstage, database or network.

  kubernetes-access-verify --events events.jsonl --key-file keys.json [--heads heads.jsonl] [--segments segments.jsonl]

  --events    what GET /api/kubernetes-access/audit/events answered; several files in their order
  --key-file  [{"id": "…", "secret": "…", "until": "…"}], as in kubernetesAccess.audit.keys,
              or the file of kubernetesAccess.audit.keyFile
  --heads     Backstage's log (JSON), taken before the export: shows tails that were cut off
  --segments  what GET /api/kubernetes-access/audit/segments answered: shows recordings that were changed

It exits with 0 when nothing is wrong, 1 when something is, and 2 when it could not tell.`;

/**
 * Where a program writes to.
 * @public
 */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** Something about how the program was called, in words. */
class UsageError extends Error {}

/**
 * The program `kubernetes-access-verify`.
 * @returns its exit code
 * @public
 */
export async function verifyFiles(
  args: string[],
  { out, err }: Output,
): Promise<0 | 1 | 2> {
  try {
    const options = readArguments(args);
    if (options.help) {
      out(USAGE);
      return 0;
    }
    const report = await verify(options);
    print(report, options, out);
    return report.sound ? 0 : 1;
  } catch (error) {
    err(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

interface Options {
  help: boolean;
  events: string[];
  heads: string[];
  segments: string[];
  'key-file': string[];
}

function readArguments(args: string[]): Options {
  const many = { type: 'string', multiple: true, default: [] } as {
    type: 'string';
    multiple: true;
    default: string[];
  };
  const { values } = parse(() =>
    parseArgs({
      args,
      options: {
        help: { type: 'boolean', default: false },
        events: many,
        heads: many,
        segments: many,
        'key-file': many,
      },
    }),
  );
  const options = values as Options;
  if (
    !options.help &&
    options.events.length * options['key-file'].length === 0
  ) {
    throw new UsageError(`--events and --key-file are needed.\n\n${USAGE}`);
  }
  return options;
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function verify(options: Options): Promise<TrailReport> {
  const verifier = new TrailVerifier({
    keys: options['key-file'].flatMap(readKeys),
    recordings: options.segments.length > 0,
  });
  for (const file of options.heads) {
    await readHeadsOf(file, verifier);
  }
  for await (const event of itemsOf<StoredAuditEvent>(
    options.events,
    isEvent,
  )) {
    verifier.event(event);
  }
  for await (const segment of itemsOf<SegmentDigest>(
    options.segments,
    isSegment,
  )) {
    verifier.segment(segment);
  }
  return verifier.finish();
}

function print(
  report: TrailReport,
  { heads, segments }: Options,
  out: Output['out'],
): void {
  for (const { chain, message } of report.findings) {
    out(`${chain}: ${message}`);
  }
  if (report.moreFindings > 0) {
    out(`… and ${report.moreFindings} more.`);
  }
  out(
    `${report.sound ? 'Sound' : 'NOT SOUND'}: ${report.events} events in ${
      report.chains
    } chains, ${report.segments} segments of recordings.`,
  );
  if (report.findings.some(({ kind }) => kind === 'cut-off')) {
    out(
      'What was logged after the export began looks as if it had been cut off: were the heads taken before it?',
    );
  }
  if (report.unconfirmedSegments > 0) {
    out(
      `${report.unconfirmedSegments} segments are not in the trail: of sessions that were open or were cut.`,
    );
  }
  if (heads.length === 0) {
    out('Without --heads, tails that were cut off do not show.');
  }
  if (segments.length === 0) {
    out('Without --segments, recordings were not looked at.');
  }
}

function readKeys(file: string): AuditKey[] {
  const text = readFileSync(file, 'utf8').trim();
  if (!text.startsWith('[')) {
    return [{ id: 'file', secret: text }];
  }
  const keys: unknown = parseJson(text, file);
  if (!Array.isArray(keys) || !keys.every(isKey)) {
    throw new Error(
      `${file} must hold [{"id": "…", "secret": "…", "until": "…"}]; until may be left out`,
    );
  }
  return keys.map(({ id, secret, until }) => ({
    id,
    secret,
    ...(until ? { until: new Date(until).toISOString() } : {}),
  }));
}

async function readHeadsOf(
  file: string,
  verifier: TrailVerifier,
): Promise<void> {
  let count = 0;
  for await (const { line } of linesOf(file)) {
    for (const head of readHeads(line)) {
      verifier.head(head);
      count += 1;
    }
  }
  if (count === 0) {
    throw new Error(
      `${file} has no heads: is it Backstage's log, as JSON, with the events of its auditor?`,
    );
  }
}

async function* itemsOf<T>(
  files: string[],
  isItem: (value: unknown) => value is T,
): AsyncGenerator<T> {
  for (const file of files) {
    for await (const { line, number } of linesOf(file)) {
      const value = parseJson(line, `${file}, line ${number}`);
      if (!isItem(value)) {
        throw new Error(
          `${file}, line ${number}: this is nothing of an export`,
        );
      }
      yield value;
    }
  }
}

async function* linesOf(
  file: string,
): AsyncGenerator<{ line: string; number: number }> {
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  })) {
    number += 1;
    if (line.trim()) {
      yield { line, number };
    }
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${where}: this is no JSON`);
  }
}

function isKey(value: unknown): value is AuditKey {
  const { id, secret, until = '2000-01-01' } = Object(value);
  return (
    typeof id === 'string' &&
    typeof secret === 'string' &&
    !Number.isNaN(Date.parse(until))
  );
}

function isEvent(value: unknown): value is StoredAuditEvent {
  const { chain, sequence, mac, previous, at, keyId, meta } = Object(value);
  return (
    [chain, mac, previous, at, keyId].every(part => typeof part === 'string') &&
    Number.isInteger(sequence) &&
    typeof meta === 'object' &&
    meta !== null
  );
}

function isSegment(value: unknown): value is SegmentDigest {
  const { session, sequence, digest } = Object(value);
  return (
    typeof session === 'string' &&
    Number.isInteger(sequence) &&
    typeof digest === 'string'
  );
}
