import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  deniedRequest,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { EndSentence } from './EndSentence';

const ended = {
  phase: 'Revoked',
  endedAt: '2026-11-21T14:32:00.000Z',
  endedBy: 'user:default/olga',
} as const;

async function textOf(request: AccessRequestDetail, isMine = false) {
  const { container } = await renderWithAccess(
    <p data-testid="sentence">
      <EndSentence request={request} isMine={isMine} />
    </p>,
    { api: new FakeKubernetesAccessApi() },
  );
  return container.querySelector('[data-testid=sentence]')?.textContent;
}

describe('how a request ended', () => {
  it.each<[string, AccessRequestDetail, RegExp]>([
    ['the time was up', expiredRequest(), /^Ended at .*: the time was up\.$/],
    [
      'nobody decided',
      waitingRequest({ ...ended, phase: 'Expired', endReason: 'expired' }),
      /^Lapsed at .*: nobody decided in time\.$/,
    ],
    [
      'the cluster was away too long',
      waitingRequest({
        ...ended,
        phase: 'Expired',
        endReason: 'expired',
        decisions: [
          {
            actor: 'user:default/olga',
            verdict: 'approve',
            at: ended.endedAt,
          },
        ],
      }),
      /could not be set up in time\.$/,
    ],
    [
      'it was denied',
      deniedRequest(),
      /^Denied by .*olga: ‘Use staging: .*’$/i,
    ],
    [
      'it was revoked',
      expiredRequest({ ...ended, endReason: 'revoked', endComment: 'Enough.' }),
      /^Ended at .* by .*olga: ‘Enough\.’$/i,
    ],
    [
      'its requester withdrew it',
      waitingRequest({
        ...ended,
        endReason: 'cancelled',
        endedBy: 'user:default/ada',
      }),
      /^Withdrawn by .*ada at .*\.$/i,
    ],
    [
      'somebody deleted its resource',
      expiredRequest({ ...ended, endReason: 'deleted' }),
      /deleted in the cluster, outside of Backstage\.$/,
    ],
    [
      'somebody changed its resource',
      expiredRequest({ ...ended, endReason: 'tampered' }),
      /changed in the cluster, outside of Backstage\.$/,
    ],
    [
      'it never worked',
      expiredRequest({ ...ended, phase: 'Failed', endReason: 'failed' }),
      /^Failed at .*: the access could not be set up\.$/,
    ],
  ])('is told when %s', async (_, request, sentence) => {
    expect(await textOf(request)).toMatch(sentence);
  });

  it('is told to the requester as theirs', async () => {
    expect(await textOf(expiredRequest(), true)).toMatch(/your time was up/);
  });

  it('is not told while it has not ended', async () => {
    expect(await textOf(waitingRequest())).toBe('');
  });
});
