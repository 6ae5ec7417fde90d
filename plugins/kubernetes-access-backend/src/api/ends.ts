import { ConflictError, NotAllowedError } from '@backstage/errors';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Caller } from '../requests';
import { readText } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

const ENDS = {
  cancelled: {
    action: 'cancel',
    refusal: 'Only its requester can withdraw a request',
  },
  revoked: {
    action: 'revoke',
    refusal:
      'Only approvers and admins can revoke a request; its requester ends it by cancelling',
  },
} as const;

export function addEndRoutes(api: Api, options: ApiOptions): void {
  const { endings, gate, names, views } = options;

  api.post('/requests/:id/cancel', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await end(caller, req.params.id, 'cancelled', req.body.comment));
  });

  api.post('/requests/:id/revoke', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await end(caller, req.params.id, 'revoked', req.body.comment));
  });

  /** The framework is not asked: everybody may withdraw what they asked for. */
  async function findToCancel(caller: Caller, id: string) {
    const request = await views.find(caller, id);
    return { request, isAllowed: await gate.may(caller, 'cancel', request) };
  }

  async function end(
    caller: Caller,
    id: string,
    reason: keyof typeof ENDS,
    comment = '',
  ): Promise<AccessRequestDetail> {
    // So that terminals can say who it was; it never rejects, and nobody waits for it.
    names.learn([caller.userRef]);
    const { action, refusal } = ENDS[reason];
    const { request, isAllowed } =
      action === 'revoke'
        ? await views.findFor(caller, action, id)
        : await findToCancel(caller, id);
    if (!isAllowed) {
      throw new NotAllowedError(refusal);
    }
    if (reason === 'revoked' && (await views.canDecide(caller, request))) {
      throw new ConflictError(
        'This request waits for a decision of yours: deny it, and say why',
      );
    }
    const text = readText('comment', comment);
    const ended = await endings.end(id, {
      reason,
      actor: caller.userRef,
      ...(text ? { comment: text } : {}),
    });
    return views.detailOf(caller, ended);
  }
}
