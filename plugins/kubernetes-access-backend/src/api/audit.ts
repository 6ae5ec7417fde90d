import { ConflictError, NotFoundError } from '@backstage/errors';
import type { Request } from 'express';
import type { EventPlace } from '../audit';
import type { Caller } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import { sendText } from './sendText';
import type { ApiOptions } from './types';

const JSON_LINES = 'application/x-ndjson';

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
    await sendText(
      res,
      JSON_LINES,
      linesOf(archive.events({ chain, after, limit })),
    );
  });

  api.get('/audit/segments', async (req, res) => {
    const caller = await auditorOf(req);
    const { chain } = req.query;
    await demandChain(chain);
    await putOnRecord(caller, 'segments', chain);
    await sendText(res, JSON_LINES, linesOf(archive.segments({ chain })));
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

async function* linesOf(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) {
    yield `${JSON.stringify(item)}\n`;
  }
}
