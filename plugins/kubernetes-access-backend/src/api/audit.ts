import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Request, Response } from 'express';
import type { EventPlace } from '../audit';
import type { Caller } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

/** The audit trail as a whole, for admins and auditors. Whoever reads it is on record in it. */
export function addAuditRoutes(api: Api, options: ApiOptions): void {
  const { archive, audit, gate } = options;
  let isVerifying = false;

  api.get('/audit/verification', async (req, res) => {
    const caller = await auditorOf(req);
    const { chain, recordings } = req.query;
    await demandChain(chain);
    if (isVerifying) {
      throw new ConflictError(
        'The audit trail is being verified already; try again when that has ended',
      );
    }
    isVerifying = true;
    try {
      await putOnRecord(caller, 'verification', chain);
      res.json(await archive.verify({ chain, recordings }));
    } finally {
      isVerifying = false;
    }
  });

  api.get('/audit/events', async (req, res) => {
    const caller = await auditorOf(req);
    const { chain, cursor, limit } = req.query;
    await demandChain(chain);
    await putOnRecord(caller, 'events', chain);
    const after = cursor ? placeOf(cursor) : undefined;
    await send(res, archive.events({ chain, after, limit }));
  });

  api.get('/audit/segments', async (req, res) => {
    const caller = await auditorOf(req);
    const { chain } = req.query;
    await demandChain(chain);
    await putOnRecord(caller, 'segments', chain);
    await send(res, archive.segments({ chain }));
  });

  async function auditorOf(req: Pick<Request, 'headers'>): Promise<Caller> {
    const caller = await callerOf(req, options);
    if (!(await gate.mayReadAudit(caller))) {
      throw new NotFoundError('There is nothing here');
    }
    return caller;
  }

  async function demandChain(chain: string | undefined): Promise<void> {
    if (chain && !(await archive.knows(chain))) {
      throw new NotFoundError(`There is no chain '${chain}'`);
    }
  }

  async function putOnRecord(
    { userRef }: Caller,
    what: string,
    chain: string | undefined,
  ): Promise<void> {
    await audit.append([
      {
        eventId: 'audit-read',
        actor: userRef,
        outcome: 'succeeded',
        meta: { what, ...(chain ? { chain } : {}) },
      },
    ]);
  }
}

function placeOf(cursor: string): EventPlace {
  const [chain, sequence] = cursor.split('.');
  return { chain, sequence: Number(sequence) };
}

/** Sends JSON lines as fast as they are taken. One that cannot be read breaks the answer off, which is seen. */
async function send(
  res: Pick<Response, 'setHeader'>,
  items: AsyncIterable<object>,
): Promise<void> {
  res.setHeader('Content-Type', 'application/x-ndjson; charset=utf-8');
  res.setHeader('Cache-Control', 'no-store');
  await pipeline(Readable.from(linesOf(items)), res as Response).catch(
    error => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') {
        throw error;
      }
    },
  );
}

async function* linesOf(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) {
    yield `${JSON.stringify(item)}\n`;
  }
}
